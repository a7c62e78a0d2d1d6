import { XMLSocket } from "/xmlsocket.js"; export class Chat {
    socket;
    name;

    constructor(name) {
        const self = this;
        this.name = name;
        this.socket = new XMLSocket();
        this.socket.onConnect = function(success) { self.connected(success); };
        this.socket.onXML = function(doc) { self.received(doc.firstChild); };
        this.socket.onClose = function() { self.show("* the server is gone"); };
    }

    connect(host, port) {
        this.socket.connect(host, port);
    }

    connected(success) {
        if (!success) { this.show("* there is no server"); return; }
        const doc = document.implementation.createDocument(null, null);
        const join = doc.createElement("join");
        join.setAttribute("name", this.name);
        doc.appendChild(join);
        this.socket.send(doc);
    }

    say(text) {
        const doc = document.implementation.createDocument(null, null);
        const say = doc.createElement("say");
        say.appendChild(doc.createTextNode(text));
        doc.appendChild(say);
        this.socket.send(doc);
    }

    received(node) {
        switch (node.nodeName) {
            case "joined": this.show("* " + node.getAttribute("name") + " is here"); break;
            case "left": this.show("* " + node.getAttribute("name") + " is gone"); break;
            case "said": this.show(node.getAttribute("from") + ": " + node.firstChild.nodeValue); break;
        }
    }

    leave() {
        this.socket.close();
    }

    show(line) {
        document.getElementById("lines").textContent += line + "\n";
    }
}

class Chat {
    private var socket:XMLSocket;
    private var name:String;

    public function Chat(name:String) {
        var self:Chat = this;
        this.name = name;
        this.socket = new XMLSocket();
        this.socket.onConnect = function(success:Boolean):Void { self.connected(success); };
        this.socket.onXML = function(doc:XML):Void { self.received(doc.firstChild); };
        this.socket.onClose = function():Void { self.show("* the server is gone"); };
    }

    public function connect(host:String, port:Number):Void {
        this.socket.connect(host, port);
    }

    public function connected(success:Boolean):Void {
        if (!success) { this.show("* there is no server"); return; }
        var doc:XML = new XML();
        var join:XMLNode = doc.createElement("join");
        join.attributes.name = this.name;
        doc.appendChild(join);
        this.socket.send(doc);
    }

    public function say(text:String):Void {
        var doc:XML = new XML();
        var say:XMLNode = doc.createElement("say");
        say.appendChild(doc.createTextNode(text));
        doc.appendChild(say);
        this.socket.send(doc);
    }

    public function received(node:XMLNode):Void {
        switch (node.nodeName) {
            case "joined": this.show("* " + node.attributes.name + " is here"); break;
            case "left": this.show("* " + node.attributes.name + " is gone"); break;
            case "said": this.show(node.attributes.from + ": " + node.firstChild.nodeValue); break;
        }
    }

    public function leave():Void {
        this.socket.close();
    }

    public function show(line:String):Void {
        _root.lines.text += line + "\n";
    }
}

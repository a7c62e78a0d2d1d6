// A client by npm's `ws`: takes commands from the standard input, tells what happens on the standard
// output, each as one line of JSON.

import { createInterface } from "node:readline";
import WebSocket from "ws";

const [url, ...subprotocols] = process.argv.slice(2);
const socket = new WebSocket(url, subprotocols);
const tell = (event) => process.stdout.write(`${JSON.stringify(event)}\n`);

socket.on("open", () => tell({ open: socket.protocol }));
socket.on("message", (data, isBinary) => {
  tell(isBinary ? { binary: data.toString("base64") } : { text: data.toString() });
});
socket.on("pong", (data) => tell({ pong: data.toString("base64") }));
socket.on("close", (code, reason) => {
  tell({ closed: [code, reason.toString()], wasClean: code !== 1006 });
});
socket.on("error", (error) => tell({ error: error.message }));

const commands = {
  text: (message) => socket.send(message),
  binary: (message) => socket.send(Buffer.from(message, "base64")),
  ping: (payload) => socket.ping(Buffer.from(payload, "base64")),
  close: ([code, reason]) => socket.close(code, reason),
};

createInterface({ input: process.stdin }).on("line", (line) => {
  const [[name, given]] = Object.entries(JSON.parse(line));
  commands[name](given);
});

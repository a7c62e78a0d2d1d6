// A WebSocket bridge with `ws` and `net`: one message is one text frame, both ways.

import net from "node:net";
import { WebSocketServer } from "ws";
import { Messages } from "./messages.mjs";

const [port, daemonPort] = process.argv.slice(2).map(Number);
const server = new WebSocketServer({ host: "127.0.0.1", port, backlog: 4096 });

server.on("connection", (socket) => {
  const daemon = net.connect({ host: "127.0.0.1", port: daemonPort, noDelay: true });
  const messages = new Messages();

  daemon.setEncoding("utf8");
  daemon.on("data", (chunk) => {
    for (const message of messages.split(chunk)) socket.send(message);
  });
  daemon.on("error", () => socket.close(1011));
  daemon.on("close", () => socket.close());

  socket.on("message", (message) => daemon.write(`${message}\0`));
  socket.on("error", () => daemon.destroy());
  socket.on("close", () => daemon.end());
});

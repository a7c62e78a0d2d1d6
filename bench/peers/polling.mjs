// A long-poll bridge with `engine.io` and `net`: one message is one packet, both ways.

import http from "node:http";
import net from "node:net";
import { attach } from "engine.io";
import { Messages } from "./messages.mjs";

const [port, daemonPort] = process.argv.slice(2).map(Number);
const listening = http.createServer().listen({ host: "127.0.0.1", port, backlog: 4096 });
const server = attach(listening, { transports: ["polling"] });

server.on("connection", (socket) => {
  const daemon = net.connect({ host: "127.0.0.1", port: daemonPort, noDelay: true });
  const messages = new Messages();

  daemon.setEncoding("utf8");
  daemon.on("data", (chunk) => {
    for (const message of messages.split(chunk)) socket.send(message);
  });
  daemon.on("error", () => socket.close());
  daemon.on("close", () => socket.close());

  socket.on("message", (message) => daemon.write(`${message}\0`));
  socket.on("close", () => daemon.end());
});

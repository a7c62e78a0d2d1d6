// Echoes each message, by npm's `ws`. Prints its port.

import { WebSocketServer } from "ws";

const server = new WebSocketServer({
  host: "127.0.0.1",
  port: 0,
  // No limit but those of the RFC.
  maxPayload: 0,
  maxFragments: 0,
  maxPendingAutoPongs: 0,
});

server.on("listening", () => console.log(server.address().port));
server.on("connection", (socket) => {
  socket.on("message", (message, binary) => socket.send(message, { binary }));
  socket.on("error", () => {}); // a broken rule: the Close frame says which
});

// Talks to the bridge at argv[2], by the package as it was packed; argv[3] names its transport.

import { XMLSocket } from "xmlsocket-bridge-client";
import { WebSocket } from "ws";

const [base, transport] = process.argv.slice(2);
const socket = new XMLSocket({
  base,
  transports: [transport],
  ...(transport === "websocket" && { WebSocket }),
});
socket.addEventListener("connect", () => socket.send("<ping/>"));
socket.addEventListener("error", ({ text }) => console.error(text));
socket.addEventListener("data", ({ data }) => {
  if (data !== "<pong/>") return;
  console.log(socket.transport, data);
  socket.close();
});
socket.connect("demo");

// What a program in TypeScript writes, and what must be known of it.

import { XMLSocket } from "../../../bridge/web/xmlsocket.js";
import type { CloseEvent, Message, State, Transport } from "../../../bridge/web/xmlsocket.js";

const socket = new XMLSocket({ base: "https://bridge.example.com/", token: async () => "t", reconnect: true });
socket.timeout = 5_000;
socket.onConnect = (success: boolean) => success && socket.send("<a/>");
socket.onXML = (document: XMLDocument) => document.documentElement.nodeName;
socket.onClose = ({ code, willReconnect }: CloseEvent) => [code.length, willReconnect];
socket.addEventListener("data", (event) => {
  const data: Message = event.data;
  const number: number = event.number;
  return [data, number];
});
socket.addEventListener("securityError", ({ text, retryAfterS }) => text.repeat(retryAfterS));
socket.addEventListener("drain", () => socket.send(document.implementation.createDocument(null, "a")), { once: true });
const light: [State, Transport | null] = [socket.state, socket.transport];
export const isUnderWay: boolean = socket.connect("game.example.com", 9339) && light.length > 0;

import { useCallback, useEffect, useRef, useState } from "react";
import { XMLSocket } from "/xmlsocket.js"; // the bridge's; a bundler must leave it as it is

/**
 * A session with `daemon`, open as long as the component is mounted.
 *
 * @param {string} daemon
 * @param {(message: string) => void} onMessage  called with each message; may change
 * @returns {{ state: string, send: (message: string | Document) => number }}
 */
export function useXmlSocket(daemon, onMessage) {
  const [state, setState] = useState("connecting");
  const socket = useRef(null);
  const handler = useRef(onMessage);
  useEffect(() => {
    handler.current = onMessage;
  });
  useEffect(() => {
    const own = new XMLSocket();
    const follow = () => own === socket.current && setState(own.state);
    own.addEventListener("state", follow);
    own.addEventListener("data", ({ data }) => handler.current(data));
    own.connect(daemon);
    socket.current = own;
    return () => own.close();
  }, [daemon]);
  const send = useCallback((message) => socket.current.send(message), []);
  return { state, send };
}

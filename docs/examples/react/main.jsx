import { StrictMode, useState } from "react";
import { createRoot } from "react-dom/client";
import { useXmlSocket } from "./useXmlSocket.js";

function Chat({ daemon }) {
  const [messages, setMessages] = useState([]);
  const { state, send } = useXmlSocket(daemon, (message) => {
    setMessages((before) => [...before, message]);
  });
  return (
    <>
      <p id="state">{state}</p>
      <button disabled={state !== "open"} onClick={() => send("<ping/>")}>
        Ping
      </button>
      <ul>
        {messages.map((message, index) => (
          <li key={index}>{message}</li>
        ))}
      </ul>
    </>
  );
}

createRoot(document.getElementById("root")).render(
  <StrictMode>
    <Chat daemon="demo" />
  </StrictMode>,
);

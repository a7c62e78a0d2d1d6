// A WebSocket of the browser that keeps its events until somebody asks for the next one.

([url, subprotocols]) => {
  const events = [];
  const waiting = [];
  const tell = (event) => (waiting.length ? waiting.shift()(event) : events.push(event));
  const socket = new WebSocket(url, subprotocols);

  socket.binaryType = "arraybuffer";
  socket.onopen = () => tell({ open: socket.protocol });
  socket.onmessage = ({ data }) => {
    const bytes = (buffer) => Array.from(new Uint8Array(buffer), (b) => String.fromCharCode(b));
    tell(typeof data === "string" ? { text: data } : { binary: btoa(bytes(data).join("")) });
  };
  socket.onclose = ({ code, reason, wasClean }) => tell({ closed: [code, reason], wasClean });

  window.talker = {
    next: () => (events.length ? events.shift() : new Promise((resolve) => waiting.push(resolve))),
    text: (message) => socket.send(message),
    binary: (message) => socket.send(Uint8Array.from(atob(message), (char) => char.charCodeAt(0))),
    close: ([code, reason]) => socket.close(code, reason),
  };
}

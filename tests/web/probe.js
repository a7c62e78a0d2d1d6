// Makes an XMLSocket in the page, as window.probe, with a record of all that it tells.
async (options) => {
  const { XMLSocket } = await import("./xmlsocket.js");
  const socket = new XMLSocket(options);
  const told = { connects: [], messages: [], numbers: [], xml: [], errors: [], closes: [], states: [] };
  const probe = { socket, ...told };
  const plain = (data) => (typeof data === "string" ? data : Array.from(data));
  socket.onConnect = (success) => probe.connects.push(success);
  socket.addEventListener("data", ({ data, number }) => {
    probe.messages.push(plain(data));
    probe.numbers.push(number);
  });
  socket.addEventListener("xml", (event) => {
    probe.xml.push(event.document.documentElement.nodeName);
  });
  socket.addEventListener("error", ({ code, number }) => probe.errors.push([code, number]));
  socket.addEventListener("close", ({ code }) => probe.closes.push(code));
  socket.addEventListener("state", () => {
    const now = socket.transport ?? socket.state;
    if (now !== probe.states.at(-1)) probe.states.push(now);
  });
  window.probe = probe;
};

// Each line but the import is an error that TypeScript must find.

import { XMLSocket } from "../../../bridge/web/xmlsocket.js";

new XMLSocket({ transports: ["pigeon"] });
new XMLSocket({ messages: "binary" });
new XMLSocket().connect(9339);
new XMLSocket().addEventListener("message", () => {});
new XMLSocket().addEventListener("data", ({ document }) => document);
new XMLSocket().onConnect = (success: string) => success;
new XMLSocket().state = "open";

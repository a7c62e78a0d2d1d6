/** The page at `/doctor`: examines at once, tells each finding, and has a report to give away. */

import { element } from "../console/element.js";
import { examine } from "./examination.js";
import { conclusion, inWords } from "./finding.js";

/** @typedef {import("./finding.js").Finding} Finding */

// Most proxies that cut quiet connections do so after 30 or 60 seconds.
const QUIET_S = 70;
const BASE = new URL("../", import.meta.url);

/** @type {Record<string, string>} */
const TITLES = {
  terms: "Bridge",
  http: "Requests",
  websocket: "WebSocket",
  stream: "Streams",
  quiet: "Silence",
  client: "Client",
};

const page = {
  conclusion: element("conclusion", HTMLElement),
  findings: element("findings", HTMLOListElement),
  finding: element("finding", HTMLTemplateElement),
  progress: element("progress", HTMLElement),
  report: element("report", HTMLTextAreaElement),
  copy: element("copy", HTMLButtonElement),
  again: element("again", HTMLButtonElement),
};

/** @type {import("./finding.js").Words} */
const words = await (await fetch(new URL("words.json", import.meta.url))).json();

/** @type {Finding[]} */
let findings = [];
let beganAt = new Date();

async function run() {
  page.again.disabled = true;
  page.findings.replaceChildren();
  [findings, beganAt] = [[], new Date()];
  // A test, or somebody in a hurry, may ask for a shorter silence: doctor?quiet=5
  const quietS = Number(new URLSearchParams(location.search).get("quiet") ?? QUIET_S);
  for await (const finding of examine(BASE, quietS)) {
    findings.push(finding);
    page.findings.append(entryOf(finding));
    if (finding.examination === "stream") {
      page.progress.textContent = `Seeing whether a quiet connection lives, which takes ${quietS} s …`;
    }
    if (isEnough()) conclude();
  }
  page.progress.textContent = "";
  page.again.disabled = false;
}

/** Whether it is known what a client will use. */
function isEnough() {
  return findings.some(
    ({ examination, outcome }) =>
      examination === "websocket" || (examination === "terms" && outcome === "fails"),
  );
}

function conclude() {
  const last = conclusion(findings);
  page.conclusion.textContent = inWords(last, words);
  page.conclusion.dataset.outcome = last.outcome;
}

/** @param {Finding} finding */
function entryOf(finding) {
  const entry = /** @type {DocumentFragment} */ (page.finding.content.cloneNode(true));
  const item = /** @type {HTMLLIElement} */ (entry.firstElementChild);
  item.dataset.outcome = finding.outcome;
  const [title, text] = item.children;
  title.textContent = TITLES[finding.examination];
  text.textContent = inWords(finding, words);
  return item;
}

function report() {
  const when = beganAt.toISOString().slice(0, 16).replace("T", " ");
  const head = [`xmlsocket-bridge doctor: ${BASE}, ${when} UTC`, navigator.userAgent];
  const lines = [...findings, conclusion(findings)].map(
    (finding) => `${TITLES[finding.examination]}: ${inWords(finding, words)}`,
  );
  return [...head, ...lines].join("\n");
}

// The clipboard's newer interface is there for secure pages alone, and this one may be read by http.
page.copy.addEventListener("click", () => {
  page.report.value = report();
  page.report.hidden = false;
  page.report.select();
  document.execCommand("copy");
});
page.again.addEventListener("click", () => void run());
void run();

/** The plot of how long messages took, and its figures. */

import { toDuration } from "./display.js";
import { Axis } from "./latency.js";

/** @typedef {import("./latency.js").Latency} Latency */
/** @typedef {import("./latency.js").Time} Time */

const SVG = "http://www.w3.org/2000/svg";
const STEP_PX = 8;
const EDGE_PX = 6;
const LABELS_PX = 52;
const TEXT_PX = 3;

/** @type {[Time, string][]} drawn in this order, the last one on top */
const SERIES = [
  ["acceptedMs", "accepted"],
  ["answeredMs", "answered"],
];

export class LatencyPlot {
  #latency;
  #plot;
  #words;

  /**
   * @param {Latency} latency
   * @param {SVGSVGElement} plot
   * @param {{ answered: HTMLElement, accepted: HTMLElement }} words  of each series
   */
  constructor(latency, plot, words) {
    this.#latency = latency;
    this.#plot = plot;
    this.#words = words;
    new ResizeObserver(() => this.draw()).observe(plot);
  }

  draw() {
    const answered = this.#latency.figures("answeredMs");
    const accepted = this.#latency.figures("acceptedMs");
    this.#words.answered.textContent = inWords(answered);
    this.#words.accepted.textContent = inWords(accepted);
    const known = [answered, accepted].filter((figures) => figures !== null);
    if (known.length === 0) return this.#plot.replaceChildren();
    const axis = new Axis(
      Math.min(...known.map(({ leastMs }) => leastMs)),
      Math.max(...known.map(({ mostMs }) => mostMs)),
    );
    const { width, height } = this.#plot.getBoundingClientRect();
    const yOf = (/** @type {number} */ ms) =>
      height - EDGE_PX - axis.place(ms) * (height - 2 * EDGE_PX);
    const series = SERIES.map(([time, name]) => this.#series(time, name, width, yOf));
    this.#plot.replaceChildren(...axis.ticksMs.map((ms) => tick(ms, width, yOf(ms))), ...series);
  }

  /**
   * One dot for each message, at the right the latest, joined where neighbours are known.
   *
   * @param {Time} time
   * @param {string} name
   * @param {number} width
   * @param {(ms: number) => number} yOf
   */
  #series(time, name, width, yOf) {
    const room = Math.max(1, Math.floor((width - LABELS_PX) / STEP_PX));
    const sent = this.#latency.sent.slice(-room);
    const group = make("g", { class: name });
    let line = "";
    let isJoined = false;
    for (const [index, { [time]: ms }] of sent.entries()) {
      if (ms !== null) {
        const x = (width - EDGE_PX - (sent.length - 1 - index) * STEP_PX).toFixed(1);
        const y = yOf(ms).toFixed(1);
        line += `${isJoined ? "L" : "M"}${x} ${y}`;
        group.append(make("circle", { cx: x, cy: y, r: "2" }));
      }
      isJoined = ms !== null;
    }
    group.prepend(make("path", { d: line }));
    return group;
  }
}

/** @param {import("./latency.js").Figures | null} figures */
function inWords(figures) {
  if (!figures) return "none yet";
  return `median ${toDuration(figures.medianMs)}, 95 % within ${toDuration(figures.highMs)}`;
}

/**
 * @param {number} ms
 * @param {number} width
 * @param {number} y
 */
function tick(ms, width, y) {
  const group = make("g", { class: "tick" });
  const label = make("text", { x: String(LABELS_PX - EDGE_PX), y: (y + TEXT_PX).toFixed(1) });
  label.textContent = toDuration(ms);
  group.append(label, make("path", { d: `M${LABELS_PX} ${y.toFixed(1)}H${width}` }));
  return group;
}

/**
 * @param {string} name
 * @param {Record<string, string>} attributes
 */
function make(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

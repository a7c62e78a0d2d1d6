/** The list of messages on the page. Text of messages goes in as text, never as markup. */

import { sizeOf, toSize, toTime, toVisible } from "./display.js";

/** @typedef {import("../client/framing.js").Message} Message */

// As many as one may want to look back on; a busy game sends more than any page could show.
const MOST_ENTRIES = 1_000;
// Within this distance of the end, the list is taken to be followed.
const NEAR_END_PX = 40;

export class Journal {
  #list;
  #template;
  #latest;
  #isFollowed = true;
  // Messages sent that are not acknowledged yet, by their numbers, in order.
  /** @type {Map<number, HTMLLIElement>} */
  #pending = new Map();

  /**
   * @param {HTMLOListElement} list
   * @param {HTMLTemplateElement} template  of one entry
   * @param {HTMLButtonElement} latest  leads to the end of the list
   */
  constructor(list, template, latest) {
    this.#list = list;
    this.#template = template;
    this.#latest = latest;
    list.addEventListener("scroll", () => this.#look());
    latest.addEventListener("click", () => this.#follow());
  }

  /**
   * @param {Message} message
   * @param {number} number
   */
  received(message, number) {
    this.#add("received", "↓", "received", message, number);
  }

  /**
   * @param {Message} message
   * @param {number} number
   */
  sent(message, number) {
    const entry = this.#add("sent", "↑", "sent", message, number);
    this.#mark(entry, "pending", "on the way");
    this.#pending.set(number, entry);
  }

  /** @param {number} number  up to which the bridge has accepted what was sent */
  acknowledged(number) {
    for (const [sent, entry] of this.#pending) {
      if (sent > number) break;
      if (entry.dataset.mark === "pending") this.#mark(entry, "accepted", "accepted");
      this.#pending.delete(sent);
    }
  }

  /**
   * @param {number} number
   * @param {string} reason
   */
  refused(number, reason) {
    const entry = this.#pending.get(number);
    if (entry) this.#mark(entry, "refused", "refused");
    this.note(`Message ${number} was refused: ${reason}`, "bad");
  }

  /** No acknowledgement will come any more. */
  ended() {
    for (const entry of this.#pending.values()) this.#mark(entry, "lost", "not confirmed");
    this.#pending.clear();
  }

  /**
   * @param {string} text
   * @param {"good" | "bad" | "plain"} [mood]
   */
  note(text, mood = "plain") {
    const entry = this.#entry("note");
    entry.dataset.mood = mood;
    part(entry, "code").textContent = text;
    this.#append(entry);
  }

  clear() {
    this.#list.replaceChildren();
    this.#follow();
  }

  /**
   * @param {string} kind
   * @param {string} arrow
   * @param {string} label  the arrow's meaning, for those who do not see it
   * @param {Message} message
   * @param {number} number
   */
  #add(kind, arrow, label, message, number) {
    const entry = this.#entry(kind);
    const direction = part(entry, ".direction");
    direction.textContent = arrow;
    direction.setAttribute("aria-label", label);
    direction.setAttribute("role", "img");
    part(entry, ".number").textContent = `#${number}`;
    part(entry, ".size").textContent = toSize(sizeOf(message));
    part(entry, "code").textContent = toVisible(message);
    this.#append(entry);
    return entry;
  }

  /** @param {string} kind */
  #entry(kind) {
    const copy = /** @type {DocumentFragment} */ (this.#template.content.cloneNode(true));
    const entry = /** @type {HTMLLIElement} */ (copy.firstElementChild);
    const now = new Date();
    const time = /** @type {HTMLTimeElement} */ (part(entry, "time"));
    time.dateTime = now.toISOString();
    time.textContent = toTime(now);
    entry.className = kind;
    return entry;
  }

  /** @param {HTMLLIElement} entry */
  #append(entry) {
    this.#list.append(entry);
    if (this.#list.childElementCount > MOST_ENTRIES) this.#list.firstElementChild?.remove();
    if (this.#isFollowed) this.#follow();
  }

  /**
   * @param {HTMLLIElement} entry
   * @param {string} mark
   * @param {string} label
   */
  #mark(entry, mark, label) {
    entry.dataset.mark = mark;
    part(entry, ".mark").textContent = label;
  }

  #follow() {
    this.#list.scrollTop = this.#list.scrollHeight;
    this.#look();
  }

  #look() {
    const { scrollHeight, scrollTop, clientHeight } = this.#list;
    this.#isFollowed = scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
    this.#latest.hidden = this.#isFollowed;
  }
}

/**
 * @param {HTMLElement} entry
 * @param {string} selector
 */
function part(entry, selector) {
  return /** @type {HTMLElement} */ (entry.querySelector(selector));
}

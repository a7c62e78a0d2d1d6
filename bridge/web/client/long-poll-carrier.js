/**
 * Carries a session by HTTP requests: one that waits for messages, and one at a time that sends.
 *
 * Both can be repeated safely. A receive says what has arrived, so the bridge gives the rest again;
 * a send says its first number, so the bridge skips what it has. Any request that fails therefore
 * just ends the attempt, and the next one does the same over again.
 */

import { brokenBy, LEFT } from "./outcome.js";
import { Pause } from "./pause.js";
import { judge } from "./reply.js";
import { SLOW_PAUSE_S } from "./times.js";

/** @typedef {import("./carried.js").Carried} Carried */
/** @typedef {import("./framing.js").Message} Message */
/** @typedef {import("./outcome.js").Outcome} Outcome */
/** @typedef {import("./reply.js").Reply} Reply */
/** @typedef {import("./session.js").Session} Session */

export class LongPollCarrier {
  /** A poll's answer has made the round trip. */
  isProven = true;

  #carried;
  #session;
  #isWorking = false;
  #isLeaving = false;
  #isEnding = false;
  #isResting = false;
  #onRest = () => {};
  #abort = new AbortController();
  #senderPause = new Pause();

  /**
   * @param {Carried} carried
   * @param {Session} session
   */
  constructor(carried, session) {
    this.#carried = carried;
    this.#session = session;
  }

  /**
   * Carries until a request fails; resolves when no request is under way any more.
   *
   * @returns {Promise<Outcome>}
   */
  async run() {
    this.#session.outbox.resume();
    const loops = [this.#receiveAll(), this.#sendAll()].map((loop) => loop.catch(brokenBy));
    const outcome = await Promise.race(loops);
    this.#abort.abort();
    this.leave();
    await Promise.all(loops);
    return outcome;
  }

  /** Sends what waits in the outbox. */
  flush() {
    this.#senderPause.wake();
  }

  /** Sends no more until `goOn()`, but still receives; resolves once no send is under way. */
  rest() {
    this.#isResting = true;
    this.#senderPause.wake();
    return /** @type {Promise<void>} */ (new Promise((resolve) => (this.#onRest = resolve)));
  }

  goOn() {
    this.#isResting = false;
    this.#senderPause.wake();
  }

  /**
   * Gives the connection up; the session stays. A send under way is let through first: only its own
   * answer tells of every refusal.
   */
  leave() {
    this.#isLeaving = true;
    this.#senderPause.wake();
  }

  /** Gives the connection up once all that waits is accepted; the session has yet to be ended. */
  end() {
    this.#isEnding = true;
    this.goOn();
  }

  /** Nothing to be done: requests have limits of their own. */
  look() {}

  /** Gives the connection up at once; returns that the session has yet to be ended. */
  cut() {
    this.#abort.abort();
    this.leave();
    return false;
  }

  /** @returns {Promise<Outcome>} */
  async #receiveAll() {
    // The first one comes back at once: it shows whether requests get through at all.
    let waitS = 0;
    for (;;) {
      const outcome = await this.#receive(waitS);
      if (outcome) return outcome;
      waitS = this.#session.opening.wait_s;
    }
  }

  /**
   * @param {number} waitS
   * @returns {Promise<Outcome | null>}
   */
  async #receive(waitS) {
    const { endpoint, codec } = this.#carried;
    const reply = await endpoint.receive(this.#session, waitS, this.#abort.signal);
    // Given up meanwhile: what came is given again to the next receiver.
    if (this.#abort.signal.aborted) return LEFT;
    if (!hasArrived(reply)) return judge(reply, this.#isWorking);
    if (!this.#isWorking) this.#begin();
    takeMessages(reply, this.#session, codec);
    return null;
  }

  #begin() {
    this.#isWorking = true;
    this.#carried.onWorking("long-poll");
    this.#carried.onProven("long-poll");
  }

  /** @returns {Promise<Outcome>} */
  async #sendAll() {
    while (!this.#isLeaving) {
      const outcome = this.#isResting ? await this.#stayAtRest() : await this.#sendNext();
      if (outcome) return outcome;
    }
    return LEFT;
  }

  /** Tells that no send is under way, and waits. */
  async #stayAtRest() {
    this.#onRest();
    await this.#senderPause.wait();
  }

  /** Sends what waits, or waits for something to send. */
  async #sendNext() {
    const { first, messages } = this.#session.outbox.take();
    if (messages.length > 0) return this.#send(first, messages);
    if (this.#isEnding) this.leave();
    else await this.#senderPause.wait();
  }

  /**
   * @param {number} first
   * @param {Message[]} messages
   * @returns {Promise<Outcome | null>}
   */
  async #send(first, messages) {
    const { endpoint, codec } = this.#carried;
    const body = codec.encode(messages);
    this.#carried.onProgress();
    const reply = await endpoint.send(this.#session, first, body, this.#abort.signal);
    this.#settle(reply);
    const { status, ack, document, retryAfterS } = reply;
    if ((status === 204 && ack !== null) || isRefusal(document)) return null;
    if (document.code === "slow-daemon" || document.code === "rate-limited") {
      await this.#senderPause.wait((retryAfterS || SLOW_PAUSE_S) * 1000);
    } else if (document.code === "ended") {
      // What the daemon sent before the end is still to be received, and then the reason.
      await this.#senderPause.wait();
    } else {
      return judge(reply, this.#isWorking);
    }
    return null;
  }

  /**
   * Takes from an answer what was accepted and what was refused; the rest is to be sent again.
   *
   * @param {Reply} reply
   */
  #settle({ ack, document }) {
    const { outbox } = this.#session;
    if (ack !== null) outbox.acknowledge(ack);
    if (isRefusal(document)) {
      this.#session.refuse(document);
      outbox.acknowledge(document.message);
    }
    outbox.resume();
    this.#carried.onProgress();
  }
}

/**
 * Whether the answer to a receive is the bridge's own, with or without messages.
 *
 * @param {Reply} reply
 */
const hasArrived = ({ status, first, ack }) =>
  (status === 200 && first !== null) || (status === 204 && ack !== null);

/**
 * @param {Reply} reply
 * @param {Session} session
 * @param {import("./framing.js").Codec} codec
 */
function takeMessages({ first, body }, session, codec) {
  if (first !== null) session.receive(first, codec.decode(body));
}

/**
 * Asks the bridge how a session stands.
 *
 * @param {import("./carried.js").Settings} settings
 * @param {Session} session
 * @returns {Promise<Outcome | null>} `null` when it goes on
 */
export async function inquire({ endpoint, codec }, session) {
  const reply = await endpoint.receive(session, 0);
  if (!hasArrived(reply)) return judge(reply, false);
  takeMessages(reply, session, codec);
  return null;
}

/** @param {any} document */
const isRefusal = ({ message }) => Number.isSafeInteger(message);

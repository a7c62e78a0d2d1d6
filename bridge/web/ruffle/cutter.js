/**
 * A movie's byte stream, cut into messages. Pure: bytes in, texts out.
 */

export class Cutter {
  #maxMessageBytes;
  #decoder = newDecoder();
  // Of the message that has not ended yet.
  #text = "";
  #size = 0;

  /** @param {number} maxMessageBytes  zero byte not counted */
  constructor(maxMessageBytes) {
    this.#maxMessageBytes = maxMessageBytes;
  }

  /**
   * Takes bytes, and yields the messages that they complete, without their zero bytes. After an
   * error it is of no use any more; the messages before have been yielded by then.
   *
   * @param {Uint8Array} bytes  not kept
   * @returns {Generator<string, void>}
   * @throws {RangeError} when a message is longer than it may be, as soon as that is seen
   * @throws {TypeError} when it is not UTF-8
   */
  *feed(bytes) {
    let start = 0;
    for (let end = bytes.indexOf(0); end >= 0; end = bytes.indexOf(0, start)) {
      this.#hold(bytes.subarray(start, end));
      yield this.#take();
      start = end + 1;
    }
    this.#hold(bytes.subarray(start));
  }

  /** @param {Uint8Array} piece */
  #hold(piece) {
    this.#size += piece.length;
    if (this.#size > this.#maxMessageBytes) {
      throw new RangeError(`a message may have ${this.#maxMessageBytes} bytes at most`);
    }
    this.#text += this.#decoder.decode(piece, { stream: true });
  }

  #take() {
    const message = this.#text + this.#decoder.decode();
    this.#text = "";
    this.#size = 0;
    return message;
  }
}

// A byte order mark belongs to the message that begins with it.
const newDecoder = () => new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

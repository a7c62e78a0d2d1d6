// The messages in a daemon's stream, each of which ends with a zero byte.

export class Messages {
  #rest = "";

  // The messages that are complete with this chunk; what follows the last one waits for the next.
  split(chunk) {
    const pieces = (this.#rest + chunk).split("\0");
    this.#rest = pieces.pop();
    return pieces;
  }
}

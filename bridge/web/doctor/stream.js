/**
 * Whether a stream arrives while it is being written: judged by when its pieces came. Pure.
 *
 * @typedef {object} Piece
 * @property {number} endBytes  where in the stream it ends
 * @property {number} writtenMs  when it was written, by the bridge's clock
 * @property {number} cameMs  when it came, by ours
 */

/** @typedef {import("./finding.js").Finding} Finding */

// Where half of the pieces are later than this, somebody holds them back: one that stumbles now and
// then is late with a few.
const AT_ONCE_MS = 100;
// A first piece that comes so near to the end of the stream came with it.
const AT_THE_END_MS = 250;
// Pieces that come closer to each other than this came together; they are written at three times
// that distance.
const TOGETHER_MS = 5;

/**
 * The piece that was least late tells how the clocks differ.
 *
 * @param {Piece[]} pieces
 * @returns {Finding}
 */
export function judged(pieces) {
  const examination = "stream";
  if (pieces.length === 0) {
    return { examination, outcome: "fails", figures: { detail: "it is empty" } };
  }
  const latenesses = pieces.map((piece) => piece.cameMs - piece.writtenMs);
  const clocksMs = Math.min(...latenesses);
  const [first, last] = [pieces[0], pieces[pieces.length - 1]];
  const lateMs = latenesses.sort((one, other) => one - other)[latenesses.length >> 1] - clocksMs;
  if (lateMs < AT_ONCE_MS) return { examination, outcome: "works" };
  if (first.cameMs - clocksMs >= last.writtenMs - AT_THE_END_MS) {
    return { examination, outcome: "held" };
  }
  return { examination, outcome: "buffered", figures: { bytes: mostTogether(pieces) } };
}

/** @param {Piece[]} pieces  @returns {number} the bytes that came at once, at the most */
function mostTogether(pieces) {
  let most = 0;
  let began = 0;
  pieces.forEach((piece, index) => {
    const before = pieces[index - 1];
    if (before && piece.cameMs - before.cameMs > TOGETHER_MS) began = before.endBytes;
    most = Math.max(most, piece.endBytes - began);
  });
  return most;
}

/** What a page is told when its session, or one message, came to nothing. */

/** The codes of what ActionScript would call a breach of security. */
export const SECURITY = ["unauthenticated", "origin-denied", "not-allowed", "no-credential"];

/** The codes after which another session would come to the same end. */
export const FINAL = [...SECURITY, "kicked", "unknown-daemon", "websocket-failed", "client-closed"];

/**
 * @param {{ code: string, detail: string, retryAfterS?: number }} reason
 * @param {number | null} [number]  of the message refused, if it is one
 */
export const failure = ({ code, detail, retryAfterS = 0 }, number = null) => ({
  code,
  detail,
  text: `${code}: ${detail}`,
  number,
  retryAfterS,
});

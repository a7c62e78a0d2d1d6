/**
 * What the doctor found, and what that means in plain words. Pure.
 *
 * @typedef {object} Finding
 * @property {string} examination
 * @property {string} outcome
 * @property {Record<string, string | number>} [figures]  those that its words speak of
 */

/** @typedef {Record<string, Record<string, string>>} Words  by examination and outcome */

/** @param {Finding} finding  @param {Words} words */
export function inWords({ examination, outcome, figures = {} }, words) {
  return words[examination][outcome].replace(/\{(\w+)\}/g, (_, name) => String(figures[name]));
}

/**
 * What a client will use, going by the others.
 *
 * @param {Finding[]} findings
 * @returns {Finding}
 */
export function conclusion(findings) {
  const works = findings.filter(({ outcome }) => outcome === "works");
  const does = (/** @type {string} */ name) => works.some(({ examination }) => examination === name);
  const outcome = does("websocket") ? "websocket" : does("http") ? "long-poll" : "nothing";
  return { examination: "client", outcome };
}

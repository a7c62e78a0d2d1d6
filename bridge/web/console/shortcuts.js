/**
 * The keys: what each does, for the page and for its help. Pure, but for `listen`.
 *
 * A single letter is a key to press by mistake, or by voice, so they can be switched off (WCAG 2.1.4).
 */

/**
 * @typedef {object} Shortcut
 * @property {string} key  as the browser names it
 * @property {string} shown
 * @property {string} does
 * @property {boolean} [isLocal]  whether the part that has the focus sees to it, not the page
 */

/** @type {Shortcut[]} */
export const SHORTCUTS = [
  { key: "/", shown: "/", does: "Search" },
  { key: "m", shown: "M", does: "Write a message" },
  { key: "l", shown: "L", does: "Go to the list of messages" },
  { key: "d", shown: "D", does: "Show one direction, the other, then both" },
  { key: "e", shown: "E", does: "Show errors alone, then closes, then all" },
  { key: "r", shown: "R", does: "Show the chosen message raw, or as a tree" },
  { key: "f", shown: "F", does: "Fold or unfold the chosen message" },
  { key: "t", shown: "T", does: "Change the theme: as the system, light, dark" },
  { key: "?", shown: "?", does: "Show this help" },
  { key: "ArrowDown", shown: "↑ ↓", does: "In the list: choose a message", isLocal: true },
  { key: "End", shown: "Home End", does: "In the list: the first and the latest", isLocal: true },
  { key: "Enter", shown: "Enter", does: "In the list: read the message chosen", isLocal: true },
  { key: "Escape", shown: "Esc", does: "Close the message, or this help", isLocal: true },
  { key: "Enter", shown: "Enter", does: "While writing: send; with Shift a new line", isLocal: true },
];

/**
 * The key of the shortcut that was pressed, `null` where the key is meant for something else.
 *
 * @param {{ key: string, ctrlKey: boolean, metaKey: boolean, altKey: boolean, isComposing: boolean }} event
 * @param {boolean} isTyping  whether the focus is where letters are written
 */
export function pressed({ key, ctrlKey, metaKey, altKey, isComposing }, isTyping) {
  if (isTyping || ctrlKey || metaKey || altKey || isComposing) return null;
  const found = SHORTCUTS.find((shortcut) => !shortcut.isLocal && shortcut.key === key.toLowerCase());
  return found?.key ?? null;
}

/**
 * @param {Record<string, () => void>} actions  by key
 * @param {() => boolean} areOn
 */
export function listen(actions, areOn) {
  document.addEventListener("keydown", (event) => {
    const { target } = event;
    const isTyping = target instanceof Element && target.closest("input:not([type=radio], [type=checkbox]), textarea, select, dialog");
    const key = pressed(event, Boolean(isTyping));
    if (key === null || !areOn()) return;
    event.preventDefault();
    actions[key]();
  });
}

/** Dark or light: as the system has it, unless somebody chose. Loaded before the page is drawn. */

import { recall, remember } from "./memory.js";

/** @typedef {"system" | "light" | "dark"} Theme */

const NAME = "theme";
/** @type {Theme[]} */
const THEMES = ["system", "light", "dark"];

/** @type {Theme} */
let chosen = THEMES.find((name) => name === recall(NAME)) ?? "system";

/** The one chosen. */
export const theme = () => chosen;

/** Chooses the next, and remembers it. */
export function changeTheme() {
  chosen = THEMES[(THEMES.indexOf(chosen) + 1) % THEMES.length];
  remember(NAME, chosen);
  apply();
}

function apply() {
  document.documentElement.dataset.theme = chosen;
}

apply();

/** The parts of a page, by their ids. */

/**
 * @template {Element} T
 * @param {string} id
 * @param {new () => T} type
 * @returns {T}
 */
export function element(id, type) {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new TypeError(`the page has no ${type.name} #${id}`);
  return found;
}

/**
 * The one element of a radio group that is chosen.
 *
 * @param {HTMLElement} group
 */
export function chosenOf(group) {
  return /** @type {HTMLInputElement} */ (group.querySelector("input:checked")).value;
}

/**
 * Chooses the next of a radio group, as a person does who clicks it.
 *
 * @param {HTMLElement} group
 */
export function chooseNext(group) {
  const inputs = [...group.getElementsByTagName("input")];
  const next = (inputs.findIndex(({ checked }) => checked) + 1) % inputs.length;
  inputs[next].click();
}

/**
 * Which transport got through last, kept for the pages to come: behind a proxy that swallows
 * WebSockets the first one alone has to find that out.
 */

/** @typedef {import("./xmlsocket.js").Transport} Transport */

export class Memory {
  #key;
  #storage;

  /**
   * @param {string} bridge  its address
   * @param {Storage | null} [storage]  left out: the page's own, where it may have one
   */
  constructor(bridge, storage) {
    this.#key = `xmlsocket ${bridge}`;
    this.#storage = storage;
  }

  /** @returns {Transport | null} */
  get transport() {
    return this.#use((storage) => /** @type {Transport | null} */ (storage.getItem(this.#key)));
  }

  /** @param {Transport | null} transport  `null`: nothing is known any more */
  set transport(transport) {
    this.#use((storage) =>
      transport ? storage.setItem(this.#key, transport) : storage.removeItem(this.#key),
    );
  }

  /**
   * Without storage, or where looking at it is forbidden already, nothing is remembered.
   *
   * @template T
   * @param {(storage: Storage) => T} access
   */
  #use(access) {
    try {
      const storage = this.#storage === undefined ? globalThis.localStorage : this.#storage;
      return storage ? access(storage) : null;
    } catch {
      return null;
    }
  }
}

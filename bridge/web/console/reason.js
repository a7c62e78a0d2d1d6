/**
 * Why something failed, in the words of whoever raised it and without the name of its class.
 *
 * @param {unknown} error
 */
export const reason = (error) => (error instanceof Error ? error.message : String(error));

/** The two ways in which the other side can break the contract, by what is left of the session. */

/** What came cannot be understood. The session can go on, but over another connection. */
export class GarbledError extends Error {}

/** Messages are missing that will not come again: the session cannot keep its promise any more. */
export class GapError extends Error {}

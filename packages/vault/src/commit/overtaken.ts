/** Thrown when a page went while it was read: refresh and start again. */
export class Overtaken extends Error {}

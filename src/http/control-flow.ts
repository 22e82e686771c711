import { ownFact } from "./own-fact.js";

/**
 * Whether a framework ends the rendering of a page with this error, from `fetch` or from a function
 * that reads a cookie. Next.js and React know their own by `digest`, and nobody may wrap them.
 */
export const isControlFlow = (error: unknown): boolean =>
  typeof ownFact(error, "digest") === "string";

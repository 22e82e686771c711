import { isObject, type Json, type JsonObject } from "../../lib/json.js";

/** The same thing in the document before and in the one after. */
export interface Both<T = Json | undefined> {
  readonly before: T;
  readonly after: T;
}

export const areObjects = (both: Both): both is Both<JsonObject> =>
  isObject(both.before) && isObject(both.after);

/** A key from the outside, such as `toString`, must not find what every object inherits. */
export const own = (object: JsonObject, key: string): Json | undefined =>
  Object.hasOwn(object, key) ? object[key] : undefined;

export const at = ({ before, after }: Both<JsonObject>, key: string): Both => ({
  before: own(before, key),
  after: own(after, key),
});

/** The keys of both, each once. */
export const keysOf = ({ before, after }: Both<JsonObject>): Set<string> =>
  new Set([...Object.keys(before), ...Object.keys(after)]);

/** Equal values, whatever the order of keys; `follow` may name what equal strings stand for. */
export function equal(whole: Both, follow?: (text: string) => Both | undefined): boolean {
  // A list, because references can be chained deeper than the stack.
  const pending = [whole];
  for (let both = pending.pop(); both !== undefined; both = pending.pop()) {
    const { before, after } = both;
    if (before === after) {
      const meant = typeof before === "string" ? follow?.(before) : undefined;
      if (meant) pending.push(meant);
    } else if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
      before.forEach((item, index) => pending.push({ before: item, after: after[index] }));
    } else if (areObjects(both)) {
      for (const key of keysOf(both)) pending.push(at(both, key));
    } else return false;
  }
  return true;
}

import { isObject, type Json, type JsonObject } from "../../lib/json.js";
import { areObjects, at, type Both, keysOf } from "./both.js";
import type { Direction, Fact } from "./bump-rules.js";
import type { References } from "./references.js";

/** A kind of object in OpenAPI 3.0, such as an operation or a schema. */
export interface Kind {
  /** The content of its keys. Any other key holds a value without structure. */
  readonly fields: Readonly<Record<string, Field>>;
  /** A Reference Object may stand for it (section 4.7.23). */
  readonly referable?: true;
  /** Compared once, however many places refer to it. */
  readonly shared?: true;
  /** Keys that are compared before (-1) or after (1) the others. */
  readonly rank?: Readonly<Record<string, number>>;
  /** Differences that are in no key. */
  readonly differences?: readonly Difference[];
}

export type Field = Children | Reading;

/** The objects that a key holds: their pairing, their places, and how one comes and goes. */
export interface Children {
  readonly pairing: Pairing;
  /** Without a kind, a child is compared as a whole. */
  readonly kind?: Kind | ((child: Child) => Kind);
  /** The place of a child in an object at `path`. */
  readonly place: (path: string, child: Child) => string;
  /** Its name in the rules, if it can come and go. */
  readonly thing?: string;
  /** A value to show of a child that came or went. */
  readonly shows?: (child: Child) => Json | undefined;
  /** The fact of a value that differs; with it, a child that is no object comes and goes as one that is. */
  readonly changed?: (name: string) => Fact;
  /** The place of `x-…` keys among the children, which are values (section 4.9). */
  readonly extensions?: (path: string) => string;
  readonly direction?: Direction;
  /** The child is the schema of a body, whose places follow this. */
  readonly separator?: string;
  /** A child that was shown elsewhere is not shown again. */
  readonly once?: true;
}

export interface Child extends Both {
  readonly name: string;
  /** Its name after, if that is another. */
  readonly nameAfter?: string;
  readonly need?: "required" | "optional";
}

export interface Difference {
  readonly fact: Fact;
  /** Continues the fact's words, such as " from string to integer". */
  readonly particulars?: string;
  /** Its place, if that is not the object itself. */
  readonly place?: (path: string) => string;
}

/** The surroundings of a value. */
export interface Context {
  readonly parents: Both<JsonObject>;
  readonly references: References;
}

/** Pairs the children in two values; undefined if one value is not as OpenAPI has it. */
export type Pairing = (both: Both, context: Context) => Child[] | undefined;

/** Compares two values; undefined if one of them is not as OpenAPI has it. */
export type Reading = (both: Both, context: Context) => Difference[] | undefined;

/** A child that may come and go. */
export const single: Pairing = (both) => [{ name: "", ...both }];

/** A child that is compared only if both objects have it. */
export const part: Pairing = (both) => (areObjects(both) ? [{ name: "", ...both }] : undefined);

/** Children by their key. */
export const entries: Pairing = ({ before = {}, after = {} }) => {
  const both = { before, after };
  if (!areObjects(both)) return undefined;
  return [...keysOf(both)].map((name) => ({ name, ...at(both, name) }));
};

/** Children in a list, each with a name of its own; references are followed. */
export const named =
  (nameOf: (item: JsonObject, side: keyof Both) => string | undefined): Pairing =>
  (both, { references }) => {
    const [before, after] = (["before", "after"] as const).map((side) =>
      keyed(both[side], (item) => nameOf(references[side].resolve(item), side)),
    );
    if (!before || !after) return undefined;
    const names = new Set([...before.keys(), ...after.keys()]);
    return [...names].map((name) => ({ name, before: before.get(name), after: after.get(name) }));
  };

/** Undefined if an item is no object, has no key, or shares its key with another. */
export function keyed(
  list: Json = [],
  keyOf: (item: JsonObject) => string | undefined,
): Map<string, JsonObject> | undefined {
  if (!Array.isArray(list)) return undefined;
  const map = new Map<string, JsonObject>();
  for (const item of list) {
    const key = isObject(item) ? keyOf(item) : undefined;
    if (key === undefined || !isObject(item) || map.has(key)) return undefined;
    map.set(key, item);
  }
  return map;
}

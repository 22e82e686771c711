import { isObject, type Json, type JsonObject, type Path } from "../../lib/json.js";
import type { Type } from "../../lib/old-openapi.js";
import type { Leniency } from "../leniency.js";
import type { Compositions } from "./compositions.js";

/** The parts of the walk know, note and hand on by this. */
export interface Context {
  readonly document: JsonObject;
  /** The ids that more than one operation has. */
  readonly repeatedIds: ReadonlySet<string>;
  readonly compositions: Compositions;
  note(path: Path, fault: Leniency, offending?: Json): void;
  /** The value set right, or undefined to leave it out. */
  mend(type: Type, value: Json, path: Path): Json | undefined;
}

/** The object with each value as it is to be; undefined leaves it out. */
export const withEntries = (
  object: JsonObject,
  mended: (key: string, value: Json) => Json | undefined | void,
): JsonObject =>
  Object.fromEntries(
    Object.entries(object).flatMap(([key, value]) => {
      const result = mended(key, value);
      return result === undefined ? [] : [[key, result]];
    }),
  );

export function holdsReference(value: Json): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (isObject(value) && Object.hasOwn(value, "$ref")) return true;
  return Object.values(value).some(holdsReference);
}

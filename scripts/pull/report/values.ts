import type { Json } from "../../lib/json.js";
import { equal } from "./both.js";
import type { Fact } from "./bump-rules.js";
import type { Difference, Reading } from "./kinds.js";
import { fromTo, show } from "./wording.js";

/** The meaning of an absent key (OpenAPI 3.0, sections 4.7.12, 4.7.13 and 4.7.24). */
const absent = new Map<string, Json>(
  [
    ...["required", "deprecated", "allowEmptyValue", "allowReserved"],
    ...["nullable", "readOnly", "writeOnly"],
    ...["exclusiveMinimum", "exclusiveMaximum", "uniqueItems"],
  ].map((key) => [key, false]),
);

/** Keys whose list has no order. */
const unordered = new Set(["tags", "type"]);

/** A value in which no structure matters. */
export const value =
  (key: string): Reading =>
  ({ before = absent.get(key), after = absent.get(key) }, { references }) => {
    const isEqual = unordered.has(key)
      ? equal({ before: sorted(before), after: sorted(after) })
      : references.equal({ before, after });
    return isEqual ? [] : [{ fact: `${key} changed`, particulars: fromTo({ before, after }) }];
  };

/** Says of each value that only the first list has it. */
export function onlyIn(list: readonly Json[], other: readonly Json[], fact: Fact): Difference[] {
  const known = new Set(other.map((value) => JSON.stringify(value)));
  return list
    .filter((value) => !known.has(JSON.stringify(value)))
    .map((value) => ({ fact, particulars: `: ${show(value)}` }));
}

const sorted = (list: Json | undefined): Json | undefined =>
  Array.isArray(list) ? list.map((item) => JSON.stringify(item)).sort() : list;

import type { JsonObject, Path } from "../../lib/json.js";

export interface Finding {
  readonly path: Path;
  readonly what: string;
  /** The remedy, if it is not to leave out what is at the path. */
  readonly remedy?: string;
}

/** Finds what a page must not hold. It may meet any JSON: the lint, which knows types, is later. */
export type Rule = (document: JsonObject, hosts: readonly string[]) => Iterable<Finding>;

/** The same for each object of the document, whatever it stands for. */
export type ObjectRule = (value: JsonObject, path: Path, document: JsonObject) => Iterable<Finding>;

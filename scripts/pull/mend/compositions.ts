import { isObject, type Json, type JsonObject, type Path } from "../../lib/json.js";
import { compositionOf, refOf, resolve } from "../../lib/references.js";

/** Knows which schemas are put together of others: one may require a property of another. */
export class Compositions {
  readonly #document: JsonObject;
  readonly #parts = new Set<string>();

  constructor(document: JsonObject) {
    this.#document = document;
    this.#collect(document);
  }

  /** Whether the schema at `path` is a part of another one. */
  isPart(path: Path): boolean {
    const inList = typeof path.at(-1) === "number" && isComposition(path.at(-2));
    const [root, section, name] = path;
    const isComponent = root === "components" && section === "schemas" && path.length === 3;
    return inList || (isComponent && this.#parts.has(`#/components/schemas/${String(name)}`));
  }

  /** The properties of a schema and of all its parts. */
  namesOf(schema: JsonObject): Set<Json> {
    const names = new Set<Json>();
    // A set grows while it is walked; it ends, because each part is in it once.
    const all = new Set([schema]);
    for (const schema of all) {
      const { properties } = schema;
      for (const name of isObject(properties) ? Object.keys(properties) : []) names.add(name);
      for (const part of compositionOf(schema)) {
        const target = resolve(this.#document, part);
        if (isObject(target)) all.add(target);
      }
    }
    return names;
  }

  #collect(value: Json): void {
    if (typeof value !== "object" || value === null) return;
    for (const part of isObject(value) ? compositionOf(value) : []) {
      const $ref = refOf(part);
      if ($ref !== undefined) this.#parts.add($ref);
    }
    for (const child of Object.values(value)) this.#collect(child);
  }
}

const isComposition = (key: string | number | undefined): boolean =>
  key === "allOf" || key === "anyOf" || key === "oneOf";

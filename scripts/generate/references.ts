import { isObject, type Json, type JsonObject, valueAt } from "../lib/json.js";
import { chainFrom, pathOfReference, refOf } from "../lib/references.js";
import { Refusal } from "../lib/refusal.js";
import { printable } from "../lib/text.js";

/** The sections of OpenAPI 3.0, section 4.7.7, that openapi-typescript makes types of. */
export type Section = "schemas" | "responses" | "parameters" | "requestBodies" | "headers";

/** The components of a document. */
export class Components {
  readonly #document: JsonObject;

  constructor(document: JsonObject) {
    this.#document = document;
  }

  all(section: Section): JsonObject {
    const found = valueAt(this.#document, ["components", section]);
    return isObject(found) ? found : {};
  }

  /**
   * The name that a reference ends in.
   *
   * @throws Refusal if that section has no such component: openapi-typescript writes the first
   * segment of a reference as code, and TypeScript knows no name that is not there
   */
  nameIn(section: Section, reference: string): string {
    const [, place, name = ""] = pathOfReference(reference) ?? [];
    if (place === section && Object.hasOwn(this.all(section), name)) return String(name);
    throw new Refusal(
      `spec/openapi.json: ${printable(JSON.stringify(reference.slice(0, 200)))} is not a component of this document, in its section ${section}.`,
      "Run `npm run pull`, which writes this file.",
    );
  }

  /** The value itself, or the end of its references; undefined if they lead in a circle. */
  resolve(section: Section, value: Json): Json | undefined {
    for (const target of chainFrom(this.#document, value)) {
      const reference = refOf(target);
      if (reference === undefined) return target;
      this.nameIn(section, reference);
    }
    return undefined;
  }
}

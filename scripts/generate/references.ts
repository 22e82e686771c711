import { isObject, type Json, type JsonObject } from "../lib/json.js";
import { pathOfReference } from "../lib/openapi.js";
import { Refusal } from "../lib/refusal.js";
import { printable } from "../lib/text.js";

/** The sections of OpenAPI 3.0, section 4.7.7, that openapi-typescript makes types of. */
export type Section = "schemas" | "responses" | "parameters" | "requestBodies" | "headers";

/** The components of a document. */
export class Components {
  readonly #components: JsonObject;

  constructor(document: JsonObject) {
    const components = document["components"];
    this.#components = isObject(components) ? components : {};
  }

  all(section: Section): JsonObject {
    const found = this.#components[section];
    return isObject(found) ? found : {};
  }

  /**
   * The name that a reference ends in.
   *
   * @throws Refusal where it is no component of that section: openapi-typescript writes the first
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

  /** The value itself, or what its references lead to; undefined where they lead in a circle. */
  resolve(section: Section, value: Json): Json | undefined {
    const seen = new Set<string>();
    let target: Json | undefined = value;
    for (let reference = refOf(target); reference !== undefined; reference = refOf(target)) {
      const name = this.nameIn(section, reference);
      if (seen.has(name)) return undefined;
      seen.add(name);
      target = this.all(section)[name];
    }
    return target;
  }
}

/** The target of a Reference Object (OpenAPI 3.0, section 4.7.23). */
export function refOf(value: Json | undefined): string | undefined {
  const $ref = isObject(value) ? value["$ref"] : undefined;
  return typeof $ref === "string" ? $ref : undefined;
}

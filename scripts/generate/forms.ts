import type { Json, JsonObject } from "../lib/json.js";
import { refOf } from "../lib/references.js";
import { Compositions, type Direction, isWithheldSomewhere } from "./composition.js";
import { circularSchemas } from "./cycles.js";
import type { Components } from "./references.js";
import { SchemaTranslator } from "./schema.js";

/**
 * The schemas of a document, translated for both directions. A component's name stands for what
 * answers hold; if requests may hold something else, they have a form of their own beside it,
 * "Thing.request".
 */
export class SchemaForms {
  readonly #components: Components;
  readonly #translator: SchemaTranslator;
  /** Every component as answers have it, and every request's form that is used. */
  readonly #forms = new Map<string, JsonObject>();
  /** Name of a component → that of its form for requests, if that differs. */
  readonly #requestNames = new Map<string, string>();

  constructor(components: Components) {
    this.#components = components;
    this.#translator = new SchemaTranslator({
      components,
      compositions: new Compositions(components),
      circular: circularSchemas(components),
      nameOf: (name, direction) => this.#nameOf(name, direction),
    });
    const names = Object.keys(components.all("schemas"));
    for (const name of names) this.#forms.set(name, this.#component(name, "answer"));
    for (const name of this.#differing()) this.#requestNames.set(name, this.#freeName(name));
  }

  translate(schema: Json | undefined, direction: Direction): JsonObject {
    return this.#translator.translate(schema, { direction });
  }

  /** By name: the schemas of the document, and those that the schemas translated so far refer to. */
  all(): ReadonlyMap<string, JsonObject> {
    return this.#forms;
  }

  #nameOf(name: string, direction: Direction): string {
    const own = direction === "request" ? this.#requestNames.get(name) : undefined;
    if (own === undefined) return name;
    if (!this.#forms.has(own)) {
      // Before it is translated: it may refer to itself.
      this.#forms.set(own, {});
      this.#forms.set(own, this.#component(name, "request"));
    }
    return own;
  }

  #component(name: string, direction: Direction): JsonObject {
    const schema = this.#components.all("schemas")[name];
    return this.#translator.translate(schema, { direction, component: name });
  }

  /** The components that requests and answers do not have alike, or that refer to such. */
  #differing(): ReadonlySet<string> {
    if (!isWithheldSomewhere(this.#components.all("schemas"))) return new Set();
    const found: string[] = [];
    const users = new Map<string, string[]>();
    for (const [name, answer] of this.#forms) {
      const text = JSON.stringify(this.#component(name, "request"), (_key, value: Json) => {
        const target = refOf(value)?.slice("#/components/schemas/".length);
        if (target !== undefined) users.set(target, [...(users.get(target) ?? []), name]);
        return value;
      });
      if (text !== JSON.stringify(answer)) found.push(name);
    }
    const differing = new Set(found);
    for (let name = found.pop(); name !== undefined; name = found.pop()) {
      for (const user of users.get(name) ?? []) {
        if (!differing.has(user)) found.push(user);
        differing.add(user);
      }
    }
    return differing;
  }

  #freeName(name: string): string {
    const candidate = `${name}.request`;
    return this.#forms.has(candidate) ? this.#freeName(candidate) : candidate;
  }
}

import { isObject, type Json, type JsonObject } from "../lib/json.js";
import { compositionOf, refOf } from "../lib/references.js";
import type { Components } from "./references.js";

/** Who sends a value. A request has nothing that is read only, an answer nothing write only. */
export type Direction = "request" | "answer";

const withheld = { request: "readOnly", answer: "writeOnly" } as const;

/** Whether something in `value` travels in one direction only. */
export function isWithheldSomewhere(value: Json): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (isObject(value) && (value["readOnly"] === true || value["writeOnly"] === true)) return true;
  return Object.values(value).some(isWithheldSomewhere);
}

/** The properties of an object, as all of its schemas together have them. */
interface Facts {
  /** Names that some schema requires. */
  readonly required: ReadonlySet<string>;
  /** Names that do not travel in this direction. */
  readonly withheld: ReadonlySet<string>;
}

const nothing: Facts = { required: new Set(), withheld: new Set() };

/** Follows schemas across `allOf`, `anyOf`, `oneOf` and references. */
export class Compositions {
  readonly #components: Components;
  readonly #known = new Map<string, Facts>();

  constructor(components: Components) {
    this.#components = components;
  }

  factsOf(schema: Json, direction: Direction): Facts {
    if (!isObject(schema)) return nothing;
    const reference = refOf(schema);
    if (reference !== undefined) return this.#factsOfComponent(reference, direction);
    const properties = Object.entries(propertiesOf(schema));
    const inner = compositionOf(schema).map((member) => this.factsOf(member, direction));
    return {
      required: new Set([...requiredBy(schema), ...inner.flatMap((it) => [...it.required])]),
      withheld: new Set([
        ...properties.filter(([, it]) => this.#says(withheld[direction], it)).map(([name]) => name),
        ...inner.flatMap((it) => [...it.withheld]),
      ]),
    };
  }

  #factsOfComponent(reference: string, direction: Direction): Facts {
    const name = this.#components.nameIn("schemas", reference);
    const key = `${direction} ${name}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    // For a schema that leads back here: it adds nothing to itself.
    this.#known.set(key, nothing);
    const facts = this.factsOf(this.#components.all("schemas")[name] ?? null, direction);
    this.#known.set(key, facts);
    return facts;
  }

  /** Whether a property's schema has this key, also by reference. */
  #says(key: "readOnly" | "writeOnly", schema: Json, seen = new Set<string>()): boolean {
    if (!isObject(schema)) return false;
    if (schema[key] === true) return true;
    const reference = refOf(schema);
    if (reference === undefined) {
      return compositionOf(schema).some((member) => this.#says(key, member, seen));
    }
    if (seen.has(reference)) return false;
    const name = this.#components.nameIn("schemas", reference);
    return this.#says(key, this.#components.all("schemas")[name] ?? null, seen.add(reference));
  }

  /** The schema of a property, wherever in the composition it is declared. */
  propertyOf(schema: Json, name: string, seen = new Set<string>()): JsonObject | undefined {
    const reference = refOf(schema);
    if (reference !== undefined && seen.has(reference)) return undefined;
    if (reference !== undefined) seen.add(reference);
    const target = this.#components.resolve("schemas", schema);
    if (!isObject(target)) return undefined;
    const properties = propertiesOf(target);
    if (Object.hasOwn(properties, name)) {
      const found = this.#components.resolve("schemas", properties[name] ?? null);
      return isObject(found) ? found : undefined;
    }
    const { allOf } = target;
    for (const member of Array.isArray(allOf) ? allOf : []) {
      const found = this.propertyOf(member, name, seen);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

export const propertiesOf = ({ properties }: JsonObject): JsonObject =>
  isObject(properties) ? properties : {};

export const requiredBy = ({ required }: JsonObject): string[] =>
  Array.isArray(required) ? required.filter((name) => typeof name === "string") : [];

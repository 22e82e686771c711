import { isObject, type Json, type JsonObject } from "../lib/json.js";
import { refOf } from "../lib/references.js";
import { commentOf } from "./comments.js";
import { type Compositions, type Direction, propertiesOf, requiredBy } from "./composition.js";
import { enumOf } from "./enums.js";
import type { Components } from "./references.js";
import {
  allOf,
  beside,
  dictionary,
  orNull,
  saysSomething,
  scalars,
  unknown,
} from "./translated.js";

/*
 * A schema of OpenAPI 3.0 → one of which openapi-typescript makes a type that every value of the
 * schema fits. Only what is named here reaches it, so that nothing else of a page can.
 *
 * | in the schema                                | as it would come out                | instead                          |
 * | -------------------------------------------- | ----------------------------------- | -------------------------------- |
 * | a type that OpenAPI 3.0 does not know        | an object                           | unknown                          |
 * | `required` of what is withheld in a direction | demanded of requests, or promised  | optional in that direction       |
 * | `properties` beside `additionalProperties`   | no value fits both                  | the latter allows the former too |
 * | an optional property such as `constructor`   | `{}` does not fit                   | that property is unknown         |
 * | `anyOf` beside other keywords                | a union with them                   | both hold, as in `allOf`         |
 * | `nullable` beside `$ref`                     | never null                          | or null                          |
 * | `required` beside a nullable `$ref`          | does not compile                    | not passed on                    |
 * | an enum value of another type, or a structure | a literal that no value is         | left out                         |
 * | an enum without any value of its type        | never                               | the type                         |
 * | `items` that are a list only by composition  | one list too few                    | the composition is unwrapped     |
 * | a list of itself, without an object between  | does not compile                    | unknown where it leads back      |
 * | a discriminator                              | replaces the values that are listed | narrows what is a plain string   |
 * | keywords of later versions (`const`, …)      | what 3.0 does not say               | left out                         |
 *
 * A schema with properties and no type is an object's, as pages mean it.
 */

/** The use for which a schema is translated. */
export interface Place {
  readonly direction: Direction;
  /** The component that the schema is, or is a part of with no object between. */
  readonly component?: string | undefined;
  /** Properties that another schema of the same value makes optional. */
  readonly optional?: ReadonlySet<string>;
  /** Components that are written out already for this value. */
  readonly writtenOut?: Set<string>;
}

/** The schemas around one, which its references lead to. */
export interface Surroundings {
  readonly components: Components;
  readonly compositions: Compositions;
  readonly circular: ReadonlySet<string>;
  /** The name under which a component's form for a direction is generated. */
  nameOf(component: string, direction: Direction): string;
}

const types: ReadonlySet<Json | undefined> = new Set([...scalars, "object", "array", undefined]);

export class SchemaTranslator {
  readonly #around: Surroundings;

  constructor(around: Surroundings) {
    this.#around = around;
  }

  translate(schema: Json | undefined, place: Place): JsonObject {
    if (!isObject(schema)) return unknown;
    const comment = commentOf(schema);
    if (!types.has(schema["type"])) return comment;
    const optional = this.#optionalIn(schema, place);
    const demanded = [schema, ...listOf(schema["allOf"]).filter(isObject)].flatMap(requiredBy);
    const required = [...new Set(demanded)].filter((name) => !optional.has(name));
    const within = { ...place, optional, writtenOut: place.writtenOut ?? new Set() };
    const parts = this.#partsOf(schema, required, within);
    return { ...orNull(allOf(parts, required), schema), ...comment };
  }

  #optionalIn(schema: JsonObject, { direction, optional }: Place): ReadonlySet<string> {
    const { withheld } = this.#around.compositions.factsOf(schema, direction);
    return withheld.size === 0 && optional ? optional : new Set([...(optional ?? []), ...withheld]);
  }

  /** The schemas that all hold; those that say nothing are left out. */
  #partsOf(schema: JsonObject, required: readonly string[], place: Required): JsonObject[] {
    if (refOf(schema) !== undefined) return [this.#reference(schema, place)].filter(saysSomething);
    const members = listOf(schema["allOf"]).map((member) => this.translate(member, place));
    const unions = [schema["anyOf"], schema["oneOf"]].map((list) =>
      this.#union(listOf(list), schema, place),
    );
    const inner = [...members, ...unions].filter(saysSomething);
    const own = this.#own(schema, required, place);
    // An object of which nothing more is said adds nothing to a composition.
    const isBare = Object.keys(own).length === 1 && own["type"] === "object";
    return saysSomething(own) && !(isBare && inner.length > 0) ? [own, ...inner] : inner;
  }

  /** The schema by itself, without its composition. */
  #own(schema: JsonObject, required: readonly string[], place: Required): JsonObject {
    const { type } = schema;
    const values = enumOf(schema);
    if (values.length > 0) return { ...(scalars.has(type) && { type }), enum: values };
    if (scalars.has(type)) return { type: type ?? null };
    if (type === "array") {
      const { direction, component } = place;
      return { type, items: this.translate(schema["items"], { direction, component }) };
    }
    const { additionalProperties: additional } = schema;
    const isOpen = additional === true || isObject(additional);
    return type === "object" || isObject(schema["properties"]) || isOpen
      ? this.#object(schema, required, place)
      : unknown;
  }

  #object(schema: JsonObject, required: readonly string[], { direction }: Place): JsonObject {
    const properties = Object.entries(propertiesOf(schema)).map(([name, property]) => {
      const inherited = name in Object.prototype && !required.includes(name);
      const type = inherited ? commentAlone(property) : this.translate(property, { direction });
      const isReadOnly = isObject(property) && property["readOnly"] === true;
      return [name, isReadOnly ? { ...type, readOnly: true } : type] as const;
    });
    const { additionalProperties: additional } = schema;
    const isOpen = additional === true || isObject(additional);
    const others = this.translate(additional, { direction });
    return {
      type: "object",
      ...(properties.length > 0 && { properties: dictionary(properties) }),
      ...(required.length > 0 && { required: [...required] }),
      ...(isOpen && { additionalProperties: beside(others, properties) }),
    };
  }

  #union(members: readonly Json[], schema: JsonObject, place: Required): JsonObject {
    const { discriminator } = schema;
    const translated = members.map((member) => {
      const type = this.translate(member, place);
      const narrowed = isObject(discriminator) ? this.#narrowing(member, discriminator) : unknown;
      return saysSomething(narrowed) ? { allOf: [type, narrowed] } : type;
    });
    if (!translated.every(saysSomething)) return unknown;
    const [only = unknown] = translated;
    return translated.length > 1 ? { anyOf: translated } : only;
  }

  /**
   * Of a member of a union, the values of the property that tells the members apart: those of the
   * mapping, or else its name (OpenAPI 3.0, section 4.7.25), as far as its schema has them.
   */
  #narrowing(member: Json, { propertyName, mapping }: JsonObject): JsonObject {
    const reference = refOf(member);
    if (typeof propertyName !== "string" || reference === undefined) return unknown;
    const { components, compositions } = this.#around;
    const name = components.nameIn("schemas", reference);
    const property = compositions.propertyOf(member, propertyName);
    if (property === undefined || property["type"] !== "string") return unknown;
    const mapped = Object.entries(isObject(mapping) ? mapping : {})
      .filter(([, target]) => target === name || target === reference)
      .map(([value]) => value);
    const listed = enumOf(property);
    const named = mapped.length > 0 ? mapped : [name];
    const values = named.filter((value) => listed.length === 0 || listed.includes(value));
    if (values.length === 0 || property["nullable"] === true) return unknown;
    const narrowed = { type: "string", enum: values };
    return { type: "object", properties: dictionary([[propertyName, narrowed]]) };
  }

  #reference(schema: JsonObject, place: Required): JsonObject {
    const { components, compositions, circular, nameOf } = this.#around;
    const { direction, component, optional, writtenOut } = place;
    const name = components.nameIn("schemas", refOf(schema) ?? "");
    if (circular.has(name) && component !== undefined && circular.has(component)) return unknown;
    const { required, withheld } = compositions.factsOf(schema, direction);
    const demands = [...optional].some((it) => required.has(it) && !withheld.has(it));
    if (!demands) return { $ref: `#/components/schemas/${nameOf(name, direction)}` };
    if (writtenOut.has(name)) return unknown;
    writtenOut.add(name);
    return this.translate(components.all("schemas")[name], place);
  }
}

type Required = Place & {
  readonly optional: ReadonlySet<string>;
  readonly writtenOut: Set<string>;
};

const listOf = (value: Json | undefined): Json[] => (Array.isArray(value) ? value : []);

const commentAlone = (schema: Json): JsonObject => (isObject(schema) ? commentOf(schema) : unknown);

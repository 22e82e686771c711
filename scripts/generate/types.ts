import { createRequire } from "node:module";
import type { GlobalContext, OpenAPI3 } from "openapi-typescript";
import { isObject, type Json, type JsonObject } from "../lib/json.ts";
import { entriesOf, listOf, methods, resolve, schemaTypes } from "../lib/openapi.ts";

// Required, not imported: an import reads all nine megabytes of TypeScript once more.
const require = createRequire(import.meta.url);
const openapiTypescript: typeof import("openapi-typescript") = require("openapi-typescript");
const { astToString, resolveRef, transformSchema, UNKNOWN } = openapiTypescript;

/**
 * The types of a document, as openapi-typescript writes them: `paths` and `components`.
 *
 * `transformSchema` works in memory alone. The default export of openapi-typescript would first let
 * Redocly read every file and address that a reference names, and takes twice as long.
 *
 * @throws Error where the document is not OpenAPI 3.0
 */
export function typesOf(document: JsonObject): string {
  const corrected = new Corrections(document).document();
  // Not checked, because openapi-typescript looks only at what is there.
  const schema = corrected as object as OpenAPI3;
  return withoutTags(astToString([transformSchema(schema, contextFor(schema))].flat()));
}

/** An option that is not here is off. */
const contextFor = (schema: OpenAPI3): GlobalContext => {
  const options: Partial<GlobalContext> = {
    // A default says what the receiver assumes, not that the property is there.
    defaultNonNullable: false,
    // An object without properties may hold anything.
    emptyObjectsUnknown: true,
    silent: true,
    transform: ({ type }) =>
      type === undefined || schemaTypes.some((known) => known === type) ? undefined : UNKNOWN,
    resolve<T>($ref: string) {
      const target = resolveRef<T & { nullable?: boolean }>(schema, $ref, { silent: true });
      // openapi-typescript would require keys of it, and a type that may be null has none.
      return target?.nullable === true ? undefined : target;
    },
    // Discriminators would replace the values that a schema lists by the names of schemas.
    discriminators: { objects: {}, refsHandled: [] },
    injectFooter: [],
  };
  return options as GlobalContext;
};

/**
 * Text of a page holds no tag: `@internal` would remove the type behind it from the published ones,
 * `@ts-ignore` would hide an error. As an escape, `@` means the same in an example of JSON.
 */
const withoutTags = (code: string): string =>
  code.replace(/^[ \t]*\/\*\*[^]*?\*\//gm, (comment) => comment.replace(foreignTag, "\\u0040"));

/** Any `@` but those at the start of a line that openapi-typescript itself writes. */
const foreignTag =
  /(?<!^[ \t]*(?:\/\*)?\* )@|@(?!(?:default|deprecated|description|enum|example)\b)/gm;

/** The keywords with a schema, and those that say what a value holds (section 4.7.24). */
const schemas = ["items", "additionalProperties"];
const structure = ["type", "properties", "additionalProperties", "allOf", "oneOf"];

/** The document, changed where openapi-typescript would make a type that not every value fits. */
class Corrections {
  readonly #document: JsonObject;

  constructor(document: JsonObject) {
    this.#document = document;
  }

  document(): JsonObject {
    const { paths, components } = this.#document;
    const sections = mapped(components, (section, name) =>
      mapped(section, (component) =>
        name === "schemas" ? this.#schema(component) : this.#written(component),
      ),
    );
    // Without ids: an operation is known by its method and path.
    const items = mapped(paths, (item) =>
      mapped(item, (value, key) =>
        methods.includes(key) && isObject(value) ? { ...value, operationId: "" } : value,
      ),
    );
    return { paths: this.#around(items), components: sections };
  }

  /** What is around schemas, and the schemas in it. */
  #around(value: Json): Json {
    if (Array.isArray(value)) return value.map((it) => this.#around(it));
    if (!isObject(value)) return value;
    return mapped(value, (it, key) => {
      if (key === "schema") return this.#schema(it);
      // Behind a reference, openapi-typescript would promise every header.
      if (key === "headers") return mapped(it, (header) => this.#written(header));
      return key === "example" || key === "examples" ? it : this.#around(it);
    });
  }

  /** The end of a reference: openapi-typescript follows none from component to component. */
  #written = (value: Json): Json => this.#around(resolve(this.#document, value) ?? value);

  #schema(value: Json): Json {
    if (!isObject(value)) return value;
    const { $ref, ...schema } = mapped(value, (it, key) => {
      if (key === "properties") return mapped(it, (property) => this.#schema(property));
      if (schemas.includes(key)) return this.#schema(it);
      return key.endsWith("Of") ? listOf(it).map((member) => this.#schema(member)) : it;
    });
    if ($ref !== undefined) {
      return schema["nullable"] === true ? { ...schema, allOf: [{ $ref }] } : { ...schema, $ref };
    }
    const { properties, additionalProperties, required, anyOf } = schema;
    if (required !== undefined) {
      const oneWay = this.#oneWay(value);
      schema["required"] = listOf(required).filter((name) => !oneWay.includes(name));
    }
    // The declared properties would have to fit the type of the others.
    if (isObject(additionalProperties) && entriesOf(properties).length > 0) {
      schema["additionalProperties"] = true;
    }
    // openapi-typescript would take any of these or what is beside them.
    if (anyOf !== undefined && structure.some((key) => schema[key] !== undefined)) {
      schema["allOf"] = [...listOf(schema["allOf"]), { anyOf }];
      delete schema["anyOf"];
    }
    return schema;
  }

  /** The names of the properties, anywhere in the schema, that are `readOnly` or `writeOnly`. */
  #oneWay(schema: Json, seen = new Set<Json>()): Json[] {
    const target = resolve(this.#document, schema);
    if (!isObject(target) || seen.has(target)) return [];
    seen.add(target);
    const own = entriesOf(target["properties"]).filter(([, property]) => {
      const it = resolve(this.#document, property);
      return isObject(it) && (it["readOnly"] === true || it["writeOnly"] === true);
    });
    const members = listOf(target["allOf"]).flatMap((member) => this.#oneWay(member, seen));
    return [...own.map(([name]) => name), ...members];
  }
}

const mapped = (value: Json | undefined, change: (value: Json, key: string) => Json): JsonObject =>
  Object.fromEntries(entriesOf(value).map(([key, it]) => [key, change(it, key)]));

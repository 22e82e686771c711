import { isObject, type Json, type JsonObject } from "../lib/json.js";
import { methods } from "../lib/old-openapi.js";
import { refOf } from "../lib/references.js";
import { commentOf } from "./comments.js";
import type { Direction } from "./composition.js";
import { SchemaForms } from "./forms.js";
import { Components, type Section } from "./references.js";

/** The parts of a document that openapi-typescript makes types of, changed so that these are true. */
export function documentOfTypes(document: JsonObject): JsonObject {
  return new Translation(document).document();
}

class Translation {
  readonly #document: JsonObject;
  readonly #components: Components;
  readonly #schemas: SchemaForms;

  constructor(document: JsonObject) {
    this.#document = document;
    this.#components = new Components(document);
    this.#schemas = new SchemaForms(this.#components);
  }

  document(): JsonObject {
    const paths = mapped(this.#document["paths"], (item) => this.#pathItem(item));
    const section = (name: Section, translate: (component: JsonObject) => JsonObject) =>
      mapped(this.#components.all(name), (component) => {
        // Only among schemas does openapi-typescript follow a component that is a reference.
        const target = this.#components.resolve(name, component);
        return translate(objectOf(target, `a component of ${name}`));
      });
    const components = {
      responses: section("responses", (it) => this.#response(it)),
      parameters: section("parameters", (it) => this.#parameter(it)),
      requestBodies: section("requestBodies", (it) => this.#requestBody(it)),
      headers: section("headers", (it) => this.#header(it)),
    };
    // The last: what is translated above decides which forms are needed.
    const schemas = Object.fromEntries(this.#schemas.all());
    return { openapi: "3.0.3", paths, components: { schemas, ...components } };
  }

  #pathItem(value: Json): JsonObject {
    const item = objectOf(value, "a path");
    const operations = methods.flatMap((method) => {
      const operation = item[method];
      return operation === undefined ? [] : [[method, this.#operation(operation)] as const];
    });
    return { ...this.#parameters(item), ...Object.fromEntries(operations) };
  }

  /** Without its id: an operation is known by its method and path. */
  #operation(value: Json): JsonObject {
    const operation = objectOf(value, "an operation");
    const { requestBody, responses } = operation;
    return {
      ...commentOf(operation),
      ...this.#parameters(operation),
      ...(requestBody !== undefined && {
        requestBody: this.#reference("requestBodies", requestBody, (it) => this.#requestBody(it)),
      }),
      responses: mapped(responses, (response) =>
        this.#reference("responses", response, (it) => this.#response(it)),
      ),
    };
  }

  #parameters({ parameters }: JsonObject): JsonObject {
    if (!Array.isArray(parameters)) return {};
    return {
      parameters: parameters.map((parameter) =>
        this.#reference("parameters", parameter, (it) => this.#parameter(it)),
      ),
    };
  }

  #parameter(parameter: JsonObject): JsonObject {
    const { name, in: place, required, schema } = parameter;
    return {
      ...commentOf(parameter),
      name: stringOf(name, "the name of a parameter"),
      in: stringOf(place, "the place of a parameter"),
      required: required === true,
      // A parameter without a schema is text, and so is one with `content`, once it is sent.
      ...(schema !== undefined && { schema: this.#schemas.translate(schema, "request") }),
    };
  }

  #requestBody(body: JsonObject): JsonObject {
    const content = this.#content(body["content"], "request");
    return { ...commentOf(body), content, required: body["required"] === true };
  }

  #response(response: JsonObject): JsonObject {
    return {
      ...commentOf(response),
      headers: mapped(response["headers"], (header) => {
        // Written out: behind a reference, openapi-typescript would promise every header.
        const target = this.#components.resolve("headers", header);
        return this.#header(objectOf(target, "a header"));
      }),
      content: this.#content(response["content"], "answer"),
    };
  }

  #header(header: JsonObject): JsonObject {
    const schema = this.#schemas.translate(header["schema"], "answer");
    return { ...commentOf(header), required: header["required"] === true, schema };
  }

  #content(content: Json | undefined, direction: Direction): JsonObject {
    return mapped(content, (value) => {
      const media = objectOf(value, "a media type");
      const schema = this.#schemas.translate(media["schema"], direction);
      return { ...commentOf(media), schema };
    });
  }

  #reference(
    section: Section,
    value: Json,
    translate: (value: JsonObject) => JsonObject,
  ): JsonObject {
    const $ref = refOf(value);
    if ($ref === undefined) return translate(objectOf(value, `one of ${section}`));
    this.#components.nameIn(section, $ref);
    return { $ref };
  }
}

/** Each value of an object, translated; without a prototype, because a name may be `constructor`. */
function mapped(value: Json | undefined, translate: (value: Json) => JsonObject): JsonObject {
  const entries = Object.entries(isObject(value) ? value : {});
  return Object.assign(
    Object.create(null),
    Object.fromEntries(entries.map(([key, it]) => [key, translate(it)])),
  );
}

function objectOf(value: Json | undefined, what: string): JsonObject {
  if (isObject(value)) return value;
  throw new TypeError(`${what} is not an object`);
}

function stringOf(value: Json | undefined, what: string): string {
  if (typeof value === "string") return value;
  throw new TypeError(`${what} is not a string`);
}

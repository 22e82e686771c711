import type { Json, JsonObject } from "../../scripts/lib/json.js";

/** A merged document around `paths`, as the pull writes it. */
export const documentWith = (paths: JsonObject, components: JsonObject = {}): JsonObject => ({
  openapi: "3.0.0",
  info: { title: "Web API", version: "1.0.0" },
  servers: [
    { url: "https://eu1.make.com/api/v2", description: "EU1" },
    { url: "https://us1.make.celonis.com/api/v2" },
  ],
  components: {
    securitySchemes: { token: { type: "apiKey", name: "Authorization", in: "header" } },
    ...components,
  },
  paths,
});

export const textOf = (document: JsonObject): string => `${JSON.stringify(document, null, 2)}\n`;

export const ref = (name: string, section = "schemas"): JsonObject => ({
  $ref: `#/components/${section}/${name}`,
});
const content = (schema: Json): JsonObject => ({ content: { "application/json": { schema } } });

/** An operation that returns such a value. */
export const returning = (schema: JsonObject): JsonObject => ({
  responses: { "200": { description: "Done", ...content(schema) } },
});

/** Text that would leave its comment, string or template wherever it is pasted instead of quoted. */
export const hostileText =
  "a \"quoted\" 'text' `with` ${globalThis.ran = true} \\ */ globalThis.ran = true; /* // \u2028x\u2029 \r\n@ts-ignorance \u202e \u001b[31m";

const text = { type: "string" };
const integer = { type: "integer" };
const inPath = (name: string, schema: JsonObject) => ({
  ...{ name, in: "path", required: true, schema },
});

/** What a page of this reference may hold, and a little more. */
export const richDocument = documentWith(
  {
    "/things/{thingId}/text/{line}": {
      parameters: [inPath("line", text)],
      get: {
        parameters: [inPath("thingId", integer)],
        responses: {
          "200": {
            description: "As text",
            headers: { [hostileText]: { schema: text }, "x-count": ref("Count", "headers") },
            content: { "text/plain": { schema: text }, "text/csv": {} },
          },
        },
      },
    },
    "/things": {
      post: {
        operationId: "createThing",
        security: [{ token: ["things:write"] }],
        requestBody: ref("Thing", "requestBodies"),
        ...returning(ref("Thing")),
      },
      get: {
        ...{ summary: hostileText, description: hostileText },
        security: [{ token: ["things:read", "users:read"] }],
        parameters: [
          ref("page", "parameters"),
          { name: hostileText, in: "query", description: hostileText, schema: text },
        ],
        responses: {
          "200": ref("Things", "responses"),
          "404": ref("NotFound", "responses"),
          default: { description: hostileText },
        },
      },
      options: { security: [], responses: { "204": { description: "Allowed" } } },
    },
  },
  {
    parameters: { page: { name: "pg[limit]", in: "query", schema: integer } },
    headers: { Count: { description: "How many", schema: integer } },
    responses: {
      Things: { description: "All", ...content({ type: "array", items: ref("Thing") }) },
      Failure: { description: "No such thing", ...content(ref("Error")) },
      NotFound: ref("Failure", "responses"),
    },
    requestBodies: { Thing: { required: true, ...content(ref("Thing")) } },
    schemas: {
      Error: { type: "object", required: ["code"], properties: { code: text } },
      Thing: {
        description: hostileText,
        required: ["id"],
        properties: {
          id: integer,
          inside: { type: "array", items: ref("Thing") },
          label: { ...text, nullable: true, default: hostileText, example: hostileText },
          size: {
            anyOf: [
              { ...integer, enum: [1, -2] },
              { ...text, enum: ["s", hostileText] },
            ],
          },
          [hostileText]: { type: "boolean", format: hostileText, title: hostileText },
        },
      },
    },
  },
);

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

const ref = (section: string, name: string): JsonObject => ({
  $ref: `#/components/${section}/${name}`,
});
const json = (schema: Json): JsonObject => ({ "application/json": { schema } });
const ok = (content: JsonObject): JsonObject => ({ "200": { description: "Done", content } });

/** Text that would leave its comment, string or template wherever it is pasted instead of quoted. */
export const hostileText =
  "a \"quoted\" 'text' `with` ${globalThis.ran = true} \\ */ globalThis.ran = true; /* // \u2028x\u2029 \r\n@ts-ignorance \u202e \u001b[31m";

/** What a page of this reference may hold, and a little more. */
export const richDocument = documentWith(
  {
    "/things": {
      get: {
        summary: hostileText,
        description: hostileText,
        security: [{ token: ["things:read", "users:read"] }],
        parameters: [
          ref("parameters", "page"),
          { name: "pg[sortDir]", in: "query", schema: { type: "string", enum: ["asc", "desc"] } },
          { name: hostileText, in: "query", description: hostileText, schema: { type: "string" } },
          { name: "x-trace", in: "header", required: true, schema: { type: "string" } },
        ],
        responses: {
          ...ok(json({ type: "array", items: ref("schemas", "Thing") })),
          "404": ref("responses", "NotFound"),
          default: { description: hostileText },
        },
      },
      post: {
        operationId: "createThing",
        security: [{ token: ["things:write"] }],
        requestBody: ref("requestBodies", "Thing"),
        responses: ok(json(ref("schemas", "Thing"))),
      },
      options: { security: [], responses: { "204": { description: "Allowed" } } },
    },
    "/things/{thingId}/text/{line}": {
      get: {
        parameters: [
          { name: "thingId", in: "path", required: true, schema: { type: "integer" } },
          { name: "line", in: "path", required: true, schema: { type: "string" } },
        ],
        responses: {
          "200": {
            description: "As text",
            headers: {
              [hostileText]: { schema: { type: "string" } },
              "x-count": ref("headers", "Count"),
            },
            content: { "text/plain": { schema: { type: "string" } }, "text/csv": {} },
          },
        },
      },
    },
  },
  {
    parameters: {
      page: { name: "pg[limit]", in: "query", schema: { type: "integer", default: 10 } },
    },
    headers: { Count: { description: "How many", schema: { type: "integer" } } },
    responses: {
      NotFound: { description: "No such thing", content: json(ref("schemas", "Error")) },
    },
    requestBodies: { Thing: { required: true, content: json(ref("schemas", "Thing")) } },
    schemas: {
      Error: { type: "object", required: ["code"], properties: { code: { type: "string" } } },
      Base: {
        type: "object",
        required: ["id"],
        properties: { id: { type: "integer", readOnly: true } },
      },
      Thing: {
        description: hostileText,
        oneOf: [ref("schemas", "Box"), ref("schemas", "Bag")],
        discriminator: {
          propertyName: "kind",
          mapping: { box: "Box", bag: "#/components/schemas/Bag" },
        },
      },
      Box: {
        allOf: [
          ref("schemas", "Base"),
          {
            type: "object",
            required: ["kind"],
            properties: {
              kind: { type: "string" },
              inside: { type: "array", items: ref("schemas", "Thing") },
              label: { type: "string", nullable: true, default: hostileText, example: hostileText },
              anything: { type: "object" },
              map: { type: "object", additionalProperties: { type: "number" } },
            },
          },
        ],
      },
      Bag: {
        type: "object",
        required: ["kind", "parent"],
        properties: {
          kind: { type: "string" },
          parent: ref("schemas", "Box"),
          size: {
            anyOf: [
              { type: "integer", enum: [1, -2, 0.5] },
              { type: "string", enum: ["s", hostileText] },
            ],
          },
          state: { type: "string", nullable: true, enum: ["open", "", null] },
          [hostileText]: { type: "boolean", format: hostileText, title: hostileText },
          __proto: { type: "string" },
          "1e3": { type: "string" },
          "with space": { not: { type: "string" } },
        },
      },
    },
  },
);

import { isObject, type Json, type JsonObject } from "../../scripts/lib/json.js";
import { compare } from "../../scripts/pull/compare.js";

/** The object or list at a place in a document, to be changed there. */
export function at(node: Json | undefined, ...keys: (string | number)[]): JsonObject {
  for (const key of keys) {
    if (Array.isArray(node)) node = node[Number(key)];
    else if (isObject(node)) node = node[key];
    else throw new Error(`nothing at ${keys.join(" / ")}`);
  }
  if (typeof node !== "object" || node === null)
    throw new Error(`no object at ${keys.join(" / ")}`);
  return node as JsonObject;
}

/** Each change as one line, in the report's order. In a document that was read, no object is shared. */
export const lines = (before: JsonObject | undefined, after: JsonObject): string[] =>
  compare(before && unshared(before), unshared(after)).map(
    ({ bump, where, what }) => `${bump}  ${where}: ${what}`,
  );

const unshared = (document: JsonObject) => JSON.parse(JSON.stringify(document)) as JsonObject;

export const edited = (document: JsonObject, edit: (document: JsonObject) => void): JsonObject => {
  const copy = structuredClone(document);
  edit(copy);
  return copy;
};

const json = (schema: JsonObject): JsonObject => ({ "application/json": { schema } });

export const things: JsonObject = {
  openapi: "3.0.0",
  info: { title: "Things", version: "1.0.0", description: "All about things." },
  servers: [
    { url: "https://eu1.make.com/api/v2", description: "Europe" },
    { url: "https://us1.make.com/api/v2", description: "United States" },
    { url: "https://eu1.make.celonis.com/api/v2", description: "Celonis" },
  ],
  tags: [{ name: "Things", description: "Things." }, { name: "Other" }],
  components: {
    securitySchemes: {
      token: { type: "apiKey", name: "Authorization", in: "header", description: "Your token." },
    },
    schemas: { Unused: { type: "array" } },
  },
  paths: {
    "/things": {
      get: {
        tags: ["Things", "Other"],
        summary: "List things",
        description: "Lists things.",
        parameters: [
          { name: "limit", in: "query", schema: { type: "integer" } },
          { name: "X-Team", in: "header", required: true, schema: { type: "string" } },
        ],
        responses: {
          "200": {
            description: "Things",
            headers: { "X-Total": { schema: { type: "integer" } } },
            content: json({
              type: "object",
              properties: { things: { type: "array", items: { type: "string" } } },
            }),
          },
          "404": { description: "None" },
        },
        security: [{ token: ["things:read"] }],
      },
      post: {
        requestBody: {
          content: {
            ...json({ type: "object", properties: { name: { type: "string" } } }),
            "text/csv": { schema: { type: "string" } },
          },
        },
        responses: { "200": { description: "Made" } },
        security: [{ token: ["things:write"] }],
      },
    },
    "/things/{id}/parts/{part}": {
      delete: {
        parameters: [
          { name: "id", in: "path", required: true, schema: { type: "string" } },
          { name: "part", in: "path", required: true, schema: { type: "string", format: "uuid" } },
          { name: "id", in: "query", schema: { type: "string" } },
        ],
        responses: { "200": { description: "Gone" } },
        security: [{ token: ["things:write"] }],
      },
    },
  },
};

import { isObject, type Json } from "./json.js";

/** The fixed fields of a Path Item Object that hold an operation (OpenAPI 3.0, section 4.7.9). */
export const methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/** The names between the braces of a path template (section 4.7.8.2). */
export const parametersIn = (path: string): string[] =>
  [...path.matchAll(/\{([^{}]*)\}/g)].map(([, name = ""]) => name);

/** The path without those names: to a server, paths of equal shape are the same (section 4.7.8.1). */
export const shapeOf = (path: string): string => path.replace(/\{[^{}]*\}/g, "{}");

/** The sections of `components` (OpenAPI 3.0, section 4.7.7), and what each entry is. */
export const sections = {
  schemas: "Schema",
  responses: "Response",
  parameters: "Parameter",
  examples: "Example",
  requestBodies: "RequestBody",
  headers: "Header",
  securitySchemes: "SecurityScheme",
  links: "Link",
  callbacks: "Callback",
} as const;

/**
 * The content of a field: a kind of object ("Schema"), or text, boolean, number, or data of any form;
 * "[]" after it is a list, "{}" a map by name.
 */
export type Type = string;

/** The fixed fields of OpenAPI 3.0's objects (section 4.7); each may have extensions ("x-…") too. */
export const fields: { readonly [kind: string]: { readonly [field: string]: Type } } = {
  Document: {
    ...{ openapi: "text", info: "Info", servers: "Server[]", paths: "PathItem{}" },
    ...{ components: "Components", security: "text[]{}[]", tags: "Tag[]" },
    externalDocs: "ExternalDocs",
  },
  Info: {
    ...{ title: "text", description: "text", termsOfService: "text", version: "text" },
    ...{ contact: "Contact", license: "License" },
  },
  Contact: { name: "text", url: "text", email: "text" },
  License: { name: "text", url: "text" },
  Server: { url: "text", description: "text", variables: "ServerVariable{}" },
  ServerVariable: { enum: "text[]", default: "text", description: "text" },
  ExternalDocs: { description: "text", url: "text" },
  Tag: { name: "text", description: "text", externalDocs: "ExternalDocs" },
  Components: Object.fromEntries(
    Object.entries(sections).map(([section, kind]) => [section, `${kind}{}`]),
  ),
  PathItem: {
    ...{ $ref: "text", summary: "text", description: "text", servers: "Server[]" },
    ...Object.fromEntries(methods.map((method) => [method, "Operation"])),
    parameters: "Parameter[]",
  },
  Operation: {
    ...{ tags: "text[]", summary: "text", description: "text", operationId: "text" },
    ...{ externalDocs: "ExternalDocs", parameters: "Parameter[]", requestBody: "RequestBody" },
    ...{ responses: "Response{}", callbacks: "Callback{}", deprecated: "boolean" },
    ...{ security: "text[]{}[]", servers: "Server[]" },
  },
  Parameter: {
    ...{ name: "text", in: "text", description: "text", required: "boolean" },
    ...{ deprecated: "boolean", allowEmptyValue: "boolean", style: "text", explode: "boolean" },
    ...{ allowReserved: "boolean", schema: "Schema", content: "MediaType{}" },
    ...{ example: "data", examples: "Example{}" },
  },
  Header: {
    ...{ description: "text", required: "boolean", deprecated: "boolean" },
    ...{ allowEmptyValue: "boolean", style: "text", explode: "boolean", allowReserved: "boolean" },
    ...{ schema: "Schema", content: "MediaType{}", example: "data", examples: "Example{}" },
  },
  RequestBody: { description: "text", content: "MediaType{}", required: "boolean" },
  MediaType: {
    ...{ schema: "Schema", example: "data", examples: "Example{}", encoding: "Encoding{}" },
  },
  Encoding: {
    ...{ contentType: "text", headers: "Header{}", style: "text", explode: "boolean" },
    allowReserved: "boolean",
  },
  Response: {
    ...{ description: "text", headers: "Header{}", content: "MediaType{}", links: "Link{}" },
  },
  Example: { summary: "text", description: "text", value: "data", externalValue: "text" },
  Link: {
    ...{ operationRef: "text", operationId: "text", parameters: "data{}", requestBody: "data" },
    ...{ description: "text", server: "Server" },
  },
  SecurityScheme: {
    ...{ type: "text", description: "text", name: "text", in: "text", scheme: "text" },
    ...{ bearerFormat: "text", flows: "data", openIdConnectUrl: "text" },
  },
  Schema: {
    ...{ title: "text", description: "text", type: "text", format: "text", default: "data" },
    ...{ enum: "data[]", nullable: "boolean", readOnly: "boolean", writeOnly: "boolean" },
    ...{ deprecated: "boolean", example: "data", externalDocs: "ExternalDocs", xml: "Xml" },
    ...{ multipleOf: "number", maximum: "number", minimum: "number" },
    ...{ exclusiveMaximum: "boolean", exclusiveMinimum: "boolean", pattern: "text" },
    ...{ maxLength: "number", minLength: "number", maxItems: "number", minItems: "number" },
    ...{ uniqueItems: "boolean", maxProperties: "number", minProperties: "number" },
    ...{ required: "text[]", properties: "Schema{}", additionalProperties: "Schema" },
    ...{ items: "Schema", allOf: "Schema[]", anyOf: "Schema[]", oneOf: "Schema[]", not: "Schema" },
    discriminator: "Discriminator",
  },
  Discriminator: { propertyName: "text", mapping: "text{}" },
  Xml: {
    ...{ name: "text", namespace: "text", prefix: "text" },
    ...{ attribute: "boolean", wrapped: "boolean" },
  },
};

/** The types of a Schema Object (OpenAPI 3.0, section 4.7.24). */
export const schemaTypes = ["array", "boolean", "integer", "number", "object", "string"];

/** The type of the entries of a list or a map; undefined for any other type. */
export function typeWithin(type: Type): { container: "[]" | "{}"; inner: Type } | undefined {
  // A callback is a map of path items, by an expression.
  const suffix = type === "Callback" ? "{}" : type.slice(-2);
  if (suffix !== "[]" && suffix !== "{}") return undefined;
  return { container: suffix, inner: type === "Callback" ? "PathItem" : type.slice(0, -2) };
}

const heldBy = (type: Type): Type[] => {
  const inner = typeWithin(type)?.inner;
  return inner === undefined ? Object.values(fields[type] ?? {}) : [inner];
};

/** Type → those of all that it may hold, at any depth, and itself. */
const within = new Map<Type, ReadonlySet<Type>>();

/** Whether a value of a type may be, or may hold, one of another type. */
export function mayHold(type: Type, other: Type): boolean {
  const known = within.get(type);
  if (known) return known.has(other);
  const found = new Set([type]);
  // A set grows while it is walked; it ends, because each type is in it once.
  for (const held of found) heldBy(held).forEach((inner) => found.add(inner));
  within.set(type, found);
  return found.has(other);
}

/** The type of a field; an extension is data, an unknown field undefined. */
export function typeOfField(kind: Type, field: string): Type | undefined {
  if (field.startsWith("x-")) return "data";
  const known = Object.hasOwn(fields, kind) ? fields[kind] : undefined;
  return known && Object.hasOwn(known, field) ? known[field] : undefined;
}

const referable: ReadonlySet<Type> = new Set(Object.values(sections));

/** An object that stands for a component of its kind. */
export const isReference = (type: Type, value: Json): boolean =>
  referable.has(type) && isObject(value) && Object.hasOwn(value, "$ref");

/** The type of the entries of a section of `components`. */
export const typeOfSection = (section: string): Type =>
  typeWithin(typeOfField("Components", section) ?? "data")?.inner ?? "data";

import { Refusal } from "../lib/refusal.js";
import { printable } from "../lib/text.js";
import { isObject, type Json, type JsonObject } from "../lib/json.js";

/** OpenAPI 3.0, section 4.7.7. */
const local =
  /^#\/components\/(schemas|responses|parameters|examples|requestBodies|headers|securitySchemes|links|callbacks)\/([A-Za-z0-9._-]+)$/;

/**
 * Refuses a reference that leaves the document or leads nowhere: openapi-typescript would read the
 * file, fetch the URL, or write the reference's first segment as code.
 */
export function checkReferences(document: JsonObject): void {
  const rest: Json[] = [document];
  for (let value = rest.pop(); value !== undefined; value = rest.pop()) {
    if (typeof value !== "object" || value === null) continue;
    if (isObject(value)) references(value).forEach(check);
    for (const child of Object.values(value)) rest.push(child);
  }

  function check(reference: string): void {
    const [, section = "", name = ""] = local.exec(reference) ?? [];
    const components = document["components"];
    const found = isObject(components) ? components[section] : undefined;
    if (isObject(found) && Object.hasOwn(found, name)) return;
    throw new Refusal(
      `spec/openapi.json: ${printable(JSON.stringify(reference))} is not a component of this document.`,
      "Run `npm run pull`, which writes this file.",
    );
  }
}

/** `$ref`, and what a discriminator maps to. */
function references({ $ref, discriminator }: JsonObject): string[] {
  const mapping = isObject(discriminator) ? discriminator["mapping"] : undefined;
  if (isObject(mapping)) expandNames(mapping);
  const mapped = isObject(mapping) ? Object.values(mapping) : [];
  return [$ref, ...mapped].filter((reference) => typeof reference === "string");
}

/** A plain name is that of a schema (OpenAPI 3.0, section 4.7.25); Redocly takes it for a file's. */
function expandNames(mapping: JsonObject): void {
  for (const [key, name] of Object.entries(mapping)) {
    if (typeof name === "string" && /^[A-Za-z0-9._-]+$/.test(name)) {
      mapping[key] = `#/components/schemas/${name}`;
    }
  }
}

import type { Json, JsonObject } from "../lib/json.js";

/** The fields that openapi-typescript writes into a comment as text (its `addJSDocComment`). */
const texts = ["title", "summary", "format", "description"] as const;
const values = ["default", "example"] as const;

/** The parts of `value` that become its comment, as text that no tool obeys. */
export function commentOf(value: JsonObject): JsonObject {
  const comment: JsonObject = {};
  for (const key of texts) {
    const text = value[key];
    if (typeof text === "string") comment[key] = harmless(text);
  }
  for (const key of values) {
    const it = value[key];
    if (it !== undefined) comment[key] = harmless(shown(it));
  }
  if (value["deprecated"] === true) comment["deprecated"] = true;
  return comment;
}

const shown = (value: Json): string =>
  typeof value === "string" ? value : JSON.stringify(value, null, 2);

/**
 * A page's text holds no tag: `@internal` would remove the type behind it from the published ones,
 * `@ts-ignore` would hide an error, `@deprecated` would strike a name through. As an escape, `@`
 * means the same in an example of JSON or JavaScript.
 */
const harmless = (text: string): string => text.replace(/\r\n?/g, "\n").replaceAll("@", "\\u0040");

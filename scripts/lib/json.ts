export type Json = null | boolean | number | string | Json[] | JsonObject;
export type JsonObject = { [key: string]: Json };

/** The steps from a document's root to a value in it. */
export type Path = readonly (string | number)[];

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The value at `path`, if there is one. */
export const valueAt = (value: Json | undefined, path: Path): Json | undefined =>
  path.reduce<Json | undefined>(child, value);

function child(value: Json | undefined, step: string | number): Json | undefined {
  if (Array.isArray(value)) return typeof step === "number" ? value[step] : undefined;
  return isObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
}

/** Puts a value at `path`, in place; undefined takes out what is there. Nothing happens where nothing is around. */
export function setAt(document: Json, path: Path, value: Json | undefined): void {
  const around = valueAt(document, path.slice(0, -1));
  const last = path.at(-1);
  if (Array.isArray(around) && typeof last === "number") {
    around.splice(last, 1, ...(value === undefined ? [] : [value]));
  } else if (isObject(around) && last !== undefined) {
    if (value === undefined) delete around[last];
    else around[last] = value;
  }
}

/** The path as a JSONPath (RFC 9535). */
export const jsonPath = (path: Path): string => `$${path.map(segment).join("")}`;

function segment(step: string | number): string {
  if (typeof step === "number") return `[${step}]`;
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(step)) return `.${step}`;
  const text = JSON.stringify(step).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  return `['${text}']`;
}

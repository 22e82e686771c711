import type { Json, JsonObject } from "../lib/json.js";

/** The scalars of an enum that its type allows, and null, which nobody lists without meaning it. */
export function enumOf({ type, enum: values }: JsonObject): Json[] {
  if (!Array.isArray(values) || type === "object" || type === "array") return [];
  if (values.some((value) => typeof value === "object" && value !== null) && type === undefined) {
    return [];
  }
  const fitting = values.filter((value) => value === null || fits(value, type));
  return fitting.every((value) => value === null) && type !== undefined
    ? []
    : [...new Set(fitting)];
}

function fits(value: Json, type: Json | undefined): boolean {
  if (typeof value === "number" && !Number.isFinite(value)) return false;
  if (type === undefined) return typeof value !== "object";
  return type === "integer" ? Number.isInteger(value) : typeof value === type;
}

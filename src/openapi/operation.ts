import { operations } from "../../generated/operations.js";

/** An operation as the specification has it. */
export interface Operation {
  /** Its method and its path template. */
  readonly name: string;
  readonly scopes: readonly string[];
}

const matches = (template: string, path: string): boolean => {
  const parts = path.split("/");
  const templates = template.split("/");
  return (
    parts.length === templates.length &&
    templates.every((part, i) => part === parts[i] || part.includes("{"))
  );
};

/**
 * The documented operation that a method and a path on the wire belong to. A path without
 * parameters comes before a template (OpenAPI 3.0, Paths Object).
 */
export function findOperation(method: string, path: string): Operation | undefined {
  const all = Object.entries(operations).map(([name, it]) => ({ name, ...it }));
  return (
    all.find(({ name }) => name === `${method} ${path}`) ??
    all.find((it) => it.method === method && matches(it.path, path))
  );
}

import { createHash } from "node:crypto";

/**
 * A name in code for each "METHOD /path": `DELETE /things/{id}` → `deleteThingsById`. Operations
 * that would share a name each get a digest of their own behind it, so that no name depends on the
 * order of the operations. No other name has an underscore.
 */
export function identifiersOf(operations: readonly string[]): Map<string, string> {
  const plain = operations.map(plainIdentifier);
  const uses = new Map<string, number>();
  for (const name of plain) uses.set(name, (uses.get(name) ?? 0) + 1);
  return new Map(
    operations.map((operation, i) => {
      const name = plain[i] ?? "";
      return [operation, uses.get(name) === 1 ? name : `${name}_${digest(operation)}`];
    }),
  );
}

/** Begins with a method and goes on with a capital letter, so it is never a reserved word. */
function plainIdentifier(operation: string): string {
  const [method = "", ...path] = operation.split(" ");
  const words = path.join(" ").matchAll(/\{([^{}]*)\}|[A-Za-z0-9]+/g);
  const parts = [...words].map(([word, parameter]) =>
    parameter === undefined ? capitalised(word) : `By${camelCase(parameter)}`,
  );
  return method.toLowerCase() + (parts.join("") || "Root");
}

const camelCase = (text: string): string =>
  (text.match(/[A-Za-z0-9]+/g) ?? []).map(capitalised).join("");

const capitalised = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

const digest = (text: string): string =>
  createHash("sha256").update(text).digest("hex").slice(0, 12);

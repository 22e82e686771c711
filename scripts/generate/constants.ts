import { createHash } from "node:crypto";
import { isObject, type JsonObject } from "../lib/json.ts";
import { entriesOf, listOf, operationsOf, zoneName } from "../lib/openapi.ts";
import { printable } from "../lib/text.ts";

/** The code of zones.ts: the base URL of each zone. */
export const zonesCode = (document: JsonObject): string =>
  constant("zones", Object.fromEntries(zonesOf(document)));

/**
 * The code of operations.ts: the name and the scopes of each operation. Each has an export of its
 * own, so that an importer's bundle holds only those it uses.
 */
export function operationsCode(document: JsonObject): string {
  const operations = operationsOf(document);
  const identifiers = identifiersOf(operations.map(({ name }) => name));
  return operations
    .map(({ name, value }) => {
      const scopes = listOf(value["security"])
        .flatMap(entriesOf)
        .flatMap(([, names]) => listOf(names));
      return constant(identifiers.get(name) ?? "", { name, scopes });
    })
    .join("\n");
}

const constant = (name: string, data: object): string =>
  `export const ${name} = ${JSON.stringify(data, null, 2)} as const;\n`;

/**
 * Name of each zone → its base URL, in the order of `servers`.
 *
 * @throws Error if there is none, or one without a URL or a name of its own
 */
export function zonesOf(document: JsonObject): Map<string, string> {
  const zones = new Map<string, string>();
  for (const server of listOf(document["servers"])) {
    const url = isObject(server) ? server["url"] : undefined;
    if (typeof url !== "string" || !URL.canParse(url)) {
      throw new Error(`a server has no absolute URL: ${printable(JSON.stringify(server))}`);
    }
    const name = zoneName(url);
    if (name === "" || zones.has(name)) {
      throw new Error(`no zone name of its own is in the host of server ${printable(url)}`);
    }
    zones.set(name, url);
  }
  if (zones.size === 0) throw new Error("it names no servers, so the client would have no zone");
  return zones;
}

/**
 * A name in code for each "METHOD /path": `DELETE /things/{id}` → `deleteThingsById`. Operations
 * that would share a name each get a digest behind it, so that no name depends on their order.
 */
export function identifiersOf(operations: readonly string[]): Map<string, string> {
  const names = operations.map(plainIdentifier);
  const isShared = (name: string): boolean => names.indexOf(name) !== names.lastIndexOf(name);
  return new Map(
    operations.map((operation, i) => {
      const name = names[i] ?? "";
      return [operation, isShared(name) ? `${name}_${digest(operation)}` : name];
    }),
  );
}

/** Begins with a method and goes on with a capital letter or a digit, so it is no reserved word. */
function plainIdentifier(operation: string): string {
  const [method = "", path = ""] = operation.split(/ (.*)/s);
  const words = path.replaceAll("{", " by ").match(/[A-Za-z0-9]+/g) ?? ["root"];
  const capitalized = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return method.toLowerCase() + capitalized.join("");
}

const digest = (text: string): string =>
  createHash("sha256").update(text).digest("hex").slice(0, 12);

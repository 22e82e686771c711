import { createHash } from "node:crypto";
import { type JsonObject, valueAt } from "../lib/json.ts";
import { entriesOf, listOf, operationsOf, zoneName } from "../lib/openapi.ts";

/**
 * The code of zones.ts: the base URL of each zone, in the order of `servers`.
 *
 * @throws Error if there is none, or one without a URL or a name of its own
 */
export function zonesCode(document: JsonObject): string {
  const zones: Record<string, string> = {};
  for (const server of listOf(document["servers"])) {
    const url = String(valueAt(server, ["url"]));
    const name = zoneName(url);
    if (name === "" || Object.hasOwn(zones, name)) {
      throw new Error(`no zone name of its own is in the host of server ${url}`);
    }
    zones[name] = url;
  }
  if (Object.keys(zones).length > 0) return constant("zones", zones);
  throw new Error("it names no servers, so the client would have no zone");
}

/**
 * The code of operations.ts: the name and the scopes of each operation. Each has an export of its
 * own, so that an importer's bundle holds only those it uses.
 */
export function operationsCode(document: JsonObject): string {
  const operations = operationsOf(document);
  const identifiers = identifiersOf(operations.map(({ name }) => name));
  const constants = operations.map(({ name, value }, i) => {
    const requirements = listOf(value["security"]).flatMap(entriesOf);
    const scopes = requirements.flatMap(([, names]) => listOf(names));
    return constant(identifiers[i] ?? "", { name, scopes });
  });
  return constants.join("\n");
}

const constant = (name: string, data: object): string =>
  `export const ${name} = ${JSON.stringify(data, null, 2)} as const;\n`;

/**
 * A name in code for each "METHOD /path": `DELETE /things/{id}` → `deleteThingsById`. Operations
 * that would share a name each get a digest behind it, so that no name depends on their order.
 */
export function identifiersOf(operations: readonly string[]): string[] {
  const names = operations.map(plainIdentifier);
  return operations.map((operation, i) => {
    const name = names[i] ?? "";
    const isShared = names.indexOf(name) !== names.lastIndexOf(name);
    const digest = createHash("sha256").update(operation).digest("hex");
    return isShared ? `${name}_${digest.slice(0, 12)}` : name;
  });
}

/** Begins with a method and goes on with a capital letter or a digit, so it is no reserved word. */
function plainIdentifier(operation: string): string {
  const [method = "", path = ""] = operation.split(/ (.*)/s);
  const words = path.replaceAll("{", " by ").match(/[A-Za-z0-9]+/g) ?? ["root"];
  const capitalized = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return method.toLowerCase() + capitalized.join("");
}

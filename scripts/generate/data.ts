import { Refusal } from "../lib/refusal.js";
import { order, printable } from "../lib/text.js";
import { isObject, type Json, type JsonObject } from "../lib/json.js";
import { methods } from "../lib/old-openapi.js";

/** All that a call needs of its operation beside its types. */
export interface Operation {
  /** "GET /path" */
  name: string;
  method: string;
  path: string;
  scopes: string[];
}

/** Name of each zone → its base URL, in the order of `servers`. */
export function zonesOf(document: JsonObject): Map<string, string> {
  const zones = new Map<string, string>();
  for (const server of arrayOf(document["servers"])) {
    const url = isObject(server) ? server["url"] : undefined;
    if (typeof url !== "string" || !URL.canParse(url)) {
      throw unfit(`a server has no absolute URL: ${printable(JSON.stringify(server))}`);
    }
    const name = zoneName(url);
    if (name === "" || zones.has(name)) {
      throw unfit(`no zone name of its own is in the host of server ${printable(url)}`);
    }
    zones.set(name, url);
  }
  return zones;
}

/** The host without its labels `make` and `com`: "eu1.make.celonis.com" → "eu1.celonis". */
export function zoneName(url: string): string {
  const labels = new URL(url).hostname.split(".");
  return labels.filter((label) => label !== "make" && label !== "com").join(".");
}

/** By name; sorted by path, then by method. */
export function operationsOf(document: JsonObject): Map<string, Operation> {
  const operations: Operation[] = [];
  for (const [path, item] of entriesOf(document["paths"])) {
    for (const [key, operation] of entriesOf(item)) {
      if (!methods.includes(key) || !isObject(operation)) continue;
      const method = key.toUpperCase();
      operations.push({ name: `${method} ${path}`, method, path, scopes: scopesOf(operation) });
    }
  }
  operations.sort((a, b) => order(a.path, b.path) || order(a.method, b.method));
  return new Map(operations.map((operation) => [operation.name, operation]));
}

const scopesOf = (operation: JsonObject): string[] =>
  arrayOf(operation["security"])
    .flatMap((requirement) => entriesOf(requirement))
    .flatMap(([, scopes]) => arrayOf(scopes))
    .filter((scope) => typeof scope === "string");

const arrayOf = (value: Json | undefined): Json[] => (Array.isArray(value) ? value : []);

const entriesOf = (value: Json | undefined): [string, Json][] =>
  isObject(value) ? Object.entries(value) : [];

const unfit = (what: string): Refusal =>
  new Refusal(`spec/openapi.json: ${what}.`, "Run `npm run pull`, which writes this file.");

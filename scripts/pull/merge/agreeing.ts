import { isDeepStrictEqual } from "node:util";
import { isObject, type Json, type Path } from "../../lib/json.js";
import { order } from "../../lib/text.js";
import { jsonPath, jsonPathText, leaveOut, MEND_A_COPY, removal } from "../remedies.js";
import type { Found } from "./found.js";

/** The action after which two fragments that disagree no longer do. */
export function agreeing(one: Found, other: Found): string {
  const [root, section] = other.path;
  if (root === "servers") return sameServers(one.value, other.value);
  if (root === "paths") return leaveOut(other.path);
  if (section !== "schemas") return MEND_A_COPY;
  const { path, keys } = differing(one.value, other.value, other.path);
  const target = `${jsonPath(path)}[${keys.map(jsonPathText).join(",")}]`;
  return removal("To leave out what they disagree on", target);
}

/** The deepest object that holds every difference, and its keys that differ. */
function differing(a: Json, b: Json, path: Path): { path: Path; keys: string[] } {
  const keys = keysOf(a, b).filter((key) => !isDeepStrictEqual(own(a, key), own(b, key)));
  const [only] = keys;
  if (keys.length === 1 && only !== undefined) {
    const [x, y] = [own(a, only), own(b, only)];
    if (isObject(x) && isObject(y)) return differing(x, y, [...path, only]);
  }
  return { path, keys };
}

const keysOf = (...values: Json[]): string[] =>
  [...new Set(values.flatMap((value) => (isObject(value) ? Object.keys(value) : [])))].sort(order);

const own = (value: Json, key: string): Json | undefined =>
  isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;

/** Leaves out the servers that only one of both has; if they share none, those of the second. */
function sameServers(one: Json, other: Json): string {
  const [a, b] = [one, other].map(urlsOf);
  if (!a || !b) return MEND_A_COPY;
  const shared = a.filter((url) => b.includes(url));
  const surplus = shared.length > 0 ? [...a, ...b].filter((url) => !shared.includes(url)) : b;
  const filter = surplus.map((url) => `@.url==${jsonPathText(url)}`).join(" || ");
  if (filter === "") return MEND_A_COPY;
  return removal("To leave out the servers that not every fragment has", `$.servers[?${filter}]`);
}

const urlsOf = (servers: Json): string[] =>
  (Array.isArray(servers) ? servers : []).flatMap((server) => {
    const url = isObject(server) ? server["url"] : undefined;
    return typeof url === "string" ? [url] : [];
  });

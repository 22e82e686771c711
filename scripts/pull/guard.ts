import { type Json, type JsonObject, type Path, valueAt } from "../lib/json.ts";
import { everyValue, listOf, localReference, resolve } from "../lib/openapi.ts";
import { printable } from "../lib/text.ts";
import { type Finding, type Fragment, pageFault, refusalOf } from "./findings.ts";
import { NOT_SUPPORTED, trust } from "./remedies.ts";

/*
 * What endangers the token, the code or the machine. A page is not trusted, but decides where the
 * token is sent, and which code is generated. An overlay can loosen none of this, because it comes before.
 */

/** A value of the document, and the last step to it. */
interface Spot {
  readonly document: JsonObject;
  readonly hosts: readonly string[];
  readonly value: Json;
  readonly key: string;
}

/** Only as plain as it seems: no port, user, query, fragment, template or dot segment. */
const plainUrl =
  /^https:\/\/([a-z][a-z0-9-]*(?:\.[a-z0-9-]+)+)(?:\/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*$/;
const hostOf = ({ value }: Spot) => plainUrl.exec(typeof value === "string" ? value : "")?.[1];
const isPlainUrl = (it: Spot) => hostOf(it) !== undefined;
const isTrusted = (it: Spot) => it.hosts.some((host) => `.${hostOf(it)}`.endsWith(`.${host}`));
const trustHost = (it: Spot) => trust(hostOf(it) ?? "");

/** RFC 3986 segments without percent signs, and templates (OpenAPI 3.0, section 4.7.8.1). */
const plainPath = /^(?:\/(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|\{[A-Za-z0-9._-]+\})*)+$/;
const isPlainPath = ({ key }: Spot) => plainPath.test(key) && !/\/\/|\/\.\.?(?:\/|$)/.test(key);

/** Errors of the client name the scopes, such as "user:read". */
const plainScope = /^[A-Za-z0-9][A-Za-z0-9._:*/-]*$/;
const isRequirement = ({ document, value, key }: Spot) =>
  valueAt(document, ["components", "securitySchemes", key]) !== undefined &&
  listOf(value).every((scope) => typeof scope === "string" && plainScope.test(scope));

/** The client sends its token in this header, and knows no other way. */
function isAuthorization(value: Json | undefined): boolean {
  const name = valueAt(value, ["name"]);
  const isHeader = valueAt(value, ["in"]) === "header";
  return isHeader && typeof name === "string" && name.toLowerCase() === "authorization";
}
const isOther = ({ document, value }: Spot) => !isAuthorization(resolve(document, value));
const isToken = ({ value }: Spot) =>
  valueAt(value, ["type"]) === "apiKey" && isAuthorization(value);
const takeOut = () => NOT_SUPPORTED;

/** Tools read the file or the address that a reference names, and write its parts as code. */
const isLocal = ({ value }: Spot) => typeof value === "string" && localReference.test(value);
const isFollowed = ({ document, value }: Spot) => resolve(document, { $ref: value }) !== undefined;

const isPlainName = ({ key }: Spot) => key !== "" && printable(key) === key;
const never = () => false;

/**
 * A place, in which `*` is any step, and one step alone the last of any place; what holds there; why
 * a page is refused where it does not; and the way on, if that is not to leave out the operation
 * around.
 */
type Rule = readonly [
  ...[place: string, holds: (it: Spot) => boolean, why: string],
  remedy?: (it: Spot) => string,
];

const rules: readonly Rule[] = [
  ["servers/*/url", isPlainUrl, "is not plainly https://<host>/<path> in lower case"],
  ["servers/*/url", isTrusted, "is outside the hosts of spec/sources.json", trustHost],
  ["paths/*", isPlainPath, "not a plain path that begins with a slash"],
  ["paths/*/servers", never, "a server of its own, which the client would not call"],
  ["paths/*/*/servers", never, "a server of its own, which the client would not call"],
  ["paths/*/*/parameters/*", isOther, "a parameter that sets the header Authorization"],
  ["paths/*/*/security/*/*", isRequirement, "there is no such scheme, or this is no scope"],
  ["components/securitySchemes/*", isToken, "is no apiKey in the header Authorization", takeOut],
  ["$ref", isLocal, "is not of the form #/components/<section>/<name>"],
  ["$ref", isFollowed, "leads to no component, or over too many others"],
  ["*", isPlainName, "an empty name, or one with invisible characters"],
];
const places = rules.map(([place]) => place.split("/"));

/** @throws Refusal where a rule does not hold; it names every such place, with the first such rule */
export function refuseDangers(
  document: JsonObject,
  hosts: readonly string[],
  fragments: readonly Fragment[],
): void {
  const findings: Finding[] = [];
  everyValue(document, (value, path) => {
    const spot = { document, hosts, value, key: String(path.at(-1) ?? "document") };
    const [, , what, remedy] =
      rules.find(([, holds], i) => isAt(path, places[i]) && !holds(spot)) ?? [];
    if (what !== undefined) findings.push({ path, what, remedy: remedy?.(spot) });
  });
  if (findings.length > 0) throw refusalOf(findings, document, fragments);
}

function isAt(path: Path, place: readonly string[] = []): boolean {
  const steps = place.length === 1 ? path.slice(-1) : path;
  return steps.length === place.length && place.every((it, i) => it === "*" || it === steps[i]);
}

/** The time and memory of a pull grow with the values of its documents, more than with their text. */
const charactersOfValue = 50;

/**
 * Refuses a document that is too large: each fragment before anything is made of it, and the merged
 * one, which repeats what a fragment says once for all of its operations. A reference of 500
 * operations on 84 pages has 2.8 million characters, and 200 entries in its largest object. The
 * heaviest documents that are known take 8 seconds and 700 MB.
 */
export function checkSize(document: JsonObject, where: string): void {
  const refuseOver = (limit: number, size: number, what: string): void => {
    if (size > limit) throw pageFault(`${where}: more than ${limit} ${what}.`);
  };
  let characters = 0;
  const look = (value: Json, depth: number): void => {
    const entries = typeof value === "object" && value !== null ? Object.entries(value) : [];
    characters += charactersOfValue + (typeof value === "string" ? value.length : 0);
    refuseOver(4_000_000, characters, `characters, with ${charactersOfValue} for each value`);
    refuseOver(1000, entries.length, "entries of one object or list");
    refuseOver(100, depth, "values inside each other");
    for (const [key, inner] of entries) {
      refuseOver(1000, key.length, "characters of a name");
      characters += key.length;
      look(inner, depth + 1);
    }
  };
  look(document, 0);
}

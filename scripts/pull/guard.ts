import { type Json, type JsonObject, type Path, valueAt } from "../lib/json.ts";
import { everyValue, listOf, localReference, resolve } from "../lib/openapi.ts";
import { printable } from "../lib/text.ts";
import { type Finding, type Fragment, refusalOf } from "./findings.ts";
import { NOT_SUPPORTED, trust } from "./remedies.ts";

/*
 * What endangers the token or the code. A page is not trusted, but decides where the token is sent,
 * and which code is generated. An overlay can loosen none of this, because it comes before.
 */

/** A value of the document, its place, and the field that holds it, as `everyValue` shows it. */
interface Spot {
  readonly document: JsonObject;
  readonly hosts: readonly string[];
  readonly value: Json;
  readonly path: Path;
  readonly field: string | undefined;
}

/** What is refused, and the way on, if that is not to leave out the operation around. */
type Rule = readonly [what: string, breaks: (it: Spot) => boolean, remedy?: (it: Spot) => string];

const rules: readonly Rule[] = [
  ["is not plainly https://<host>/<path> in lower case", isOddServer],
  ["is outside the hosts of spec/sources.json", isForeignServer, trustServer],
  ["a server of its own, which the client would not call", isOtherServer],
  ["only an apiKey in the header Authorization is known", isForeignScheme, () => NOT_SUPPORTED],
  ["there is no such scheme, or this is no scope", isOddRequirement],
  ["a parameter that sets the header Authorization", setsAuthorization],
  ["not a plain path that begins with a slash", isOddPath],
  ["an empty name, or one with invisible characters", isOddName],
  ["is not of the form #/components/<section>/<name>", isForeignReference],
  ["leads to no component, or over too many others", isBrokenReference],
];

/** @throws Refusal where a value breaks a rule; it names every such place */
export function refuseDangers(
  document: JsonObject,
  hosts: readonly string[],
  fragments: readonly Fragment[],
): void {
  const findings: Finding[] = [];
  everyValue(document, (value, path, field) => {
    const spot = { document, hosts, value, path, field };
    for (const [what, breaks, remedy] of rules) {
      if (breaks(spot)) findings.push({ path, what, remedy: remedy?.(spot) });
    }
  });
  if (findings.length > 0) throw refusalOf(findings, document, fragments);
}

/** The client sends the token to these addresses. */
const isServer = ({ path }: Spot): boolean =>
  path[0] === "servers" && path[2] === "url" && path.length === 3;

/** Only as a whole as plain as it seems: no port, user, query, fragment, template or dot segment. */
const plainUrl =
  /^https:\/\/[a-z][a-z0-9-]*(?:\.[a-z0-9-]+)+(?:\/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*$/;

const urlOf = (text: Json | undefined): URL | undefined =>
  typeof text === "string" && plainUrl.test(text) && URL.canParse(text) ? new URL(text) : undefined;

function isOddServer(it: Spot): boolean {
  return isServer(it) && !urlOf(it.value);
}

function isForeignServer(it: Spot): boolean {
  const url = isServer(it) ? urlOf(it.value) : undefined;
  return url !== undefined && !it.hosts.some((host) => `.${url.hostname}`.endsWith(`.${host}`));
}

function trustServer({ value }: Spot): string {
  return trust(urlOf(value)?.hostname ?? "");
}

function isOtherServer({ path, field }: Spot): boolean {
  return (field === "servers" || field === "server") && path.length > 1;
}

function isAuthorization(value: Json | undefined): boolean {
  const name = valueAt(value, ["name"]);
  const isHeader = valueAt(value, ["in"]) === "header";
  return isHeader && typeof name === "string" && name.toLowerCase() === "authorization";
}

/** The client sends its token in the header Authorization, and knows no other way. */
function isForeignScheme({ value, path }: Spot): boolean {
  const isScheme = path[1] === "securitySchemes" && path.length === 3;
  return isScheme && (valueAt(value, ["type"]) !== "apiKey" || !isAuthorization(value));
}

/** Errors of the client name the scopes, such as "user:read". */
function isOddRequirement({ document, value, path }: Spot): boolean {
  const [, , , field, , name = ""] = path;
  const isScope = (scope: Json): boolean =>
    typeof scope === "string" && /^[A-Za-z0-9][A-Za-z0-9._:*/-]*$/.test(scope);
  const isKnown = valueAt(document, ["components", "securitySchemes", name]) !== undefined;
  return field === "security" && path.length === 6 && !(isKnown && listOf(value).every(isScope));
}

/** It would take the token's place. */
function setsAuthorization({ document, value, path }: Spot): boolean {
  const isUsed = path[0] === "paths" && path.at(-2) === "parameters";
  return isUsed && isAuthorization(resolve(document, value));
}

/** RFC 3986 segments without percent signs, and templates (OpenAPI 3.0, section 4.7.8.1). */
const plainPath = /^(?:\/(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|\{[A-Za-z0-9._-]+\})*)+$/;

/** It could lead elsewhere than it seems. */
function isOddPath({ path: [root, name = "", ...inner] }: Spot): boolean {
  if (root !== "paths" || typeof name !== "string" || name === "" || inner.length > 0) return false;
  return !plainPath.test(name) || /\/\/|\/\.\.?(?:\/|$)/.test(name);
}

function isOddName({ path }: Spot): boolean {
  const name = path.at(-1);
  return typeof name === "string" && (name === "" || printable(name) !== name);
}

const isReference = ({ path }: Spot): boolean => path.at(-1) === "$ref";

/** Tools read the file or the address that a reference names, and write its parts as code. */
function isForeignReference(it: Spot): boolean {
  return isReference(it) && !(typeof it.value === "string" && localReference.test(it.value));
}

function isBrokenReference(it: Spot): boolean {
  const { document, value: $ref } = it;
  return isReference(it) && !isForeignReference(it) && resolve(document, { $ref }) === undefined;
}

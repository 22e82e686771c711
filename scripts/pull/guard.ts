import { type Json, type JsonObject, type Path, valueAt } from "../lib/json.ts";
import {
  entriesOf,
  everyValue,
  isData,
  listOf,
  localReference,
  operationsOf,
  parametersIn,
  resolve,
  zoneName,
} from "../lib/openapi.ts";
import { cut, printable } from "../lib/text.ts";
import { type Finding, shown } from "./faults.ts";
import {
  jsonPath,
  jsonPathText,
  leaveOut,
  CORRECT_A_COPY,
  NOT_SUPPORTED,
  removal,
} from "./remedies.ts";

/*
 * What endangers the token or the code. A page is not trusted, but decides where the token is sent,
 * and which code is generated. An overlay can loosen none of this, because it comes before.
 */

export const dangersIn = (document: JsonObject, hosts: readonly string[]): Finding[] => [
  ...foreignServers(document, hosts),
  ...otherAuthentication(document),
  ...takenTokens(document),
  ...oddPaths(document),
  ...anywhere(document),
];

/** The client sends the token to these addresses. */
function foreignServers({ servers }: JsonObject, hosts: readonly string[]): Finding[] {
  const all = listOf(servers);
  if (all.length === 0) {
    return [{ path: ["servers"], what: "there is no server", remedy: CORRECT_A_COPY }];
  }
  const zones = new Set<string>();
  return all.flatMap((server, index): Finding[] => {
    const text = valueAt(server, ["url"]);
    const bad = (what: string, remedy = withoutServer(text)): Finding[] => [
      { path: ["servers", index, "url"], what: `${shown(text)} ${what}`, remedy },
    ];
    const url = plainUrl(server);
    if (!url) return bad("is not plainly https://<host>/<path> in lower case");
    if (!hosts.some((host) => `.${url.hostname}`.endsWith(`.${host}`))) {
      return bad(`is outside the hosts of spec/sources.json (${hosts.join(", ")})`, trust(url));
    }
    const zone = zoneName(url.href);
    if (zone === "" || zones.has(zone)) return bad("leaves no name of its own for a zone");
    zones.add(zone);
    return [];
  });
}

/** Only as a whole as plain as it seems: no port, user, query, fragment, template or dot segment. */
function plainUrl(server: Json): URL | undefined {
  const text = valueAt(server, ["url"]);
  if (typeof text !== "string" || valueAt(server, ["variables"]) !== undefined) return undefined;
  const plain = /^https:\/\/[a-z][a-z0-9-]*(?:\.[a-z0-9-]+)+(?:\/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*$/;
  return plain.test(text) && URL.canParse(text) ? new URL(text) : undefined;
}

const withoutServer = (url: Json | undefined): string =>
  typeof url === "string"
    ? removal("To leave this server out", `$.servers[?@.url==${jsonPathText(url)}]`)
    : CORRECT_A_COPY;

/** Whoever trusts a host sends it tokens. */
const trust = ({ hostname }: URL): string =>
  `Look at the page first: a client sends its token to whatever is trusted here. Only if this host is Make's, add ${JSON.stringify(cut(hostname, 260))} to "hosts" in spec/sources.json; otherwise take the page out there.`;

function isAuthorization(value: Json | undefined): boolean {
  const name = valueAt(value, ["name"]);
  const isHeader = valueAt(value, ["in"]) === "header";
  return isHeader && typeof name === "string" && name.toLowerCase() === "authorization";
}

/** The client sends its token in the header Authorization, and knows no other way. */
function otherAuthentication(document: JsonObject): Finding[] {
  const at: Path = ["components", "securitySchemes"];
  const schemes = new Map(entriesOf(valueAt(document, at)));
  const others = [...schemes].filter(
    ([, scheme]) => valueAt(scheme, ["type"]) !== "apiKey" || !isAuthorization(scheme),
  );
  const what = "only an apiKey in the header Authorization is known to be Make's";
  const faults = others.map(([name]) => ({ path: [...at, name], what, remedy: NOT_SUPPORTED }));
  const required = operationsOf(document).flatMap(({ place, value }) =>
    listOf(value["security"]).flatMap((requirement, index) =>
      entriesOf(requirement).map(([name, scopes]) => ({
        ...{ name, scopes, path: [...place, "security", index, name] },
      })),
    ),
  );
  for (const { name, scopes, path } of required) {
    if (schemes.has(name) && listOf(scopes).every(isScope)) continue;
    const what = schemes.has(name) ? "not a list of scopes" : "there is no such scheme";
    faults.push({ path, what, remedy: leaveOut(path) });
  }
  return faults;
}

/** Such as "user:read"; errors of the client name them. */
const isScope = (scope: Json): boolean =>
  typeof scope === "string" && /^[A-Za-z0-9][A-Za-z0-9._:*/-]{0,99}$/.test(scope);

/** Parameters that would take the token's place. */
const takenTokens = (document: JsonObject): Finding[] =>
  operationsOf(document).flatMap(({ place, value }) =>
    listOf(value["parameters"]).flatMap((parameter, index): Finding[] => {
      const target = resolve(document, parameter);
      if (!isAuthorization(target)) return [];
      const name = jsonPathText(String(valueAt(target, ["name"])));
      // It may have been said for the whole path.
      const all = `$.paths..parameters[?@.in=='header' && @.name==${name}]`;
      const remedy = target === parameter ? removal("To leave it out", all) : leaveOut(place);
      const what = "a parameter that sets the header Authorization";
      return [{ path: [...place, "parameters", index], what, remedy }];
    }),
  );

/** RFC 3986 segments without percent signs, and templates (OpenAPI 3.0, section 4.7.8.1). */
const plainPath = /^(?:\/(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|\{[A-Za-z0-9._-]+\})*)+$/;

/** Paths that could lead elsewhere than they seem. */
const oddPaths = ({ paths }: JsonObject): Finding[] =>
  entriesOf(paths).flatMap(([name]): Finding[] => {
    const parameters = parametersIn(name);
    const isPlain = plainPath.test(name) && !/\/\/|\/\.\.?(?:\/|$)/.test(name);
    const isOnce = new Set(parameters).size === parameters.length;
    if (isPlain && isOnce) return [];
    const what = isPlain
      ? "a parameter is in it twice"
      : "not a plain path that begins with a slash";
    return [{ path: ["paths", name], what }];
  });

/** The compiler, and the bundler of its declarations, obey these in a comment. */
const directive = /@(?:internal|ts-(?:ignore|expect-error|nocheck|check))\b/;

/** Dangers of any place: in a name, in a text, by another server, and in a reference. */
function anywhere(document: JsonObject): Finding[] {
  const findings: Finding[] = [];
  everyValue(document, (value, path, field) => {
    const name = path.at(-1);
    if (typeof name === "string" && (name === "" || printable(name) !== name)) {
      findings.push({ path, what: "an empty name, or one with invisible characters" });
    }
    const text = isData(field) ? JSON.stringify(value) : value;
    if (typeof text === "string" && directive.test(text)) {
      // The place of a parameter on the page is not known: it may have been said for the whole path.
      const isMoved = path.includes("parameters") || path[0] === "tags";
      const remedy = isMoved ? leaveOut(path) : removal("To leave it out", jsonPath(path));
      findings.push({ path, what: "a text that the compiler would obey", remedy });
    }
    if ((field === "servers" || field === "server") && path.length > 1) {
      findings.push({ path, what: "a server of its own, which the client would not call" });
    }
    if (!isData(field)) findings.push(...badReferences(document, value, path));
  });
  return findings;
}

/** Tools read the file or the address that a reference names, and write its parts as code. */
function badReferences(document: JsonObject, value: Json, path: Path): Finding[] {
  const $ref = valueAt(value, ["$ref"]);
  const mapping = entriesOf(valueAt(value, ["discriminator", "mapping"]));
  const all: [Path, Json][] = [
    ...($ref === undefined ? [] : [[[...path, "$ref"], $ref] as [Path, Json]]),
    // A plain name is that of a schema (OpenAPI 3.0, section 4.7.25).
    ...mapping.map(([name, target]): [Path, Json] => [
      [...path, "discriminator", "mapping", name],
      /^"[\w.-]+"$/.test(JSON.stringify(target))
        ? `#/components/schemas/${String(target)}`
        : target,
    ]),
  ];
  return all.flatMap(([path, $ref]): Finding[] => {
    const isLocal = typeof $ref === "string" && localReference.test($ref);
    if (isLocal && resolve(document, { $ref }) !== undefined) return [];
    const what = isLocal
      ? "leads to no component, or over too many others"
      : "is not of the form #/components/<section>/<name>";
    return [{ path, what }];
  });
}

import { cut, excerpt } from "../../../lib/text.js";
import { jsonPathText, MEND_A_COPY, removal } from "../../remedies.js";
import { isObject, type Json, type JsonObject } from "../../../lib/json.js";
import { zoneName } from "../../../generate/data.js";
import type { Finding, Rule } from "../finding.js";
import { at, items, objectsOf, type Visit } from "./walk.js";

const servers = (document: JsonObject): Visit[] => items(at(document, "servers"));

export const badServers: Rule = function* (document, hosts) {
  const all = servers(document);
  if (all.length === 0) {
    yield { path: ["servers"], what: "there is no server", remedy: MEND_A_COPY };
  }
  const [first] = all.flatMap(({ value }) => plainUrl(value) ?? []);
  for (const { path, value } of all) {
    const url = plainUrl(value);
    const shown = excerpt(JSON.stringify(isObject(value) ? value["url"] : value) ?? "nothing");
    const bad = (what: string, remedy = withoutServer(value)): Finding => ({
      path: [...path, "url"],
      what: `${shown} ${what}`,
      remedy,
    });
    if (!url) yield bad("is no plain https://<host>/<path> in lower case");
    else if (!hosts.some((host) => url.hostname === host || url.hostname.endsWith(`.${host}`))) {
      yield bad(`is outside the hosts of spec/sources.json (${hosts.join(", ")})`, trust(url));
    } else if (first && url.pathname !== first.pathname) {
      yield bad(`has another path than the other servers (${excerpt(first.pathname)})`);
    }
  }
};

/** Whoever trusts a host sends it tokens. */
const trust = ({ hostname }: URL): string =>
  `Look at the page first: a client sends its token to whatever is trusted here. Only if this host is Make's, add ${JSON.stringify(cut(hostname, 260))} to "hosts" in spec/sources.json; otherwise take the page out there.`;

function withoutServer(server: Json): string {
  const url = isObject(server) ? server["url"] : undefined;
  if (typeof url !== "string") return MEND_A_COPY;
  return removal("To leave this server out", `$.servers[?@.url==${jsonPathText(url)}]`);
}

/** Only as a whole as plain as it seems: no port, user, query, fragment, template or dot segment. */
function plainUrl(server: Json): URL | undefined {
  if (!isObject(server) || Object.hasOwn(server, "variables")) return undefined;
  const text = server["url"];
  if (typeof text !== "string" || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  const path = url.pathname === "/" ? "" : url.pathname;
  const plain =
    text === `https://${url.hostname}${path}` &&
    /^[a-z][a-z0-9-]*(\.[a-z0-9-]+)+$/.test(url.hostname) &&
    /^(\/[A-Za-z0-9._~-]+)*$/.test(path);
  return plain ? url : undefined;
}

export const sameZones: Rule = function* (document) {
  const seen = new Set<string>();
  for (const { path, value } of servers(document)) {
    const url = plainUrl(value);
    if (!url) continue;
    const name = zoneName(url.href);
    if (name === "")
      yield {
        path: [...path, "url"],
        what: `${excerpt(url.hostname)} leaves no name for a zone`,
        remedy: withoutServer(value),
      };
    else if (seen.has(name))
      yield {
        path: [...path, "url"],
        what: `a second zone with the name ${excerpt(name)}`,
        remedy: MEND_A_COPY,
      };
    seen.add(name);
  }
};

export const serversElsewhere: Rule = function* (document) {
  for (const type of ["PathItem", "Operation"]) {
    for (const { path, value } of objectsOf(type, document)) {
      if (!Object.hasOwn(value, "servers")) continue;
      yield { path: [...path, "servers"], what: "servers of a single path or operation" };
    }
  }
  for (const { path, value } of objectsOf("Link", document)) {
    if (Object.hasOwn(value, "server")) {
      yield { path: [...path, "server"], what: "the server of a single link" };
    }
  }
};

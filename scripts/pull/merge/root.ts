import { isObject, type Json } from "../../lib/json.js";
import { excerpt } from "../../lib/text.js";
import { type Remark, remark } from "../notes.js";
import { type Fragment, placeOf } from "../read/fragment.js";
import { NOT_SUPPORTED, pageFault } from "../remedies.js";

/** The fragment with the addresses of its servers in their plain form: lower case, no slash at the end. */
export function plainServers(fragment: Fragment, remarks: Remark[]): Fragment {
  const { servers } = fragment.document;
  if (!Array.isArray(servers)) return fragment;
  const plain = servers.map((server, index): Json => {
    const url = isObject(server) ? server["url"] : undefined;
    if (!isObject(server) || typeof url !== "string") return server;
    const taken = plainAddress(url);
    if (taken === url) return server;
    remarks.push(remark(fragment, ["servers", index, "url"], "server form", ` ${excerpt(taken)}`));
    return { ...server, url: taken };
  });
  return { ...fragment, document: { ...fragment.document, servers: plain } };
}

/** Scheme and host have no case (RFC 3986, section 6.2.2.1); what is no address stays as it is. */
const plainAddress = (url: string): string =>
  /^https:\/\/[a-z0-9.-]+(?:\/|$)/i.test(url)
    ? url.replace(/^[^/]*\/\/[^/]*/, (origin) => origin.toLowerCase()).replace(/([^/])\/$/, "$1")
    : url;

const version = /^3\.0\.(\d{1,9})$/;

/** The highest version that a fragment names; all must be of OpenAPI 3.0. */
export function highestVersion(
  fragments: readonly Fragment[],
  remarks: Remark[],
): (readonly ["openapi", Json])[] {
  const named = fragments.flatMap((fragment) => {
    if (!Object.hasOwn(fragment.document, "openapi")) return [];
    const value = fragment.document["openapi"] ?? null;
    const [, patch] = typeof value === "string" ? (version.exec(value) ?? []) : [];
    if (patch === undefined) {
      throw pageFault(
        `${placeOf(fragment, ["openapi"])}: openapi: only OpenAPI 3.0 is read: ${excerpt(JSON.stringify(value))}.`,
        NOT_SUPPORTED,
      );
    }
    return [{ fragment, value: String(value), patch: Number(patch) }];
  });
  const [first] = named;
  if (!first) return [];
  const highest = named.reduce((high, one) => (one.patch > high.patch ? one : high));
  const other = named.find(({ value }) => value !== highest.value);
  if (other) {
    const difference = `: ${other.value} and ${highest.value}`;
    const there = { fragment: highest.fragment, path: ["openapi"] };
    remarks.push(remark(other.fragment, ["openapi"], "other version", difference, there));
  }
  return [["openapi", highest.value]];
}

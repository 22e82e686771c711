import { existsSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { readObject } from "../lib/files.ts";
import { type Json, valueAt } from "../lib/json.ts";
import { entriesOf, listOf } from "../lib/openapi.ts";
import { Refusal } from "../lib/refusal.ts";
import { type Action, isTarget } from "./overlay.ts";

export interface Source {
  /** Names the page and its file, spec/pages/<name>.md. */
  readonly name: string;
  /** An address, or the path of a file. */
  readonly from: URL | string;
}

const SOURCES = "spec/sources.json";
const OVERLAY = "spec/overlay.json";

/** spec/sources.json: the pages to read, and the domains that they may name as servers. */
export async function readSources(root: string): Promise<{ pages: Source[]; hosts: string[] }> {
  const remedy =
    'Name another root by --root, or write it so: { "pages": [{ "name": "api-tokens", "url": "https://…/api-tokens.md" }], "hosts": ["make.com"] }';
  const sources = await readObject(root, SOURCES, remedy);
  const pages = filledList(SOURCES, sources, "pages").map((page, index) =>
    sourceOf(root, page, `pages[${index}]`),
  );
  // Some file systems take "A.md" and "a.md" for the same file.
  const names = new Set(pages.map(({ name }) => name.toLowerCase()));
  if (names.size < pages.length) throw fault(SOURCES, "two pages have one name");
  const hosts = filledList(SOURCES, sources, "hosts").map((host, index) => {
    if (typeof host === "string" && /^(?:[a-z0-9-]+\.)+[a-z]+$/.test(host)) return host;
    throw fault(SOURCES, `hosts[${index}] is not a domain name in lower case`);
  });
  return { pages, hosts };
}

function sourceOf(root: string, page: Json, where: string): Source {
  const [name, url] = [valueAt(page, ["name"]), valueAt(page, ["url"])];
  if (typeof name !== "string" || !/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(name)) {
    throw fault(SOURCES, `${where}.name is not a name of letters, digits and . _ -`);
  }
  const from = locationOf(root, url);
  if (from !== undefined) return { name, from };
  const allowed = "an https address, an http address on loopback, or a path relative to the root";
  throw fault(SOURCES, `${where}.url is not ${allowed}`);
}

/** Undefined if it is neither an allowed address nor a relative path. */
function locationOf(root: string, url: Json | undefined): URL | string | undefined {
  if (typeof url !== "string" || isAbsolute(url)) return undefined;
  if (!URL.canParse(url)) return join(root, url);
  const address = new URL(url);
  const isLoopback = ["localhost", "127.0.0.1", "[::1]"].includes(address.hostname);
  const isAllowed = address.protocol === "https:" || (address.protocol === "http:" && isLoopback);
  return isAllowed && address.username + address.password === "" ? address : undefined;
}

/** The actions of spec/overlay.json; none if there is no such file. */
export async function readOverlay(root: string): Promise<readonly Action[]> {
  if (!existsSync(join(root, OVERLAY))) return [];
  const overlay = await readObject(root, OVERLAY, `Correct ${OVERLAY}, then pull again.`);
  if (!/^1\.0\.\d+$/.test(String(valueAt(overlay, ["overlay"])))) {
    throw fault(OVERLAY, 'overlay is not "1.0.0", the version of OpenAPI Overlay that is read');
  }
  return filledList(OVERLAY, overlay, "actions").map((action, index) => {
    const [target, update] = [valueAt(action, ["target"]), valueAt(action, ["update"])];
    const remove = valueAt(action, ["remove"]) === true;
    // Any other key is a slip, such as "xwas".
    const known = /^(?:target|description|update|remove|x-.+)$/;
    const isAction = entriesOf(action).every(([key]) => known.test(key)) && isTarget(target);
    if (isAction && (remove || update !== undefined)) {
      return { target, remove, update, "x-was": valueAt(action, ["x-was"]) };
    }
    const what = 'a target in JSONPath (RFC 9535) with an update or "remove": true alone';
    throw fault(OVERLAY, `actions[${index}] is not ${what}`);
  });
}

function filledList(file: string, value: Json, key: string): Json[] {
  const items = listOf(valueAt(value, [key]));
  if (items.length > 0) return items;
  throw fault(file, `${key} is not a list of one or more`);
}

const fault = (file: string, what: string): Refusal =>
  new Refusal(`${file}: ${what}.`, `Correct ${file}, then run the same command again.`);

import { isAbsolute, join } from "node:path";
import { readText } from "../lib/files.ts";
import { isObject, type Json, valueAt } from "../lib/json.ts";
import { listOf } from "../lib/openapi.ts";
import { Refusal } from "../lib/refusal.ts";
import { excerpt, printable } from "../lib/text.ts";
import { type Action, isTarget } from "./overlay.ts";

/*
 * Both files that people write: a message for each rule.
 */

export interface Source {
  /** Names the page and its file, spec/pages/<name>.md. */
  readonly name: string;
  /** An address, or the path of a file. */
  readonly from: URL | string;
}

const SOURCES = "spec/sources.json";
const OVERLAY = "spec/overlay.json";

const EXAMPLE =
  '{ "pages": [{ "name": "api-tokens", "url": "https://…/api-tokens.md" }], "hosts": ["make.com"] }';

/** spec/sources.json: the pages to read, and the domains that they may name as servers. */
export async function readSources(root: string): Promise<{ pages: Source[]; hosts: string[] }> {
  const file = join(root, SOURCES);
  const remedy = `Name a root that has it by --root, or write it: ${EXAMPLE}`;
  const text = await readText(file, file, remedy);
  if (text === undefined) throw new Refusal(`${printable(file)} is not there.`, remedy);
  const sources = parsed(SOURCES, text);
  refuseOtherKeys(sources, "it", ["pages", "hosts"]);
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
  refuseOtherKeys(page, where, ["name", "url"]);
  const [name, url] = [valueAt(page, ["name"]), valueAt(page, ["url"])];
  if (typeof name !== "string" || !/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(name)) {
    throw fault(SOURCES, `${where}.name is not a name of letters, digits and . _ -`);
  }
  const from = typeof url === "string" ? addressOf(root, url) : undefined;
  if (from !== undefined) return { name, from };
  const allowed = "an https address, an http address on loopback, or a path relative to the root";
  throw fault(SOURCES, `${where}.url is not ${allowed}`);
}

/** Undefined if it is neither an allowed address nor a relative path. */
function addressOf(root: string, url: string): URL | string | undefined {
  if (!URL.canParse(url)) return isAbsolute(url) ? undefined : join(root, url);
  const address = new URL(url);
  const isLoopback = ["localhost", "127.0.0.1", "[::1]"].includes(address.hostname);
  const isAllowed = address.protocol === "https:" || (address.protocol === "http:" && isLoopback);
  return isAllowed && address.username + address.password === "" ? address : undefined;
}

/** The actions of spec/overlay.json; none if there is no such file. */
export async function readOverlay(root: string): Promise<readonly Action[]> {
  const text = await readText(join(root, OVERLAY), OVERLAY, `Correct ${OVERLAY}, then pull again.`);
  if (text === undefined) return [];
  const overlay = parsed(OVERLAY, text);
  if (!/^1\.0\.\d+$/.test(String(valueAt(overlay, ["overlay"])))) {
    throw fault(OVERLAY, 'overlay is not "1.0.0", the version of OpenAPI Overlay that is read');
  }
  return filledList(OVERLAY, overlay, "actions").map((action, index) => {
    const [target, remove = false] = [valueAt(action, ["target"]), valueAt(action, ["remove"])];
    const update = valueAt(action, ["update"]);
    const bad = (what: string): Refusal => fault(OVERLAY, `actions[${index}]${what}`);
    if (typeof target !== "string" || !isTarget(target)) {
      throw bad(".target is not a JSONPath (RFC 9535)");
    }
    if (typeof remove !== "boolean") throw bad(".remove is not true or false");
    if (!remove && update === undefined) throw bad(" neither updates nor removes");
    return { target, remove, update, "x-was": valueAt(action, ["x-was"]) };
  });
}

function parsed(file: string, text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    throw fault(file, `it is no JSON: ${excerpt(String(error), 200)}`);
  }
}

/** A key that is not known is a slip. */
function refuseOtherKeys(value: Json, where: string, known: readonly string[]): void {
  const isKnown = isObject(value) && Object.keys(value).every((key) => known.includes(key));
  if (!isKnown) throw fault(SOURCES, `${where} is not an object of ${known.join(" and ")} alone`);
}

function filledList(file: string, value: Json, key: string): Json[] {
  const items = listOf(valueAt(value, [key]));
  if (items.length > 0) return items;
  throw fault(file, `${key} is not a list of one or more`);
}

const fault = (file: string, what: string): Refusal =>
  new Refusal(`${file}: ${what}.`, `Correct ${file}, then run the same command again.`);

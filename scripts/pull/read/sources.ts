import { isAbsolute, join, resolve } from "node:path";
import { readText } from "../../lib/files.js";
import { Refusal } from "../../lib/refusal.js";
import { printable } from "../../lib/text.js";
import { isObject, type Json, type Path } from "../../lib/json.js";
import { WrittenJson } from "./written-json.js";

export interface Source {
  /** Names the page and its file, spec/pages/<name>.md. */
  name: string;
  /** An address, or the path of a file. */
  from: URL | string;
}

export interface Sources {
  pages: Source[];
  /** The domains that a page may name as servers, subdomains included. */
  hosts: string[];
}

const file = "spec/sources.json";
const example =
  '{ "pages": [{ "name": "api-tokens", "url": "https://…/api-tokens.md" }], "hosts": ["make.com"] }';
const pageName = /^[A-Za-z0-9]+(?:[._-]+[A-Za-z0-9]+)*$/;
const domain = /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]+$/;

/** spec/sources.json, which people write: the pages to read, and the hosts to trust. */
export async function readSources(root: string): Promise<Sources> {
  const remedy = `Name a root that has it by --root, or write it: ${example}`;
  const text = await readText(join(root, file), join(root, file), remedy);
  if (text === undefined) throw new Refusal(`${printable(join(root, file))} is not there.`, remedy);
  const json = new WrittenJson(file, text);
  json.refuseOtherKeys(json.root, [], ["pages", "hosts"]);
  const { pages, hosts } = json.root;
  const names = new Set<string>();
  return {
    pages: json.entriesOf(pages, ["pages"]).map((page, index) => {
      const source = readSource(json, page, ["pages", index], root);
      // Some file systems take "A.md" and "a.md" for the same file.
      const name = source.name.toLowerCase();
      if (names.has(name)) throw json.fault(["pages", index, "name"], "is another page's name");
      names.add(name);
      return source;
    }),
    hosts: json.entriesOf(hosts, ["hosts"]).map((host, index) => {
      if (typeof host === "string" && domain.test(host)) return host;
      throw json.fault(["hosts", index], "is not a domain name in lower case");
    }),
  };
}

function readSource(json: WrittenJson, page: Json, path: Path, root: string): Source {
  if (!isObject(page)) throw json.fault(path, "is not an object");
  json.refuseOtherKeys(page, path, ["name", "url"]);
  const { name, url } = page;
  if (typeof name !== "string" || name.length > 100 || !pageName.test(name)) {
    const what = "is not a name of letters, digits and single . _ - between them";
    throw json.fault([...path, "name"], what);
  }
  const from = typeof url === "string" ? locate(root, url) : undefined;
  if (from !== undefined) return { name, from };
  throw json.fault(
    [...path, "url"],
    "is not an https address, an http address on loopback, or a path relative to the root",
  );
}

/** Undefined if it is neither an allowed address nor a relative path. */
function locate(root: string, url: string): URL | string | undefined {
  if (/^[a-z][a-z0-9+.-]*:/i.test(url)) {
    if (!URL.canParse(url)) return undefined;
    const address = new URL(url);
    if (address.username !== "" || address.password !== "") return undefined;
    return address.protocol === "https:" || isLoopback(address) ? address : undefined;
  }
  return url === "" || isAbsolute(url) || url.includes("\\") ? undefined : resolve(root, url);
}

const isLoopback = ({ protocol, hostname }: URL): boolean =>
  protocol === "http:" && /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname);

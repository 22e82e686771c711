import { isAbsolute, join, resolve } from "node:path";
import { readText } from "../../lib/files.js";
import { Refusal } from "../../lib/refusal.js";
import { printable } from "../../lib/text.js";
import { isObject, type Json, type Path } from "../../lib/json.js";
import { pathText } from "./fragment.js";
import { JsonFault, offsetOf, parseStrict } from "./strict-json.js";

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
const pageName = /^[A-Za-z0-9]+(?:[._-]+[A-Za-z0-9]+)*$/;
const domain = /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]+$/;

/** spec/sources.json, which people write: the pages to read, and the hosts to trust. */
export async function readSources(root: string): Promise<Sources> {
  const remedy = "Name a root that has it by --root, or write it as the README shows.";
  const text = await readText(join(root, file), join(root, file), remedy);
  if (text === undefined) throw new Refusal(`${printable(join(root, file))} is not there.`, remedy);
  const sources = parse(text);
  if (!isObject(sources)) throw fault([], "is not an object");
  only(sources, [], "pages", "hosts");
  const { pages, hosts } = sources;
  const names = new Set<string>();
  return {
    pages: list(pages, "pages").map((page, index) => {
      const path = ["pages", index];
      if (!isObject(page)) throw fault(path, "is not an object");
      only(page, path, "name", "url");
      const { name, url } = page;
      if (typeof name !== "string" || name.length > 100 || !pageName.test(name)) {
        throw fault(
          [...path, "name"],
          "is not a name of letters, digits and single . _ - between them",
        );
      }
      // Some file systems take "A.md" and "a.md" for the same file.
      if (names.has(name.toLowerCase())) throw fault([...path, "name"], "is another page's name");
      names.add(name.toLowerCase());
      const from = typeof url === "string" ? locate(root, url) : undefined;
      if (from) return { name, from };
      throw fault(
        [...path, "url"],
        "is not an https address, an http address on loopback, or a path relative to the root",
      );
    }),
    hosts: list(hosts, "hosts").map((host, index) => {
      if (typeof host === "string" && domain.test(host)) return host;
      throw fault(["hosts", index], "is not a domain name in lower case");
    }),
  };

  function list(value: Json | undefined, key: string): Json[] {
    if (Array.isArray(value) && value.length > 0) return value;
    throw fault([key], "is not a list with at least one entry");
  }

  function only(value: { [key: string]: Json }, path: Path, ...keys: string[]): void {
    const other = Object.keys(value).find((key) => !keys.includes(key));
    if (other !== undefined) throw fault([...path, other], `is not one of ${keys.join(", ")}`);
  }

  function fault(path: Path, what: string): Refusal {
    return sourcesFault(text ?? "", offsetOf(text ?? "", path), `${pathText(path)} ${what}`);
  }
}

function parse(text: string): Json {
  try {
    return parseStrict(text);
  } catch (error) {
    if (error instanceof JsonFault) throw sourcesFault(text, error.offset, error.message);
    throw error;
  }
}

function sourcesFault(text: string, offset: number, what: string): Refusal {
  const line = text.slice(0, offset).split("\n").length;
  return new Refusal(`${file}:${line}: ${what}.`, `Mend ${file}, then run the same command again.`);
}

/** Undefined where it is neither an allowed address nor a relative path. */
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

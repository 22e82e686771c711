import { isAbsolute, join, resolve } from "node:path";
import * as v from "valibot";
import { readText } from "../lib/files.ts";
import type { Json } from "../lib/json.ts";
import { Refusal } from "../lib/refusal.ts";
import { excerpt, printable } from "../lib/text.ts";
import { pathText } from "./faults.ts";
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

const NAME = "is not a name of letters, digits and single . _ - between them";
const URLS = "is not an https address, an http address on loopback, or a path relative to the root";
const DOMAIN = "is not a domain name in lower case";
const pageName = /^(?=.{1,100}$)[A-Za-z0-9]+(?:[._-]+[A-Za-z0-9]+)*$/;
const domain = /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]+$/;

/** A key that is not known is a slip. */
const object = <Fields extends v.ObjectEntries>(fields: Fields) =>
  v.strictObject(fields, ({ expected, received }) => {
    if (expected === "never") return `is not one of ${Object.keys(fields).join(", ")}`;
    return received === "undefined" ? "is missing" : "is not an object";
  });
const list = <Item extends v.GenericSchema>(item: Item) =>
  v.pipe(v.array(item, "is not a list"), v.minLength(1, "is a list of nothing"));

const sources = object({
  pages: list(
    object({
      name: v.pipe(v.string(NAME), v.regex(pageName, NAME)),
      url: v.pipe(
        v.string(URLS),
        v.check((url) => sourceOf("/", url) !== undefined, URLS),
      ),
    }),
  ),
  /** The domains that a page may name as servers, subdomains included. */
  hosts: list(v.pipe(v.string(DOMAIN), v.regex(domain, DOMAIN))),
});

const EXAMPLE =
  '{ "pages": [{ "name": "api-tokens", "url": "https://…/api-tokens.md" }], "hosts": ["make.com"] }';

/** spec/sources.json: the pages to read, and the hosts to trust. */
export async function readSources(root: string): Promise<{ pages: Source[]; hosts: string[] }> {
  const file = join(root, "spec/sources.json");
  const remedy = `Name a root that has it by --root, or write it: ${EXAMPLE}`;
  const text = await readText(file, file, remedy);
  if (text === undefined) throw new Refusal(`${printable(file)} is not there.`, remedy);
  const { pages, hosts } = valid("spec/sources.json", text, sources);
  // Some file systems take "A.md" and "a.md" for the same file.
  const names = pages.map(({ name }) => name.toLowerCase());
  const twice = names.findIndex((name, index) => names.indexOf(name) < index);
  if (twice !== -1) throw fault("spec/sources.json", `pages[${twice}].name is another page's name`);
  return {
    pages: pages.map(({ name, url }) => ({ name, from: sourceOf(root, url) ?? url })),
    hosts,
  };
}

/** Undefined if it is neither an allowed address nor a relative path. */
function sourceOf(root: string, url: string): URL | string | undefined {
  if (/^[a-z][a-z0-9+.-]*:/i.test(url)) {
    const address = URL.canParse(url) ? new URL(url) : undefined;
    if (!address || address.username !== "" || address.password !== "") return undefined;
    const isLoopback = /^http:\/\/(?:localhost|127(?:\.\d+){3}|\[::1\])[:/]/.test(address.href);
    return address.protocol === "https:" || isLoopback ? address : undefined;
  }
  return url === "" || isAbsolute(url) || url.includes("\\") ? undefined : resolve(root, url);
}

const json = v.custom<Json>(() => true);
const TARGET = "is not a JSONPath (RFC 9535)";

const action = v.pipe(
  v.looseObject(
    {
      target: v.pipe(v.string(TARGET), v.check(isTarget, TARGET)),
      update: v.optional(json),
      remove: v.optional(v.boolean("is not true or false"), false),
      description: v.optional(v.string("is not a text")),
      "x-was": v.optional(json),
    },
    "is not an action with a target",
  ),
  v.check(({ update, remove }) => remove || update !== undefined, "neither updates nor removes"),
);
const VERSION = 'is not "1.0.0", the version of OpenAPI Overlay that is read';
const overlay = v.looseObject(
  { overlay: v.pipe(v.string(VERSION), v.regex(/^1\.0\.\d+$/, VERSION)), actions: list(action) },
  "is not an overlay with a version and actions",
);

/** The actions of spec/overlay.json; none if there is no such file. */
export async function readOverlay(root: string): Promise<readonly Action[]> {
  const file = "spec/overlay.json";
  const text = await readText(join(root, file), file, `Correct ${file}, then pull again.`);
  return text === undefined ? [] : valid(file, text, overlay).actions;
}

/** What a file holds; refused with the first rule that it breaks. */
function valid<Schema extends v.GenericSchema>(file: string, text: string, schema: Schema) {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw fault(file, `it is no JSON: ${excerpt(String(error), 200)}`);
  }
  const result = v.safeParse(schema, value, { abortEarly: true });
  if (result.success) return result.output;
  const [{ path = [], message }] = result.issues;
  const keys = path.map(({ key }) => (typeof key === "number" ? key : String(key)));
  throw fault(file, `${pathText(keys)} ${message}`);
}

const fault = (file: string, what: string): Refusal =>
  new Refusal(`${file}: ${what}.`, `Correct ${file}, then run the same command again.`);

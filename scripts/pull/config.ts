import { isAbsolute, join } from "node:path";
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

const text = (isRight: (text: string) => boolean, message: string) =>
  v.custom<string>((value) => typeof value === "string" && isRight(value), message);
const list = <Item extends v.GenericSchema>(item: Item) =>
  v.pipe(v.array(item, "is not a list"), v.minLength(1, "is a list of nothing"));
/** A key that is not known is a slip. */
const object = <Fields extends v.ObjectEntries>(fields: Fields) =>
  v.strictObject(fields, `is not an object of ${Object.keys(fields).join(" and ")} alone`);
const json = v.custom<Json>(() => true);

const sources = object({
  pages: list(
    object({
      name: text(
        (name) => /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(name),
        "is not a name of letters, digits and . _ -",
      ),
      url: text(
        (url) => sourceOf("/", url) !== undefined,
        "is not an https address, an http address on loopback, or a path relative to the root",
      ),
    }),
  ),
  /** The domains that a page may name as servers, subdomains included. */
  hosts: list(
    text((host) => /^(?:[a-z0-9-]+\.)+[a-z]+$/.test(host), "is not a domain name in lower case"),
  ),
});

const action = v.pipe(
  v.looseObject(
    {
      target: text(isTarget, "is not a JSONPath (RFC 9535)"),
      update: v.optional(json),
      remove: v.optional(v.boolean("is not true or false")),
      "x-was": v.optional(json),
    },
    "is not an action with a target",
  ),
  v.check(
    ({ update, remove }) => remove === true || update !== undefined,
    "neither updates nor removes",
  ),
);
const overlay = v.looseObject(
  {
    overlay: text(
      (version) => /^1\.0\.\d+$/.test(version),
      'is not "1.0.0", the version of OpenAPI Overlay that is read',
    ),
    actions: list(action),
  },
  "is not an overlay with a version and actions",
);

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
  const names = new Set(pages.map(({ name }) => name.toLowerCase()));
  if (names.size < pages.length) throw fault("spec/sources.json", "two pages have one name");
  const read = pages.map(({ name, url }) => ({ name, from: sourceOf(root, url) ?? url }));
  return { pages: read, hosts };
}

/** Undefined if it is neither an allowed address nor a relative path. */
function sourceOf(root: string, url: string): URL | string | undefined {
  if (!URL.canParse(url)) return isAbsolute(url) ? undefined : join(root, url);
  const address = new URL(url);
  const isLoopback = ["localhost", "127.0.0.1", "[::1]"].includes(address.hostname);
  const isAllowed = address.protocol === "https:" || (address.protocol === "http:" && isLoopback);
  return isAllowed && address.username + address.password === "" ? address : undefined;
}

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

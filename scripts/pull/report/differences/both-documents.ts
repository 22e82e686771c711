import { isObject, type Json, type JsonObject } from "../../../lib/json.js";
import type { Fact } from "../bump-rules.js";
import { fromTo } from "./wording.js";

/** Takes a difference: what it is, and its particulars. */
export type Note = (fact: Fact, particulars?: string) => void;

/** What an absent key means (OpenAPI 3.0, sections 4.7.12, 4.7.13 and 4.7.24). */
const absent = new Map<string, Json>(
  [
    ...["required", "deprecated", "allowEmptyValue", "allowReserved"],
    ...["nullable", "readOnly", "writeOnly"],
    ...["exclusiveMinimum", "exclusiveMaximum", "uniqueItems"],
  ].map((key) => [key, false]),
);

/** Keys whose list has no order. */
const unordered = new Set(["tags", "type"]);

const componentPrefix = "#/components/";

/** A key from the outside, such as `toString`, must not find what every object inherits. */
export const own = (object: JsonObject, key: string): Json | undefined =>
  Object.hasOwn(object, key) ? object[key] : undefined;

/** The keys of both, each once. */
export const keysOf = (before: JsonObject, after: JsonObject): Set<string> =>
  new Set([...Object.keys(before), ...Object.keys(after)]);

/** One of the two documents, and the references that were followed in it. */
class ReferencedDocument {
  readonly root: JsonObject;
  readonly followed = new Set<string>();

  constructor(root: JsonObject) {
    this.root = root;
  }

  /** What a node stands for: itself, or the component at the end of its references. */
  resolve(node: JsonObject): JsonObject {
    const passed = new Set<JsonObject>();
    for (let target = node; ;) {
      passed.add(target);
      const reference = own(target, "$ref");
      const next = typeof reference === "string" ? this.component(reference) : undefined;
      if (next === undefined || passed.has(next)) return target;
      target = next;
    }
  }

  component(reference: string): JsonObject | undefined {
    if (!reference.startsWith(componentPrefix)) return undefined;
    this.followed.add(reference);
    const keys = reference.slice("#/".length).split("/");
    const target = keys.reduce<Json | undefined>(
      (node, key) => (isObject(node) ? own(node, key) : undefined),
      this.root,
    );
    return isObject(target) ? target : undefined;
  }
}

/** The old and the new document, side by side. */
export class BothDocuments {
  readonly before: ReferencedDocument;
  readonly after: ReferencedDocument;
  readonly #equalComponents = new Set<string>();

  constructor(before: JsonObject, after: JsonObject) {
    this.before = new ReferencedDocument(before);
    this.after = new ReferencedDocument(after);
  }

  /** Equal in text, and so is every component that the text refers to. */
  same(before: Json | undefined, after: Json | undefined): boolean {
    const passed = new Set<string>();
    const equal = sameText(before, after, (text) => {
      if (!text.startsWith(componentPrefix)) return undefined;
      if (passed.has(text) || this.#equalComponents.has(text)) return undefined;
      passed.add(text);
      return [this.before.component(text), this.after.component(text)];
    });
    if (equal) passed.forEach((reference) => this.#equalComponents.add(reference));
    return equal;
  }

  /** Compares one key whose value has no structure that matters. */
  keyword(key: string, before: JsonObject, after: JsonObject, note: Note): void {
    const [from, to] = [before, after].map((object) =>
      Object.hasOwn(object, key) ? object[key] : absent.get(key),
    );
    const alike = unordered.has(key) ? this.same(sorted(from), sorted(to)) : this.same(from, to);
    if (!alike) note(`${key} changed`, fromTo(from, to));
  }

  /** What both nodes stand for. Notes what differs in the references themselves. */
  resolve(before: JsonObject, after: JsonObject, note: Note): [JsonObject, JsonObject] {
    const [from, to] = [own(before, "$ref"), own(after, "$ref")];
    if (from === undefined && to === undefined) return [before, after];
    if (from !== to) note("reference replaced", fromTo(nameOf(from), nameOf(to)));
    const [x, y] = [beside(before), beside(after)];
    for (const key of keysOf(x, y)) this.keyword(key, x, y, note);
    return [this.before.resolve(before), this.after.resolve(after)];
  }
}

/** Equal values, whatever the order of keys; `follow` may name what equal strings stand for. */
export function sameText(
  before: Json | undefined,
  after: Json | undefined,
  follow?: (text: string) => [Json | undefined, Json | undefined] | undefined,
): boolean {
  // A list, because references can be chained deeper than the stack.
  const pending: [Json | undefined, Json | undefined][] = [[before, after]];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const [x, y] = next;
    if (x === y) {
      const meant = typeof x === "string" ? follow?.(x) : undefined;
      if (meant) pending.push(meant);
    } else if (Array.isArray(x) && Array.isArray(y) && x.length === y.length) {
      x.forEach((item, index) => pending.push([item, y[index]]));
    } else if (isObject(x) && isObject(y)) {
      for (const key of keysOf(x, y)) pending.push([own(x, key), own(y, key)]);
    } else return false;
  }
  return true;
}

const sorted = (value: Json | undefined): Json | undefined =>
  Array.isArray(value) ? value.map((item) => JSON.stringify(item)).sort() : value;

const nameOf = (reference: Json | undefined): Json =>
  typeof reference === "string" ? reference.slice(reference.lastIndexOf("/") + 1) : "inline";

/** The keys beside a `$ref`, which mean nothing in OpenAPI 3.0 (section 4.7.23). */
function beside(node: JsonObject): JsonObject {
  const { $ref, ...rest } = node;
  return $ref === undefined ? {} : rest;
}

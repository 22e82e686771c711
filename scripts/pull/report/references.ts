import { isObject, type Json, type JsonObject } from "../../lib/json.js";
import { type Both, equal, own } from "./both.js";

const prefix = "#/components/";

/** One of the two documents, and the references that were followed in it. */
class ReferencedDocument {
  readonly #root: JsonObject;
  readonly followed = new Set<string>();

  constructor(root: JsonObject) {
    this.#root = root;
  }

  /** The node itself, or the component at the end of its references. */
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
    if (!reference.startsWith(prefix)) return undefined;
    this.followed.add(reference);
    const keys = reference.slice("#/".length).split("/");
    const target = keys.reduce<Json | undefined>(
      (node, key) => (isObject(node) ? own(node, key) : undefined),
      this.#root,
    );
    return isObject(target) ? target : undefined;
  }
}

/** Follows the references of both documents. */
export class References implements Both<ReferencedDocument> {
  readonly before: ReferencedDocument;
  readonly after: ReferencedDocument;
  readonly #equalComponents = new Set<string>();

  constructor({ before, after }: Both<JsonObject>) {
    this.before = new ReferencedDocument(before);
    this.after = new ReferencedDocument(after);
  }

  resolve({ before, after }: Both<JsonObject>): Both<JsonObject> {
    return { before: this.before.resolve(before), after: this.after.resolve(after) };
  }

  wereFollowed(reference: string): boolean {
    return this.before.followed.has(reference) && this.after.followed.has(reference);
  }

  /** Equal in text, and so is every component that the text refers to. */
  equal(both: Both): boolean {
    const passed = new Set<string>();
    const isEqual = equal(both, (text) => {
      if (!text.startsWith(prefix)) return undefined;
      if (passed.has(text) || this.#equalComponents.has(text)) return undefined;
      passed.add(text);
      return { before: this.before.component(text), after: this.after.component(text) };
    });
    if (isEqual) passed.forEach((reference) => this.#equalComponents.add(reference));
    return isEqual;
  }
}

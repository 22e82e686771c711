import { isObject, type JsonObject } from "../../lib/json.js";
import { chainFrom, componentOf, pathOfReference, refOf } from "../../lib/references.js";
import { type Both, equal } from "./both.js";

/** One of the two documents, and the references that were followed in it. */
class ReferencedDocument {
  readonly #root: JsonObject;
  readonly followed = new Set<string>();

  constructor(root: JsonObject) {
    this.#root = root;
  }

  /** The node itself, or the last object that its references lead to. */
  resolve(node: JsonObject): JsonObject {
    let last = node;
    for (const target of chainFrom(this.#root, node)) {
      const reference = refOf(target);
      if (reference !== undefined) this.followed.add(reference);
      if (isObject(target)) last = target;
    }
    return last;
  }

  component(reference: string): JsonObject | undefined {
    const target = componentOf(this.#root, reference);
    if (target === undefined) return undefined;
    this.followed.add(reference);
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
      if (!pathOfReference(text)) return undefined;
      if (passed.has(text) || this.#equalComponents.has(text)) return undefined;
      passed.add(text);
      return { before: this.before.component(text), after: this.after.component(text) };
    });
    if (isEqual) passed.forEach((reference) => this.#equalComponents.add(reference));
    return isEqual;
  }
}

const MASK = "[redacted]";

/** What has no getters of its own to look behind. */
const PLAIN: readonly object[] = [Object, Error, Array, Map, Set, Function].map(
  (it) => it.prototype,
);

/** Knows the secrets of one client, and keeps them out of whatever leaves it. */
export class Redactor {
  readonly #secrets = new Set<string>();

  /** Remembers a secret as it is, and as it stands inside a JSON string or a URL. */
  add(secret: string): string {
    if (secret && !this.#secrets.has(secret)) {
      this.#secrets.add(secret);
      this.#secrets.add(JSON.stringify(secret).slice(1, -1));
      this.#secrets.add(encodeURIComponent(secret));
    }
    return secret;
  }

  /** `text` on one line, without the secrets, and only then cut to a readable length. */
  text(text: string, length = 300): string {
    const clean = this.mask(text.replace(/[\p{C}\p{Z}]+/gu, " ").trim());
    return clean.length > length ? `${clean.slice(0, length)}…` : clean;
  }

  /**
   * The error itself where no secret can be found in it; a copy of what describes it, redacted,
   * where one can. Errors of other people's code hold requests, headers and parameters.
   */
  error(error: unknown, depth = 0): unknown {
    if (!this.#isIn(error, new Set())) return error;
    try {
      const { name, message = error, stack, code, cause } = Object(error);
      const copy = new Error(this.mask(`${message}`));
      for (const [key, value] of Object.entries({ name, stack, code })) {
        if (value !== undefined) {
          Object.defineProperty(copy, key, { value: this.mask(`${value}`), configurable: true });
        }
      }
      if (cause !== undefined && depth < 9) copy.cause = this.error(cause, depth + 1);
      return copy;
    } catch {
      return new Error(MASK);
    }
  }

  /** `text` without the secrets. */
  mask(text: string): string {
    for (const secret of this.#secrets) text = text.replaceAll(secret, MASK);
    return text;
  }

  /** Whether `util.inspect` or `JSON.stringify` could show a secret; true in doubt. */
  #isIn(value: unknown, seen: Set<unknown>): boolean {
    if (typeof value === "string") return this.mask(value) !== value;
    if (typeof value === "symbol") return this.#isIn(String(value), seen);
    if (Object(value) !== value || seen.has(value)) return false;
    const kind = Object.prototype.toString.call(value).slice(8, -1);
    if (!/^(Object|Error|Array|Map|Set|DOMException|.*Function)$/.test(kind)) return true;
    if (seen.add(value).size > 2000) return true;
    try {
      const parts: unknown[] = kind === "Map" || kind === "Set" ? [...(value as Set<unknown>)] : [];
      for (
        let owner = value;
        owner && !PLAIN.includes(owner);
        owner = Object.getPrototypeOf(owner)
      ) {
        for (const key of Reflect.ownKeys(owner)) {
          const part = (value as Record<PropertyKey, unknown>)[key];
          // What is shown instead of the value itself.
          const isHook = typeof key === "symbol" || /^(to|valueOf)/.test(key);
          if (isHook && typeof part === "function") return true;
          parts.push(key, part);
        }
      }
      return parts.some((part) => this.#isIn(part, seen));
    } catch {
      return true;
    }
  }
}

const MASK = "[redacted]";

/** What has no getters of its own to look behind. */
const PLAIN: readonly object[] = [Object, Error, Array, Map, Set, Function].map(
  (it) => it.prototype,
);

export type Redactor = ReturnType<typeof createRedactor>;

/** Knows the secrets of one client, and keeps them out of whatever leaves it. */
export function createRedactor() {
  const secrets = new Set<string>();

  /** Remembers a secret as it is, and as it stands inside a JSON string or a URL. */
  function add(secret: string): string {
    if (secret && !secrets.has(secret)) {
      for (const form of [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)])
        secrets.add(form);
    }
    return secret;
  }

  /** `text` without the secrets. */
  function mask(text: string): string {
    for (const secret of secrets) text = text.replaceAll(secret, MASK);
    return text;
  }

  /** `text` on one line, without the secrets, and only then cut to a readable length. */
  function readable(text: string, length = 300): string {
    const clean = mask(text.replace(/[\p{C}\p{Z}]+/gu, " ").trim());
    return clean.length > length ? `${clean.slice(0, length)}…` : clean;
  }

  /** Whether `util.inspect` or `JSON.stringify` could show a secret; true in doubt. */
  function shows(value: unknown, seen: Set<unknown>): boolean {
    if (typeof value === "string") return mask(value) !== value;
    if (typeof value === "symbol") return shows(String(value), seen);
    if (Object(value) !== value || seen.has(value)) return false;
    const kind = Object.prototype.toString.call(value);
    if (!/ (Object|Error|Array|Map|Set|DOMException|.*Function)]/.test(kind)) return true;
    if (seen.add(value).size > 2000) return true;
    const parts: unknown[] = / [MS]/.test(kind) ? [...(value as Set<unknown>)] : [];
    for (let owner = value; owner && !PLAIN.includes(owner); owner = Object.getPrototypeOf(owner)) {
      for (const key of Reflect.ownKeys(owner)) {
        const part = (value as Record<PropertyKey, unknown>)[key];
        // What is shown instead of the value itself.
        const isHook = typeof key === "symbol" || /^(to|valueOf)/.test(key);
        if (isHook && typeof part === "function") return true;
        parts.push(key, part);
      }
    }
    return parts.some((part) => shows(part, seen));
  }

  /**
   * The error itself where no secret can be found in it; a copy of what describes it, redacted,
   * where one can. Errors of other people's code hold requests, headers and parameters.
   */
  function clean(error: unknown, depth = 0): unknown {
    try {
      if (!shows(error, new Set())) return error;
    } catch {
      // A getter that throws: in doubt.
    }
    try {
      const { name, message = error, stack, code, cause } = Object(error);
      const copy = new Error(mask(`${message}`));
      for (const [key, value] of Object.entries({ name, stack, code })) {
        if (value !== undefined) Object.assign(copy, { [key]: mask(`${value}`) });
      }
      if (cause !== undefined && depth < 9) copy.cause = clean(cause, depth + 1);
      return copy;
    } catch {
      return new Error(MASK);
    }
  }

  return { add, mask, readable, clean };
}

const MASK = "[redacted]";

/** Knows the secrets of one client, and keeps them out of whatever leaves it. */
export class Redactor {
  readonly #secrets = new Set<string>();

  /** Remembers a secret as it is, and as it stands inside a JSON string or a URL. */
  add(secret: string): string {
    this.#secrets
      .add(secret)
      .add(JSON.stringify(secret).slice(1, -1))
      .add(encodeURIComponent(secret));
    return secret;
  }

  /** `text` on one line, without the secrets, and only then cut to `length` characters. */
  text(text: string, length = 300): string {
    const clean = this.#mask(text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, " ").trim());
    return clean.length > length ? `${clean.slice(0, length)}…` : clean;
  }

  /**
   * The error itself where no secret can be found in it; a copy of what describes it, redacted,
   * where one can. Errors of other people's code hold requests, headers and parameters.
   */
  error(error: unknown, depth = 0): unknown {
    if (!this.#isIn(error, new Set())) return error;
    if (depth > 9) return MASK;
    const { name, message, stack, code, cause } = Object(error) as Partial<
      Error & { code: unknown }
    >;
    const copy = new Error(this.#mask(String(message ?? error)), {
      cause: this.error(cause, depth + 1),
    });
    copy.name = this.#mask(String(name));
    copy.stack = this.#mask(String(stack));
    return code === undefined ? copy : Object.assign(copy, { code: this.#mask(String(code)) });
  }

  #mask(text: string): string {
    for (const secret of this.#secrets) text = text.replaceAll(secret, MASK);
    return text;
  }

  /** Whether anything that `util.inspect` or `JSON.stringify` can reach holds a secret; true in doubt. */
  #isIn(value: unknown, seen: Set<unknown>): boolean {
    if (typeof value === "string") return this.#mask(value) !== value;
    if (Object(value) !== value || seen.has(value)) return false;
    if (seen.add(value).size > 2000) return true;
    try {
      return [
        ...Reflect.ownKeys(value as object).flatMap((key) => [
          String(key),
          (value as Record<PropertyKey, unknown>)[key],
        ]),
        ...(value instanceof Map || value instanceof Set ? value : []),
      ].some((part) => this.#isIn(part, seen));
    } catch {
      return true;
    }
  }
}

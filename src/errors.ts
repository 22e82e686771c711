/**
 * The effect of a failed call, as far as it is known.
 *
 * - `"not-sent"`: certainly nothing happened.
 * - `"rejected"`: Make refused it, so nothing happened.
 * - `"unknown"`: it may have happened.
 */
export type Outcome = "not-sent" | "rejected" | "unknown";

/** The facts that every {@link MakeError} carries. */
export interface CallFacts {
  /** The method and the path as the specification writes it: `"DELETE /users/me/api-tokens/{timestamp}"`. */
  readonly operation: string;
  /** The zone's name, or the host where `baseUrl` was given. */
  readonly zone: string;
  /** How many requests were made; 0 where none was. */
  readonly attempts: number;
  readonly outcome: Outcome;
}

/**
 * The base of everything that a call rejects with, but for wrong arguments (`TypeError`) and the
 * reason of an aborted signal. No secret that the client knows is ever part of it.
 *
 * @example
 * try {
 *   await make.apiTokens.list();
 * } catch (error) {
 *   if (error instanceof MakeError && error.outcome === "not-sent") retryLater();
 *   else throw error;
 * }
 */
export class MakeError extends Error implements CallFacts {
  declare readonly operation: string;
  declare readonly zone: string;
  declare readonly attempts: number;
  declare readonly outcome: Outcome;
  /** The timestamp of the new token, if `rotate` failed and left it alive. */
  declare readonly successor?: string | undefined;

  constructor(
    message: string,
    facts: CallFacts & { readonly successor?: string | undefined },
    options?: ErrorOptions,
  ) {
    // An own cause hides one that a polluted prototype would add.
    super(message, options ?? ("cause" in {} ? { cause: undefined } : undefined));
    Object.assign(this, facts);
  }
}

/** The zone answered with an error: any status but 2xx. */
export class MakeApiError extends MakeError {
  /** The HTTP status; 0 where a browser hides the one of a redirect. */
  declare readonly status: number;
  /** Make's own code, such as `"SC403"`. */
  declare readonly code: string | undefined;
  /** Make's own words, or the beginning of any other error body. */
  declare readonly detail: string | undefined;
  declare readonly suberrors: readonly { readonly message: string }[];
  /** The `x-request-id` header. */
  declare readonly requestId: string | undefined;
  /** The wait that Retry-After (RFC 9110, section 10.2.3) asks for, in milliseconds. */
  declare readonly retryAfterMs: number | undefined;
}

/**
 * There was no complete answer: no connection, a broken one, or none in time.
 *
 * @example
 * const before = await make.apiTokens.list();
 * try {
 *   await make.apiTokens.create({ label: "ci", scope: ["user:read"] });
 * } catch (error) {
 *   if (!(error instanceof MakeError && error.outcome === "unknown")) throw error;
 *   const known = new Set(before.map(({ created }) => created));
 *   const appeared = (await make.apiTokens.list()).filter(({ created }) => !known.has(created));
 *   // Others may create tokens in this account too: a person decides which of these goes.
 *   console.log("created meanwhile:", appeared.map(({ created }) => created).join(", "));
 * }
 */
export class MakeConnectionError extends MakeError {}

/** No complete answer within `timeout` or `totalTimeout`. */
export class MakeTimeoutError extends MakeConnectionError {}

/** A 2xx answer that is not what the specification documents, or larger than `maxBytes`. */
export class MakeResponseError extends MakeError {}

/**
 * For the `store` of a rotation to throw: certainly nothing was written, so that the successor can
 * be deleted again. After any other error both tokens stay alive.
 *
 * @example
 * await make.apiTokens.rotate(old.created, {
 *   async store({ token }) {
 *     if (token.length > 100) throw new NotStoredError("the vault takes up to 100 characters");
 *     await secrets.write("MAKE_API_KEY", token);
 *   },
 * });
 */
export class NotStoredError extends Error {}

// A minifier renames the classes, but not these names, which logs and `util.inspect` show.
for (const [name, Class] of Object.entries({
  MakeError,
  MakeApiError,
  MakeConnectionError,
  MakeTimeoutError,
  MakeResponseError,
  NotStoredError,
})) {
  Object.defineProperty(Class, "name", { value: name }).prototype.name = name;
}

import { type Answer, type Answered, CREATE, type Outcome, type Progress, textOf } from "./call.js";
import { isString } from "./options.js";
import { redacted, toLine, withoutSecrets, withoutToken } from "./redact.js";

/** What every {@link MakeError} says. */
export interface CallFacts {
  /** As the specification writes it: `"DELETE /users/me/api-tokens/{timestamp}"`. */
  readonly operation: string;
  /** The zone's name, or the host where `baseUrl` was given. */
  readonly zone: string;
  /** How many requests were made; 0 where none was. */
  readonly attempts: number;
  readonly outcome: Outcome;
  /** The timestamp of the new token, if `rotate` failed and left it alive. */
  readonly successor?: string | undefined;
}

/**
 * The base of all that a call rejects with, but for a `TypeError`, where an argument is wrong, and
 * the reason of an aborted signal.
 *
 * @example
 * try {
 *   await make.apiTokens.create({ label: "ci", scope: ["user:read"] });
 * } catch (error) {
 *   if (!(error instanceof MakeError && error.outcome === "unknown")) throw error;
 *   console.log("was it created?", await make.apiTokens.list());
 * }
 */
export class MakeError extends Error {
  constructor(message: string, facts: CallFacts, options?: { readonly cause?: unknown }) {
    super(message, options);
    Object.assign(this, facts);
  }
}

export interface MakeError extends CallFacts {}

/** The zone answered with an error: any status but 2xx. */
export class MakeApiError extends MakeError {
  declare readonly status: number;
  /** Make's own, such as `"SC403"`. */
  declare readonly code: string | undefined;
  /** Make's own, or the beginning of any other body. */
  declare readonly detail: string | undefined;
  declare readonly suberrors: readonly { readonly message: string }[];
  /** The `x-request-id` header. */
  declare readonly requestId: string | undefined;
  /** The wait that Retry-After (RFC 9110, section 10.2.3) asks for, in milliseconds. */
  declare readonly retryAfterMs: number | undefined;
}

/** There was no complete answer: no connection, a broken one, or none in time. */
export class MakeConnectionError extends MakeError {}

/** No complete answer within `timeout` or `totalTimeout`. */
export class MakeTimeoutError extends MakeConnectionError {}

/** A 2xx answer that is not what the specification documents, or larger than `maxBytes`. */
export class MakeResponseError extends MakeError {}

/**
 * For the `store` of a rotation to throw: certainly nothing was written, so that the successor can
 * be deleted again. After any other error both tokens stay alive.
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
}))
  Object.defineProperty(Class, "name", { value: name }).prototype.name = name;

/** The error of a call. `what` is made of our own words and of redacted text. */
export function failure(
  Class: typeof MakeError,
  progress: Progress,
  what: string,
  cause?: unknown,
  facts?: Partial<MakeApiError>,
): MakeError {
  const { zone, token, attempts, outcome } = progress;
  // On `raw`, the path is the caller's.
  const operation = redacted(progress.operation.name, token);
  const mayExist = outcome === "unknown" && progress.operation === CREATE && !facts?.successor;
  const orphan = mayExist ? " The token may exist: look with list()." : "";
  return new Class(
    `${operation} in zone ${zone}: ${what}.${orphan}`,
    { operation, zone, attempts, outcome, ...facts },
    cause === undefined ? undefined : { cause: copyOf(cause, token) },
  );
}

/** The error of an answer whose status is not 2xx: what its body and its headers say. */
export function apiError(answered: Answered): MakeError {
  const { token, answer } = answered;
  const text = textOf(answered);
  const word = (value: unknown): string | undefined =>
    (isString(value) && redacted(value, token)) || undefined;
  const { code, message, detail, suberrors } = Object(parseJson(text));
  const reasons = [suberrors].flat().flatMap((it): string | [] => word(Object(it).message) ?? []);
  const facts = {
    status: answer.status,
    code: word(code),
    detail: word(detail) ?? word(message) ?? word(text),
    suberrors: reasons.map((reason) => ({ message: reason })),
    requestId: requestIdOf(answer, token),
    retryAfterMs: answer.retryAfterMs,
  };
  const said = new Set([facts.status, facts.code, facts.detail, word(message), ...reasons]);
  const what = toLine([...said].filter(Boolean).join(" · ")) + hintFor(answered);
  return failure(MakeApiError, answered, what, undefined, facts);
}

/** Undefined where it is no JSON: a `SyntaxError` would quote what may be a secret. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function hintFor({ answer: { status }, operation: { scopes } }: Answered): string {
  if (status < 400) return ". Redirects are not followed: check baseUrl";
  if (status !== 401 && status !== 403) return "";
  const needed = scopes.join(", ");
  return `. Check the token's zone${needed && ` and its scopes: ${needed}`}`;
}

/** The `x-request-id` header, readable even where it has the form of a token. */
export const requestIdOf = ({ headers }: Answer, token: string): string | undefined =>
  toLine(withoutToken(headers.get("x-request-id") ?? "", token)) || undefined;

/** Whether a framework, such as Next.js, ends a page with this error, which nobody may wrap. */
export const isControlFlow = (error: unknown): boolean => typeof Object(error).digest === "string";

/** The message of an error of others, or whatever else was thrown. */
export function wordsOf(error: unknown, token: string): string {
  const { message = error } = Object(error);
  return redacted(typeof message === "object" ? "no message" : String(message), token);
}

/** A copy of what describes an error of others, without secrets. Its causes may be a cycle. */
function copyOf(error: unknown, token: string, left = 9): unknown {
  if (error instanceof MakeError || error instanceof NotStoredError) return error;
  const { name, code, stack, cause } = Object(error);
  const copy = new Error(wordsOf(error, token));
  for (const [key, value] of Object.entries({ name, code, stack }))
    if (isString(value) || typeof value === "number")
      Object.assign(copy, { [key]: withoutSecrets(`${value}`, token) });
  if (cause !== undefined && left > 0) copy.cause = copyOf(cause, token, left - 1);
  return copy;
}

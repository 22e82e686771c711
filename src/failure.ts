import { type CallFacts, MakeApiError, type MakeError, MakeResponseError } from "./errors.js";
import type { Answer, Head, Progress } from "./http/call.js";
import { CREATE, isDocumented } from "./openapi/operation.js";
import type { Mask, Redactor } from "./redact.js";

type ErrorClass<E extends MakeError> = new (
  message: string,
  facts: CallFacts,
  options?: ErrorOptions,
) => E;

/** The facts of a class of errors beyond those of every call. */
type OwnFacts<E extends MakeError> = Omit<E, keyof MakeError>;

/** Errors with the words and the facts of a call, and without any secret. */
export interface Failures {
  /** The operation's name. */
  readonly nameOf: (progress: Progress) => string;
  readonly createError: <E extends MakeError>(
    Class: ErrorClass<E>,
    progress: Progress,
    what: string,
    cause?: unknown,
    facts?: OwnFacts<E>,
  ) => E;
  /** For an answer whose status is not 2xx: what its body and its headers say. */
  readonly createApiError: (answer: Answer) => MakeApiError;
  /**
   * The body as JSON. If it is a new token, its secret is redacted from then on.
   *
   * @throws MakeResponseError where it is not JSON; a `SyntaxError` quotes what may be a secret
   */
  readonly parse: (answer: Answer) => unknown;
  /** The same, or an empty object where the body is none. */
  readonly tryParse: (answer: Answer) => { readonly [key: string]: unknown };
  /** For the text of an answer that is an error. */
  readonly maskFor: (answer: Answer) => Mask;
  /** The `x-request-id` header, readable even where it has the form of a token. */
  readonly requestIdOf: (head: Head) => string | undefined;
}

const ORPHAN =
  " The token may exist, and nobody holds its secret: find it with list() by its label, and delete() it.";

export const textOf = ({ body }: Answer): string => new TextDecoder().decode(body);

export function createFailures(zone: string, redactor: Redactor): Failures {
  const nameOf = ({ operation }: Progress): string =>
    isDocumented(operation) ? operation.name : redactor.readable(operation.name);

  const createError: Failures["createError"] = (Class, progress, what, cause, facts) => {
    const operation = nameOf(progress);
    const { attempts, outcome } = progress;
    const orphan = progress.operation === CREATE && outcome === "unknown" ? ORPHAN : "";
    return new Class(
      `${operation} in zone ${zone}: ${what}.${orphan}`,
      { operation, zone, attempts, outcome, ...facts },
      cause === undefined ? undefined : { cause: redactor.clean(cause) },
    );
  };

  function parse(answer: Answer): unknown {
    try {
      const parsed = JSON.parse(textOf(answer));
      const secret = parsed?.apiToken?.token;
      if (typeof secret === "string") redactor.addCreated(secret);
      return parsed;
    } catch {
      throw createError(MakeResponseError, answer.progress, "the answer is not JSON");
    }
  }

  const tryParse: Failures["tryParse"] = (answer) => {
    try {
      return Object(parse(answer));
    } catch {
      return {};
    }
  };

  /** The secret of a created token is not known yet. */
  const maskFor = (answer: Answer): Mask =>
    /^POST /.test(answer.progress.operation.name) ? redactor.wary(textOf(answer)) : redactor;

  const requestIdOf = ({ headers }: Head): string | undefined => {
    const id = headers.get("x-request-id");
    return id ? redactor.readable(id) : undefined;
  };

  function createApiError(answer: Answer): MakeApiError {
    const { progress, head } = answer;
    const { status, retryAfterMs } = head;
    const parsed = tryParse(answer);
    const { readable } = maskFor(answer);
    const clean = (value: unknown) =>
      typeof value === "string" && value ? readable(value) : undefined;

    const code = clean(parsed["code"]);
    const message = clean(parsed["message"]);
    const detail = clean(parsed["detail"]) ?? message ?? clean(textOf(answer));
    const suberrors = (Array.isArray(parsed["suberrors"]) ? parsed["suberrors"] : [])
      .slice(0, 20)
      .map((it) => ({ message: clean(it?.message) ?? "" }));
    const requestId = requestIdOf(head);

    const words = [status, code, detail, message !== detail && message];
    const what = [...words, ...suberrors.map((it) => it.message)].filter(Boolean).join(" · ");
    return createError(
      MakeApiError,
      progress,
      readable(what, 1000) + hintFor(status, progress),
      undefined,
      { status, code, detail, suberrors, requestId, retryAfterMs },
    );
  }

  return { nameOf, createError, createApiError, parse, tryParse, maskFor, requestIdOf };
}

function hintFor(status: number, { operation: { scopes } }: Progress): string {
  if (status === 401 || status === 403) {
    const needed = scopes.length ? ` and have the scope ${scopes.join(", ")}` : "";
    return `. The token must be one of this zone${needed}`;
  }
  return status < 400 ? ". Redirects are not followed: check the zone or baseUrl" : "";
}

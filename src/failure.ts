import { type CallFacts, MakeApiError, type MakeError, type Outcome } from "./errors.js";
import { findOperation, type Operation } from "./openapi/operation.js";
import type { Resolved } from "./options.js";
import type { Redactor } from "./redact.js";

/** What one call has come to so far. */
export interface Progress {
  readonly method: string;
  readonly url: string;
  attempts: number;
  /** What the latest attempt proves; once one is unknown, the call is. */
  outcome: Outcome;
}

/** An answer with its body, or with as much of it as came. */
export interface Answer extends Progress {
  readonly response: Response;
  readonly body: Uint8Array<ArrayBuffer>;
  readonly retryAfterMs: number | undefined;
}

type ErrorClass<E extends MakeError> = new (
  message: string,
  facts: CallFacts,
  options?: ErrorOptions,
) => E;

const CREATE = "POST /users/me/api-tokens";
const ORPHAN =
  " The token may exist, and nobody holds its secret: find it with list() by its label, and delete() it.";

const decoder = new TextDecoder();

export const textOf = ({ body }: Answer): string => decoder.decode(body);

export type Failures = ReturnType<typeof createFailures>;

/** Words and facts for what went wrong in a call, without any secret. */
export function createFailures({ zone, baseUrl }: Resolved, redactor: Redactor) {
  function operationOf({ method, url }: Progress): Operation {
    const path = url.slice(baseUrl.length).replace(/[?#].*/s, "");
    const unknown = { name: redactor.readable(`${method} ${path}`), scopes: [] };
    return findOperation(method, path) ?? unknown;
  }

  /** The body as JSON; the secret in it, if it is that of a new token, is known from then on. */
  function parse(answer: Answer): unknown {
    const parsed = JSON.parse(textOf(answer));
    const secret = parsed?.apiToken?.token;
    if (typeof secret === "string") redactor.add(secret);
    return parsed;
  }

  /** The body of an error, as far as it is an object. */
  function parseError(answer: Answer): { readonly [key: string]: unknown } {
    try {
      return Object(parse(answer));
    } catch {
      return {};
    }
  }

  function fail<E extends MakeError>(
    Class: ErrorClass<E>,
    progress: Progress,
    what: string,
    cause?: unknown,
    more?: Omit<E, keyof MakeError> & Pick<MakeError, "successor">,
  ): E {
    const { name: operation } = operationOf(progress);
    const { attempts, outcome } = progress;
    const orphan = operation === CREATE && outcome === "unknown" ? ORPHAN : "";
    return new Class(
      `${operation} in zone ${zone}: ${what}.${orphan}`,
      { operation, zone, attempts, outcome, ...more },
      cause === undefined ? undefined : { cause: redactor.clean(cause) },
    );
  }

  /** A status that is not 2xx, with what the body and the headers say about it. */
  function apiError(answer: Answer): MakeApiError {
    const { response, retryAfterMs } = answer;
    const { status, headers } = response;
    const clean = (value: unknown) =>
      typeof value === "string" && value ? redactor.readable(value) : undefined;

    const parsed = parseError(answer);
    const code = clean(parsed["code"]);
    const message = clean(parsed["message"]);
    const detail = clean(parsed["detail"]) ?? message ?? clean(textOf(answer));
    const suberrors = (Array.isArray(parsed["suberrors"]) ? parsed["suberrors"] : [])
      .slice(0, 20)
      .map((it) => ({ message: clean(it?.message) ?? "" }));
    const requestId = clean(headers.get("x-request-id"));

    const hint =
      status === 401 || status === 403
        ? `. The token must be one of this zone and have the scope ${operationOf(answer).scopes.join(", ")}`
        : status < 400
          ? ". Redirects are not followed: check the zone or baseUrl"
          : "";
    return fail(
      MakeApiError,
      answer,
      redactor.readable(
        [status, code, detail, message !== detail && message, ...suberrors.map((it) => it.message)]
          .filter(Boolean)
          .join(" · "),
        1000,
      ) + hint,
      undefined,
      { status, code, detail, suberrors, requestId, retryAfterMs },
    );
  }

  return { operationOf, parse, fail, apiError };
}

import { type CallFacts, MakeApiError, type MakeError, MakeResponseError } from "./errors.js";
import type { Answer, Head, Progress } from "./http/call.js";
import { ownFact } from "./http/own-fact.js";
import { CREATE, isDocumented } from "./openapi/operation.js";
import type { Mask, Redactor } from "./redact.js";

type ErrorClass<E extends MakeError> = new (
  message: string,
  facts: CallFacts,
  options?: ErrorOptions,
) => E;

/** The facts of a class of errors beyond those of every call, and any that replace those. */
type OwnFacts<E extends MakeError> = Omit<E, keyof MakeError> & Partial<ConstructorFacts>;
type ConstructorFacts = ConstructorParameters<typeof MakeError>[1];

/** Errors with the words and the facts of a call, and without any secret. */
export interface Failures extends Pick<Redactor, "add" | "readable" | "clean"> {
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
  /** As `parse`, but undefined where the body is not JSON. */
  readonly tryParse: (answer: Answer) => unknown;
  /** For the text of an answer that is an error. */
  readonly maskFor: (answer: Answer) => Mask;
  /** The `x-request-id` header, readable even where it has the form of a token. */
  readonly requestIdOf: (head: Head) => string | undefined;
}

/** Made at its first use, because jest's jsdom has no TextDecoder at import; once, because it costs. */
let decoder: TextDecoder | undefined;

export const textOf = ({ body }: Answer): string => (decoder ??= new TextDecoder()).decode(body);

/** The words of an error body: those that are documented, or the beginning of any other. */
function wordsOf(parsed: unknown, text: string, { readable }: Mask) {
  const word = (value: unknown): string | undefined =>
    typeof value === "string" && value ? readable(value) : undefined;
  const [code, message, detail] = ["code", "message", "detail"].map((it) =>
    word(ownFact(parsed, it)),
  );
  const listed = ownFact(parsed, "suberrors");
  const suberrors = (Array.isArray(listed) ? listed.slice(0, 20) : []).map((it) => ({
    message: word(ownFact(it, "message")) ?? "",
  }));
  return { code, message, detail: detail ?? message ?? word(text), suberrors };
}

/** The remedy for a status; empty where there is none. */
function hintFor(
  { status }: Head,
  { operation: { scopes } }: Progress,
  { readable }: Mask,
): string {
  if (status === 401 || status === 403) {
    const needed = scopes.length ? `, with the scope ${readable(scopes.join(", "))}` : "";
    return `. The token must be one of this zone${needed}`;
  }
  return status < 400 ? ". Redirects are not followed: check zone or baseUrl" : "";
}

/** The beginning of every message, and the class's own facts. */
function createErrors(zone: string, redactor: Redactor): Pick<Failures, "nameOf" | "createError"> {
  const nameOf = ({ operation }: Progress): string =>
    isDocumented(operation) ? operation.name : redactor.readable(operation.name);

  return {
    nameOf,
    createError(Class, progress, what, cause, facts) {
      const operation = nameOf(progress);
      const { attempts, outcome } = progress;
      const orphan =
        outcome === "unknown" && progress.operation === CREATE
          ? " The token may exist, and nobody holds its secret: compare list() with one from before, and delete() it."
          : "";
      return new Class(
        `${operation} in zone ${zone}: ${what}.${orphan}`,
        { operation, zone, attempts, outcome, ...facts },
        cause === undefined ? undefined : { cause: redactor.clean(cause) },
      );
    },
  };
}

export function createFailures(zone: string, redactor: Redactor): Failures {
  const errors = createErrors(zone, redactor);
  const { createError } = errors;

  function tryParse(answer: Answer): unknown {
    try {
      const parsed = JSON.parse(textOf(answer));
      const secret = parsed?.apiToken?.token;
      if (typeof secret === "string") redactor.addCreated(secret);
      return parsed;
    } catch {
      return undefined;
    }
  }

  function parse(answer: Answer): unknown {
    const parsed = tryParse(answer);
    if (parsed !== undefined) return parsed;
    throw createError(MakeResponseError, answer.progress, "the answer is not JSON");
  }

  /** The secret of a created token is not known yet. */
  const maskFor = (answer: Answer): Mask =>
    answer.progress.operation.name.startsWith("POST ") ? redactor.wary(textOf(answer)) : redactor;

  const requestIdOf = ({ headers }: Head): string | undefined => {
    return redactor.readable(headers.get("x-request-id") ?? "") || undefined;
  };

  function createApiError(answer: Answer): MakeApiError {
    const { progress, head } = answer;
    const { status, retryAfterMs } = head;
    const parsed = tryParse(answer);
    const mask = maskFor(answer);
    const { code, message, detail, suberrors } = wordsOf(parsed, textOf(answer), mask);
    const said = new Set([status, code, detail, message, ...suberrors.map((it) => it.message)]);
    const what = [...said].filter(Boolean).join(" · ");
    return createError(
      MakeApiError,
      progress,
      mask.readable(what, 1000) + hintFor(head, progress, redactor),
      undefined,
      { status, code, detail, suberrors, requestId: requestIdOf(head), retryAfterMs },
    );
  }

  return { ...redactor, ...errors, createApiError, parse, tryParse, maskFor, requestIdOf };
}

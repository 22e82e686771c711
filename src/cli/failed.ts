import { MakeError, NotStoredError } from "../index.js";

/** A command failed: the exit code is 1 if certainly nothing has changed, otherwise 3. */
export class Failed extends Error {
  readonly exitCode: 1 | 3;
  /** With --json, the tokens that it is about. */
  readonly facts: object;

  /** `last` is the last line: what is alive, and what to do about it. */
  constructor(exitCode: 1 | 3, last: string, cause: unknown, facts: object = {}) {
    super(last, { cause });
    this.exitCode = exitCode;
    this.facts = facts;
  }
}

/** A reason to fail before anything was changed. */
export class Unchanged extends Error {}

/** Whether it is certain that a failure has changed nothing. */
export function isUnchanged(error: unknown): boolean {
  if (error instanceof Unchanged || error instanceof NotStoredError) return true;
  if (!(error instanceof MakeError) || error.successor !== undefined) return false;
  return error.outcome !== "unknown" || error.operation.startsWith("GET ");
}

/** The JSON of an error, with its causes in one message. */
export function factsOf(error: unknown, printable: (text: unknown) => string) {
  const {
    name,
    message = error,
    operation,
    outcome,
    status,
    code,
    requestId,
    cause,
  } = Object(error);
  const { message: reason } = Object(cause);
  const words = reason === undefined || `${message}`.includes(`${reason}`) ? [] : [reason];
  return {
    name: printable(name),
    message: [message, ...words].map(printable).join(": "),
    ...(error instanceof MakeError && { operation, outcome, status, code, requestId }),
  };
}

/**
 * Why there was no answer. `not-sent`: no connection. `blocked`: refused before anything was sent,
 * and for good. `network`: anything else, at any time.
 */
export type NetworkFailure = "not-sent" | "blocked" | "network";

/** The codes that come before anything is sent, for errors that do not name a `syscall`. */
const NOT_SENT = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|E(HOST|NET)UNREACH|UND_ERR_CONNECT_TIMEOUT)$/;

/** OpenSSL's verdicts on the server's certificate; an alert that the server sent is not one. */
const CERTIFICATE =
  /^(CERT_|CRL_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|INVALID_(CA|PURPOSE)|PATH_LENGTH|HOSTNAME_|ERR_TLS_CERT)/;

interface Link {
  readonly code?: unknown;
  readonly syscall?: unknown;
  /** Of an AggregateError: one for each address that was tried. */
  readonly errors?: readonly Link[];
  readonly message?: unknown;
  readonly cause?: unknown;
}

/** The failure and its short code; the first code in the chain of causes that fetch leaves decides. */
export function classify(error: unknown, depth = 0): [NetworkFailure, string] {
  try {
    const { code, errors, syscall = errors?.[0]?.syscall, message, cause } = error as Link;
    if (message === "bad port") return ["blocked", "EBADPORT"];
    if (typeof code === "string" && /^\w{1,50}$/.test(code)) {
      if (CERTIFICATE.test(code)) return ["blocked", code];
      const notSent = syscall ? /^(connect|getaddrinfo)$/.test(`${syscall}`) : NOT_SENT.test(code);
      return [notSent ? "not-sent" : "network", code];
    }
    if (depth < 9) return classify(cause, depth + 1);
  } catch {
    // No error at all, the end of the chain, or a getter that throws.
  }
  return ["network", "network"];
}

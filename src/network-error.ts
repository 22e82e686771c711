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
export function classify(error: unknown): [NetworkFailure, string] {
  let link = error as Link | undefined;
  for (let depth = 0; link && depth < 9; depth++) {
    const { code, errors, message, cause } = link;
    const { syscall = errors?.[0]?.syscall } = link;
    if (message === "bad port") return ["blocked", "bad port"];
    if (typeof code === "string" && /^\w{1,50}$/.test(code)) {
      if (CERTIFICATE.test(code)) return ["blocked", code];
      const notSent = syscall ? /^(connect|getaddrinfo)$/.test(`${syscall}`) : NOT_SENT.test(code);
      return [notSent ? "not-sent" : "network", code];
    }
    link = cause as Link | undefined;
  }
  return ["network", "network"];
}

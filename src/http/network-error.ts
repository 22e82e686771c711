import { ownFact } from "./own-fact.js";

/**
 * Why there was no answer. `not-sent`: nothing of the request has left. `blocked`: the same, and
 * another attempt would end alike. `network`: anything else, at any time.
 */
export type NetworkFailure = "not-sent" | "blocked" | "network";

/**
 * The texts that prove that nothing was sent; `proofOf` makes one of each error. EHOSTUNREACH,
 * ENETUNREACH and ETIMEDOUT alone prove nothing: a connection that stands may be lost by them, too.
 */
const PROOFS: readonly (readonly [NetworkFailure, RegExp])[] = [
  // No address, or no connection.
  ["not-sent", /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|UND_ERR_CONNECT_TIMEOUT) |^\S*:connect$/],
  // The connection closed within the TLS handshake; a proxy refused CONNECT, for now.
  ["not-sent", /^(ECONNRESET .*before secure TLS |UND_ERR_ABORTED Proxy response \(5)/],
  // A proxy refused CONNECT; fetch refused a dispatcher of another undici, or a port.
  ["blocked", /^(UND_ERR_ABORTED Proxy response |UND_ERR_INVALID_ARG | bad port\n)/],
  // A certificate, also that of a proxy. An alert of the server (ERR_SSL) may come later.
  ["blocked", /^(?!ERR_SSL)\w*(CERT|CRL|LEAF_SIG|VALID_CA |_PURPOSE |PATH_LENGTH_|PRX_TLS )/],
  // No TLS, or none in common. Fetch says so of the handshake only; node:https later as well.
  [
    "blocked",
    /^ERR_SSL_\S*(WRONG_VERSION|PROTOCOL|UNRECOGNIZED_NAME|HANDSHAKE_FAILURE)[^]*\nfetch failed$/,
  ],
];

const failureOf = (said: string) => PROOFS.find(([, it]) => it.test(said))?.[0];

/** More errors than any real failure has within it. The limit also ends a cycle. */
const MOST_LINKS = 99;

/** System calls that come before anything is sent. */
const CONNECTING = /^(connect|getaddrinfo)*$/;

const FACTS = ["code", "message", "cause", "errors", "syscall", "erroredSysCall"];

/**
 * The text that proves that nothing was sent: `code message`, a line break and the message of the
 * error above. The links are the error, its causes and the members of each AggregateError. Each link
 * without a link below it has to give a proof. No other link may contradict it, but it may repeat a
 * code. Collects the codes.
 */
function proofOf(error: unknown, codes: unknown[]): string | undefined {
  const links: unknown[][] = [[error]];
  const proofs = new Map<unknown, string>();
  for (const [link, above] of links) {
    const [code, message, cause, members = [], ...syscalls] = FACTS.map((it) => ownFact(link, it));
    codes.push(code);
    if (!Array.isArray(members) || links.length + members.length > MOST_LINKS) return undefined;
    const below = Array.from(members, (it) => [it]);
    if (cause !== undefined) below.push([cause, message]);
    links.push(...below);
    const syscall = syscalls.join("");
    const said = syscall ? `${code}:connect` : `${code ?? ""} ${message}\n${above}`;
    if (failureOf(said) && CONNECTING.test(syscall)) proofs.set(code, said);
    else if (syscall || !below.length) return undefined;
  }
  const isProven = codes.every((it) => it === undefined || proofs.has(it));
  return isProven ? [...proofs.values()][0] : undefined;
}

function provenBy(error: unknown, codes: unknown[]): string {
  try {
    return proofOf(error, codes) ?? "";
  } catch {
    // A revoked proxy cannot be read, and a symbol is no text.
    return "";
  }
}

/** The failure, and a short code for it. In doubt, something was sent. */
export function classify(error: unknown): readonly [NetworkFailure, string] {
  const codes: unknown[] = [];
  const proof = provenBy(error, codes);
  const failure = failureOf(proof) ?? "network";
  const proxyStatus = /^UND_ERR_ABORTED \D+(\d+)/.exec(proof)?.[1];
  // An error of other people's code may hold anything as its code.
  const code = codes.find((it) => typeof it === "string" && /^[\w/]{1,50}$/.test(it)) ?? failure;
  return [failure, proxyStatus ? `PROXY_${proxyStatus}` : `${code}`];
}

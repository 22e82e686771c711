/**
 * Why there was no answer. `not-sent`: nothing of the request has left. `blocked`: the same, and
 * another attempt would end alike. `network`: anything else, at any time.
 */
export type NetworkFailure = "not-sent" | "blocked" | "network";

/** An error, a cause within it, or a member of an AggregateError. */
interface Link {
  readonly code: string | undefined;
  /** Its message, after that of the error that it is the cause of. */
  readonly words: string;
  readonly syscall: unknown;
  /** Whether there is nothing within it. */
  readonly isLast: boolean;
}

/** What proves that nothing was sent: a code, and words where that is not enough. */
const PROOFS: readonly (readonly [NetworkFailure, code: RegExp, words?: RegExp])[] = [
  // No address, or no connection.
  ["not-sent", /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|UND_ERR_CONNECT_TIMEOUT)$/],
  // The connection closed within the TLS handshake.
  ["not-sent", /^ECONNRESET$/, /before secure TLS/],
  // A proxy refused CONNECT: for now, or for good.
  ["not-sent", /^UND_ERR_ABORTED$/, /Proxy response \(5/],
  ["blocked", /^UND_ERR_ABORTED$/, /Proxy response /],
  // Fetch refused a dispatcher of another undici, or a port.
  ["blocked", /^UND_ERR_INVALID_ARG$/],
  ["blocked", /^undefined$/, /: bad port$/],
  // A certificate, also that of a proxy. An alert of the server (ERR_SSL) may come later.
  ["blocked", /^(?!ERR_SSL)\w*(CERT|CRL|LEAF_SIG|VALID_CA$|_PURPOSE$|PATH_LENGTH_|PRX_TLS$)/],
  // No TLS, or none in common. Fetch says so of the handshake only; node:https later as well.
  [
    "blocked",
    /^ERR_SSL_.*(WRONG_VERSION|PROTOCOL|UNRECOGNIZED_NAME|HANDSHAKE_FAILURE)/,
    /^fetch failed: /,
  ],
];

function proofOf({ code, words, syscall }: Link): NetworkFailure | undefined {
  // These system calls come before anything is sent, whatever the code.
  if (syscall) return /^(connect|getaddrinfo)$/.test(String(syscall)) ? "not-sent" : undefined;
  return PROOFS.find(([, ofCode, ofWords]) => {
    return ofCode.test(`${code}`) && (!ofWords || ofWords.test(words));
  })?.[0];
}

/** More levels than any real failure has. The limit also ends a cycle. */
const DEEPEST = 9;

/** The error, its causes and members, those of each, and so on. */
function linksOf(error: unknown, above: unknown, depth: number): Link[] {
  const { code, message, cause, errors, syscall, erroredSysCall } = Object(error);
  const within: unknown[] = [...(Array.isArray(errors) ? errors : []), cause];
  const parts = within.filter((it) => it !== undefined);
  const link = {
    code: typeof code === "string" ? code : undefined,
    words: [above, message].join(": "),
    // node-fetch has a name of its own for it.
    syscall: syscall ?? erroredSysCall,
    isLast: parts.length === 0,
  };
  if (depth > DEEPEST) return [{ ...link, syscall: "none", isLast: true }];
  return [link, ...parts.flatMap((it) => linksOf(it, message, depth + 1))];
}

/**
 * The failure, and a short code for it. Each code and each last link has to prove that nothing was
 * sent, because a wrapper of `fetch` may contradict what it wraps. In doubt, something was sent.
 */
export function classify(error: unknown): readonly [NetworkFailure, code: string] {
  const links = linksOf(error, "", 0);
  const proven = links.filter(proofOf);
  // A wrapper may have no code, or repeat that of its cause without the system call.
  const codes = [undefined, ...proven.map(({ code }) => code)];
  const isProven = links.every(
    (it) => proofOf(it) ?? (!it.isLast && !it.syscall && codes.includes(it.code)),
  );
  const [proof] = isProven ? proven : [];
  const failure = (proof && proofOf(proof)) ?? "network";
  const proxyStatus = /Proxy response \((\d+)/.exec(proof?.words ?? "")?.[1];
  if (proxyStatus) return [failure, `PROXY_${proxyStatus}`];
  // An error of other people's code may hold anything as its code.
  return [failure, links.find((it) => /^[\w/]{1,50}$/.test(it.code ?? ""))?.code ?? failure];
}

/**
 * Why there was no answer. `not-sent`: nothing of the request has left. `blocked`: the same, and
 * another attempt would end alike. `network`: anything else, at any time.
 */
export type NetworkFailure = "not-sent" | "blocked" | "network";

/** What a code proves, with the words that the message has to hold where the code is not enough. */
const PROOFS: readonly (readonly [NetworkFailure, code: RegExp, words?: string])[] = [
  // The host has no address, or lets nobody connect.
  ["not-sent", /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|UND_ERR_CONNECT_TIMEOUT)$/],
  // The server closed the connection during the TLS handshake.
  ["not-sent", /^ECONNRESET$/, "before secure TLS"],
  // A proxy refused CONNECT: with 5xx for now, with any other status for good.
  ["not-sent", /^UND_ERR_ABORTED$/, "Proxy response (5"],
  ["blocked", /^UND_ERR_ABORTED$/, "Proxy response ("],
  // Fetch refused the dispatcher of another version of undici, or the port.
  ["blocked", /^UND_ERR_INVALID_ARG$/],
  ["blocked", /^$/, "fetch failed: bad port"],
  // The server speaks no TLS, or none that Node does. node:https may say the same of a later record.
  ["blocked", /^ERR_SSL_.*(WRONG_VERSION|PROTOCOL|HANDSHAKE_FAILURE)/, "fetch failed: "],
  // Any other alert of the server may come after the request.
  ["network", /^ERR_SSL_/],
  // The certificate of the server, or of a proxy, is not valid.
  ["blocked", /CERT|CRL_|LEAF_SIGNATURE|INVALID_CA|INVALID_PURPOSE|^UND_ERR_PRX_TLS$/],
];

/** Errors of others may have anything as a message or a code. */
const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

/** By the first row that fits. */
function proofOf(code: string, syscall: string, words: string): NetworkFailure {
  // These system calls come before anything is sent, whatever the code.
  if (syscall) return /^(connect|getaddrinfo)$/.test(syscall) ? "not-sent" : "network";
  const row = PROOFS.find(([, codes, part = ""]) => codes.test(code) && words.includes(part));
  return row?.[0] ?? "network";
}

/** The error, its causes and members, those of each, and so on, each once. */
function allWithin(error: unknown): Record<string, unknown>[] {
  const all = new Set([Object(error)]);
  for (const { errors, cause } of all)
    for (const it of [errors, cause].flat().filter(Boolean)) all.add(Object(it));
  return [...all];
}

/**
 * The failure, and a short code for it. Each code has to prove that nothing was sent, because a
 * wrapper of `fetch` may contradict what it wraps. In doubt, something was sent.
 */
export function classify(error: unknown): readonly [NetworkFailure, code: string] {
  const all = allWithin(error);
  const words = all.map(({ message }) => textOf(message)).join(": ");
  // node-fetch has a name of its own for the system call.
  const links = all.map(({ code, syscall, erroredSysCall = syscall }) => {
    const facts = { code: textOf(code), syscall: textOf(erroredSysCall) };
    return { ...facts, proves: proofOf(facts.code, facts.syscall, words) };
  });
  const proven = links.filter(({ proves }) => proves !== "network");
  // A wrapper may have no code, or repeat that of its cause without the system call.
  const codes = ["", ...proven.map(({ code }) => code)];
  const isProven = links.every(
    ({ code, syscall, proves }) => proves !== "network" || (!syscall && codes.includes(code)),
  );
  const failure = (isProven && proven[0]?.proves) || "network";
  const [, proxyStatus] = /Proxy response \((\d+)/.exec(words) ?? [];
  if (proxyStatus) return [failure, `PROXY_${proxyStatus}`];
  // A code may hold anything, too.
  return [failure, links.find(({ code }) => /^[\w/]{1,50}$/.test(code))?.code ?? failure];
}

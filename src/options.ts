import { zones as servers } from "../generated/zones.js";
import manifest from "../package.json" with { type: "json" };

/** The product that a user agent names (RFC 9110, section 10.1.5): this package, without a scope. */
export const PRODUCT = `${manifest.name.split("/").at(-1)}/${manifest.version}`;

/** The name of a zone: the host of its server without the labels `make` and `com`. */
export type Zone = keyof typeof servers;

type HostOf<Url> = Url extends `https://${infer Host}/${string}` ? Host : never;

/** The host of a zone's server, such as `eu1.make.com`. */
export type ZoneHost = HostOf<(typeof servers)[Zone]>;

/** The names of all zones. */
export const zones = Object.keys(servers) as readonly Zone[];

/** One attempt of a call. */
export interface Attempt {
  /** As the specification writes it: `"GET /users/me/api-tokens"`. */
  readonly operation: string;
  readonly zone: string;
  /** 1 for the first. */
  readonly attempt: number;
  /** Where there was an answer. */
  readonly status?: number;
  readonly requestId?: string;
  /** Such as `ECONNRESET`, `timeout` or `aborted`, where the attempt broke off. */
  readonly error?: string;
  readonly durationMs: number;
  /** The wait before the next attempt, where there will be one. */
  readonly retryInMs?: number;
}

/** The last argument of every method; a client's options are the defaults. */
export interface CallOptions {
  /** Milliseconds for each attempt, to the last byte of the answer. Default: 30,000. */
  timeout?: number | undefined;
  /** Milliseconds for each call, with all its attempts and the waits between. Default: 90,000. */
  totalTimeout?: number | undefined;
  /** Attempts after the first; 0 turns retries off. Default: 2. */
  retries?: number | undefined;
  /** Ends the call, or a wait within it, at once: it rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
}

/** What a request says to `fetch`; a call on `raw` may add more, such as `credentials`. */
export interface FetchInit {
  method: string;
  headers: [name: string, value: string][];
  body?: string;
  redirect: "manual";
  cache?: "no-store";
  signal: AbortSignal;
}

/** All that is relied on of an answer, which a `Response` of any implementation has. */
export interface FetchedResponse {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  /** Read by its `getReader()`, or else by `arrayBuffer()`. */
  readonly body?: unknown;
  arrayBuffer(): Promise<ArrayBuffer>;
}

interface AllOptions extends Omit<CallOptions, "signal"> {
  /** The zone of the token, by its name or its host; no other is taken. Default: `MAKE_ZONE`. */
  zone?: Zone | ZoneHost | (string & {}) | undefined;
  /** Instead of `zone`: all up to and including `/api/v2`. https, or http on loopback. */
  baseUrl?: string | undefined;
  /**
   * The token, without `Token ` before it, or a function that returns it, asked once per call. One
   * of fewer than 8 characters, as in a test, is not redacted. Default: `MAKE_API_KEY`.
   */
  token?: string | (() => string | Promise<string>) | undefined;
  /**
   * Takes the milliseconds before the next attempt, and returns those to wait instead, also fewer
   * than Retry-After asks for: `() => 0` in tests. Where it throws or returns none, its argument holds.
   */
  retryDelay?: ((ms: number) => number) | undefined;
  /** Bytes of the largest answer that is read, decompressed. Default: 1 MiB. */
  maxBytes?: number | undefined;
  /** Default: the global `fetch`, looked up at each call, so that a later mock is seen. */
  fetch?: ((url: string, init: FetchInit) => Promise<FetchedResponse>) | undefined;
  /** Put before the package's own. */
  userAgent?: string | undefined;
  /** Called after every attempt, never with a secret; what it throws is ignored. */
  onAttempt?: ((attempt: Attempt) => void) | undefined;
}

/** The options of a client. `zone` and `baseUrl` exclude each other. */
export type MakeClientOptions = AllOptions & ({ zone?: undefined } | { baseUrl?: undefined });

/** Refuses a zone that is written in the code and does not exist. */
export type KnownZone<Name extends string> = Name &
  (string extends Name ? string : Zone | ZoneHost);

/** Refuses a wrong argument without quoting it: it might be a token in the wrong place. */
export function check(isRight: unknown, name: string, remedy: string): asserts isRight {
  if (!isRight) throw new TypeError(`${name}: ${remedy}`);
}

/** What an option has to be, and the remedy where it is not. */
type Rule = readonly [isRight: (value: unknown) => boolean, remedy: string];
type Rules<Options> = Record<keyof Options, Rule>;
type Given<Options> = { [Name in keyof Options]?: Exclude<Options[Name], undefined> };

const isFunction = (value: unknown): boolean => typeof value === "function";
export const isString = (value: unknown): value is string => typeof value === "string";
export const isText = (value: unknown, form: RegExp): value is string =>
  isString(value) && form.test(value);

const BASE_URL = /^(https:\/\/[^/@]+|http:\/\/(localhost|127(\.\d+){3}|\[::1])(:\d+)?)\/[^?#]*$/;
const isBaseUrl = (value: unknown): boolean =>
  isString(value) && URL.canParse(value) && BASE_URL.test(new URL(value).href);

const FUNCTION: Rule = [isFunction, "pass a function"];
/** Beyond 2 ** 31 - 1 ms, a timer fires at once. */
const wholeNumber = (least: number): Rule => [
  (it) => Number.isInteger(it) && Number(it) >= least && Number(it) < 2 ** 31,
  `pass a whole number from ${least} to 2 ** 31 - 1`,
];

const LIMITS = { timeout: wholeNumber(1), totalTimeout: wholeNumber(1), retries: wholeNumber(0) };
const CALL: Rules<CallOptions> = {
  // Frameworks pass null for no signal.
  signal: [(it) => it === null || isFunction(Object(it).throwIfAborted), "pass an AbortSignal"],
  ...LIMITS,
};
const CLIENT: Rules<MakeClientOptions> = {
  zone: [isString, "pass a string"],
  baseUrl: [isBaseUrl, "pass only https://.../api/v2, or http on loopback"],
  token: [(it) => isFunction(it) || isString(it), "pass a string or a function"],
  ...LIMITS,
  retryDelay: FUNCTION,
  maxBytes: wholeNumber(1),
  fetch: FUNCTION,
  userAgent: [(it) => isText(it, /^[!-~][ -~]*$/), "pass visible ASCII"],
  onAttempt: FUNCTION,
};

/** Returns the options that have a value, once all are known and right. */
function checkOptions<Options extends object>(options: Options, rules: Rules<Options>) {
  check(Object(options) === options, "options", "pass an object");
  const given: Given<Options> = { ...options };
  for (const name of Object.keys(given) as (keyof Options & string)[]) {
    const known = Object.keys(rules);
    check(known.includes(name), name, `no such option: pass only ${known.join(", ")}`);
    const [isRight, remedy] = rules[name];
    if (given[name] === undefined) delete given[name];
    else check(isRight(given[name]), name, remedy);
  }
  return given;
}

function findZone(nameOrHost: string | undefined): [name: string, url: string] {
  const found = Object.entries(servers).find(
    ([name, url]) => name === nameOrHost || new URL(url).host === nameOrHost,
  );
  const remedy = `pass (or set MAKE_ZONE to) one of ${zones.join(", ")}, or its host, or pass baseUrl`;
  check(found, "zone", remedy);
  return found;
}

/** Only what a header can carry as it is, so that fetch has nothing to trim, encode or quote. */
export function checkToken(token: unknown): string {
  const remedy = 'pass (or set MAKE_API_KEY to) the token alone, without "Token " or spaces';
  check(isText(token, /^[!-~]+$/), "token", remedy);
  return token;
}

/** Asked only where no option says it: Deno wants a permission, and an edge runtime has none. */
const fromEnvironment = (name: string): string | undefined => globalThis.process?.env?.[name];

/** The one place where defaults and the environment are read. */
export function resolveOptions(options: MakeClientOptions) {
  const given = checkOptions(options, CLIENT);
  const { zone, baseUrl, token = fromEnvironment("MAKE_API_KEY"), userAgent = "" } = given;
  check(zone === undefined || baseUrl === undefined, "zone", "pass it or baseUrl");
  const [name, url] = baseUrl
    ? [new URL(baseUrl).host, baseUrl]
    : findZone(zone ?? fromEnvironment("MAKE_ZONE"));
  // A framework would keep an answer, and with it a secret. Old edge runtimes refuse the word.
  const knowsCache = "cache" in Object(globalThis.Request?.prototype);
  return {
    timeout: 30_000,
    totalTimeout: 90_000,
    retries: 2,
    maxBytes: 2 ** 20,
    fetch: (url: string, init: FetchInit) => globalThis.fetch(url, init),
    ...given,
    zone: name,
    baseUrl: new URL(url).href.replace(/\/+$/, ""),
    token: typeof token === "function" ? token : checkToken(token),
    userAgent: `${userAgent} ${PRODUCT}`.trim(),
    settings: { ...(knowsCache && { cache: "no-store" as const }) },
  };
}

/** The options of a client, with every default in place. */
export type Resolved = ReturnType<typeof resolveOptions>;

/** The options of a call, with every default in place. */
export type ResolvedCallOptions = Resolved & CallOptions;

export const resolveCallOptions = (client: Resolved, options?: CallOptions): ResolvedCallOptions =>
  options ? { ...client, ...checkOptions(options, CALL) } : client;

import { zones as servers } from "../generated/zones.js";
import { PRODUCT } from "./product.js";

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

/** How one call is made; the client's options are the default of each. */
interface Limits {
  /** Milliseconds for each attempt, to the last byte of the answer. Default: 30,000. */
  timeout?: number | undefined;
  /** Milliseconds for each call, with all its attempts and the waits between. Default: 90,000. */
  totalTimeout?: number | undefined;
  /** Attempts after the first; 0 turns retries off. Default: 2. */
  retries?: number | undefined;
}

/** The last argument of every method. */
export interface CallOptions extends Limits {
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

interface CommonOptions extends Limits {
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

interface ZoneOptions {
  /**
   * The zone of the token, by its name or its host. Any other string is refused, at run time where
   * the compiler does not know it. Default: `MAKE_ZONE`.
   */
  zone?: Zone | ZoneHost | (string & {}) | undefined;
  baseUrl?: undefined;
}

interface BaseUrlOptions {
  /** Instead of `zone`: all up to and including `/api/v2`. https, or http on loopback. */
  baseUrl: string;
  zone?: undefined;
}

export type MakeClientOptions = CommonOptions & (ZoneOptions | BaseUrlOptions);

/** Refuses a zone that is written in the code and does not exist. */
export interface KnownZone<Name extends string> {
  zone?: (Name & (string extends Name ? string : Zone | ZoneHost)) | undefined;
}

type Filled<Options> = { readonly [Name in keyof Options]-?: Exclude<Options[Name], undefined> };

/** The options of a client, with every default in place. */
export type Resolved = CommonOptions &
  Filled<Limits> &
  Filled<Pick<CommonOptions, "token" | "maxBytes" | "fetch" | "userAgent">> & {
    readonly zone: string;
    readonly baseUrl: string;
    /** For `fetch`, unless the call says otherwise. */
    readonly settings: Pick<FetchInit, "cache">;
  };

/** The options of a call, with every default in place. */
export type ResolvedCallOptions = Resolved & CallOptions;

/** Refuses a wrong argument without quoting it: it might be a token in the wrong place. */
export function check(isRight: unknown, name: string, remedy: string): asserts isRight {
  if (!isRight) throw new TypeError(`${name}: ${remedy}`);
}

/** What an option has to be, and the remedy where it is not. */
type Rule = readonly [isRight: (value: unknown) => boolean, remedy: string];

const isFunction = (value: unknown): boolean => typeof value === "function";
export const isText = (value: unknown, form: RegExp): value is string =>
  typeof value === "string" && form.test(value);

const FUNCTION: Rule = [isFunction, "pass a function"];
/** Checked later, together with the environment's value. */
const LATER: Rule = [() => true, ""];
/** Beyond 2 ** 31 - 1 ms, a timer fires at once. */
const wholeNumber = (least: number): Rule => [
  (it) => Number.isInteger(it) && Number(it) >= least && Number(it) < 2 ** 31,
  `pass a whole number from ${least} to 2 ** 31 - 1`,
];

const LIMITS = { timeout: wholeNumber(1), totalTimeout: wholeNumber(1), retries: wholeNumber(0) };
const CALL: Record<keyof CallOptions, Rule> = {
  // Frameworks pass null for no signal.
  signal: [(it) => it === null || isFunction(Object(it).throwIfAborted), "pass an AbortSignal"],
  ...LIMITS,
};
const CLIENT: Record<keyof MakeClientOptions, Rule> = {
  zone: LATER,
  baseUrl: LATER,
  token: LATER,
  ...LIMITS,
  retryDelay: FUNCTION,
  maxBytes: wholeNumber(1),
  fetch: FUNCTION,
  userAgent: [(value) => isText(value, /^[!-~][ -~]*$/), "pass visible ASCII"],
  onAttempt: FUNCTION,
};

/** Returns the options that have a value, once all are known and right. */
function checkOptions<Options extends object>(
  options: Options,
  rules: Record<keyof Options, Rule>,
): Partial<Filled<Options>> {
  check(Object(options) === options, "options", "pass an object");
  const given = { ...options };
  for (const name of Object.keys(given) as (keyof Options & string)[]) {
    const known = Object.keys(rules);
    check(known.includes(name), name, `no such option: pass only ${known.join(", ")}`);
    const [isRight, remedy] = rules[name];
    if (given[name] === undefined) delete given[name];
    else check(isRight(given[name]), name, remedy);
  }
  return given;
}

function findZone(nameOrHost: string | undefined): Zone {
  const found = zones.find((it) => it === nameOrHost || new URL(servers[it]).host === nameOrHost);
  const remedy = `pass (or set MAKE_ZONE to) one of ${zones.join(", ")}, or its host, or pass baseUrl`;
  check(found, "zone", remedy);
  return found;
}

const BASE_URL = /^(https:\/\/[^/@]+|http:\/\/(localhost|127(\.\d+){3}|\[::1])(:\d+)?)\/[^?#]*$/;

function parseBaseUrl(text: unknown): URL {
  const url = typeof text === "string" && URL.canParse(text) ? new URL(text) : undefined;
  const isSafe = url && BASE_URL.test(url.href);
  check(isSafe, "baseUrl", "pass only https://.../api/v2, or http on loopback");
  return url;
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
export function resolveOptions(options: MakeClientOptions): Resolved {
  const given = checkOptions(options, CLIENT);
  const { zone, baseUrl, token = fromEnvironment("MAKE_API_KEY"), userAgent = "" } = given;
  check(zone === undefined || baseUrl === undefined, "zone", "pass it or baseUrl");
  const name = baseUrl === undefined ? findZone(zone ?? fromEnvironment("MAKE_ZONE")) : undefined;
  const url = parseBaseUrl(name ? servers[name] : baseUrl);
  return {
    timeout: 30_000,
    totalTimeout: 90_000,
    retries: 2,
    maxBytes: 2 ** 20,
    fetch: (url, init) => globalThis.fetch(url, init),
    ...given,
    zone: name ?? url.host,
    baseUrl: url.href.replace(/\/+$/, ""),
    token: typeof token === "function" ? token : checkToken(token),
    userAgent: `${userAgent} ${PRODUCT}`.trim(),
    // A framework would keep an answer, and with it a secret. Old edge runtimes refuse the word.
    settings: "cache" in Object(globalThis.Request?.prototype) ? { cache: "no-store" } : {},
  };
}

export const resolveCallOptions = (client: Resolved, options?: CallOptions): ResolvedCallOptions =>
  options ? { ...client, ...checkOptions(options, CALL) } : client;

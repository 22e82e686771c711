import { zones as servers } from "../generated/zones.js";
import { check } from "./check.js";
import { own } from "./own.js";
import { PRODUCT } from "./product.js";

/** The name of a zone, as in the host of its server without the labels `make` and `com`. */
export type Zone = keyof typeof servers;

type HostOf<Url> = Url extends `https://${infer Host}/${string}` ? Host : never;

/** The host of a zone's server, such as `eu1.make.com`. */
export type ZoneHost = HostOf<(typeof servers)[Zone]>;

/** The names of all zones, in the order of the specification. */
export const zones = Object.keys(servers) as readonly Zone[];

/** One attempt of a call, as {@link MakeClientOptions.onAttempt} is told of it. */
export interface Attempt {
  /** The method and the path as the specification writes it. */
  readonly operation: string;
  readonly zone: string;
  /** 1 for the first. */
  readonly attempt: number;
  /** The HTTP status, where there was an answer. */
  readonly status?: number;
  /** The `x-request-id` header of the answer. */
  readonly requestId?: string;
  /** A short code such as `ECONNRESET`, `timeout` or `aborted`, where the attempt broke off. */
  readonly error?: string;
  readonly durationMs: number;
  /** How long the client waits before the next attempt, where there will be one. */
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

/** All that a request says to `fetch`; a call on `raw` may say more, such as `credentials`. */
export interface FetchInit {
  method: string;
  headers: Headers;
  body?: string | ArrayBuffer;
  redirect: "manual";
  cache?: "no-store";
  signal: AbortSignal;
}

/** All that is relied on of an answer, which a `Response` of any implementation has. */
export interface FetchedResponse {
  readonly status: number;
  readonly statusText: string;
  readonly headers: { get(name: string): string | null };
}

interface CommonOptions extends Limits {
  /**
   * The API token alone, without a `Token ` prefix, or a function that returns it (or a promise of
   * it), asked once per call. Fewer than 8 characters, as in a test, are no secret, and are not
   * redacted. Default: the environment variable `MAKE_API_KEY`.
   */
  token?: string | (() => string | Promise<string>) | undefined;
  /** Bytes of the largest answer that is read, decompressed. Default: 1 MiB. */
  maxBytes?: number | undefined;
  /** Default: the global `fetch`, looked up at each call, so that a later mock is seen. */
  fetch?: ((url: string, init: FetchInit) => Promise<FetchedResponse>) | undefined;
  /** Put before the package's own user agent. */
  userAgent?: string | undefined;
  /** Called after every attempt, never with a secret; what it throws is ignored. */
  onAttempt?: ((attempt: Attempt) => void) | undefined;
}

interface ZoneOptions {
  /**
   * The zone of the token: its name or its host; any other string, as from the environment, is
   * refused at run time. Default: the environment variable `MAKE_ZONE`.
   */
  zone?: Zone | ZoneHost | (string & {}) | undefined;
  baseUrl?: undefined;
}

interface BaseUrlOptions {
  /**
   * Instead of `zone`, for a private instance: everything up to and including `/api/v2`. https, or
   * http on loopback.
   */
  baseUrl: string;
  zone?: undefined;
}

export type MakeClientOptions = CommonOptions & (ZoneOptions | BaseUrlOptions);

/** Refuses a zone that is written in the code and does not exist. */
export interface KnownZone<Name extends string> {
  zone?: (Name & (string extends Name ? string : Zone | ZoneHost)) | undefined;
}

/**
 * The limits of a call, with every default in place.
 *
 * @internal
 */
export type ResolvedLimits = { readonly [Name in keyof Limits]-?: number };

/** @internal */
export interface ResolvedCallOptions extends Partial<ResolvedLimits> {
  readonly signal: AbortSignal | undefined;
}

/**
 * The options with every default in place.
 *
 * @internal
 */
export interface Resolved extends ResolvedLimits {
  readonly zone: string;
  readonly baseUrl: string;
  readonly token: string | (() => string | Promise<string>);
  readonly maxBytes: number;
  readonly fetch: typeof fetch;
  readonly userAgent: string;
  readonly onAttempt: ((attempt: Attempt) => void) | undefined;
}

/** Each number, with its default and the least that it may be. */
const NUMBERS = {
  timeout: [30_000, 1],
  totalTimeout: [90_000, 1],
  retries: [2, 0],
  maxBytes: [2 ** 20, 1],
} as const;

const LIMITS = ["timeout", "totalTimeout", "retries"] as const;
const CALL = ["signal", ...LIMITS];
const CLIENT = [
  "zone",
  "baseUrl",
  "token",
  ...LIMITS,
  "maxBytes",
  "fetch",
  "userAgent",
  "onAttempt",
];

/** The own ones: what is inherited, as from a polluted `Object.prototype`, is no option. */
function checkNames<Options extends object>(options: Options, known: readonly string[]): Options {
  check(options === null || Object(options) === options, "options", "pass an object");
  const given = own(Object(options) as Options);
  for (const name of Object.keys(given)) {
    // Anything but a name could be a token in the wrong place.
    const shown = /^[a-zA-Z]{1,20}$/.test(name) ? name : "options";
    check(known.includes(name), shown, `there is no such option: pass only ${known.join(", ")}`);
  }
  return given;
}

function checkNumber(name: keyof typeof NUMBERS, value: unknown = NUMBERS[name][0]): number {
  const [, least] = NUMBERS[name];
  // Beyond 2 ** 31 - 1 ms, a timer fires at once.
  check(
    typeof value === "number" && Number.isInteger(value) && value >= least && value < 2 ** 31,
    name,
    `pass a whole number, ${least} or more, below 2 ** 31`,
  );
  return value;
}

const isFetch = (value: unknown): value is typeof fetch => typeof value === "function";

/** Not there in a browser or at the edge. */
const env = (name: string): string | undefined => globalThis.process?.env?.[name];

function findZone(nameOrHost: string | undefined): Zone {
  const found = zones.find((it) => it === nameOrHost || new URL(servers[it]).host === nameOrHost);
  check(
    found,
    "zone",
    `pass (or set MAKE_ZONE to) one of ${zones.join(", ")}, or its host; or pass baseUrl for a private instance`,
  );
  return found;
}

function parseBaseUrl(text: unknown): URL {
  const url = typeof text === "string" && URL.canParse(text) ? new URL(text) : undefined;
  check(
    url &&
      /^https:|^http:\/\/(localhost|127(\.\d+){3}|\[::1])[:/]/.test(url.href) &&
      !/[?#]/.test(url.href) &&
      !url.username &&
      !url.password,
    "baseUrl",
    "pass all up to and including /api/v2: https (http on loopback), no user info, query or fragment",
  );
  return url;
}

/**
 * Only what a header can carry as it is, so that fetch has nothing to trim, encode or quote.
 *
 * @internal
 */
export function checkToken(token: unknown): string {
  check(
    typeof token === "string" && /^[!-~]+$/.test(token),
    "token",
    'pass (or set MAKE_API_KEY to) the token alone: visible ASCII, no spaces or newlines, no "Token " before it',
  );
  return token;
}

/**
 * The one place where defaults and the environment are read.
 *
 * @internal
 */
export function resolveOptions(options: MakeClientOptions): Resolved {
  const given = checkNames(options, CLIENT);
  const { zone, baseUrl, token = env("MAKE_API_KEY"), userAgent, onAttempt, fetch } = given;

  check(zone === undefined || baseUrl === undefined, "zone", "pass it or baseUrl");
  const name = baseUrl === undefined ? findZone(zone ?? env("MAKE_ZONE")) : undefined;
  const url = parseBaseUrl(name ? servers[name] : baseUrl);
  check(fetch === undefined || isFetch(fetch), "fetch", "pass a function");
  check(onAttempt === undefined || typeof onAttempt === "function", "onAttempt", "pass a function");
  check(
    userAgent === undefined ||
      (typeof userAgent === "string" && /^[!-~]([ -~]*[!-~])?$/.test(userAgent)),
    "userAgent",
    "pass visible ASCII",
  );

  return {
    zone: name ?? url.host,
    baseUrl: url.href.replace(/(?<!\/)\/+$/, ""),
    token: typeof token === "function" ? token : checkToken(token),
    timeout: checkNumber("timeout", given.timeout),
    totalTimeout: checkNumber("totalTimeout", given.totalTimeout),
    retries: checkNumber("retries", given.retries),
    maxBytes: checkNumber("maxBytes", given.maxBytes),
    fetch: fetch ?? ((...args) => globalThis.fetch(...args)),
    userAgent: `${userAgent ?? ""} ${PRODUCT}`.trim(),
    onAttempt,
  };
}

/**
 * The options of one call, checked: those that are given, to be put over those of the client.
 *
 * @internal
 */
export function resolveCallOptions(options?: CallOptions): ResolvedCallOptions {
  const { signal, ...limits } = checkNames(options ?? {}, CALL);
  check(!signal || typeof signal.throwIfAborted === "function", "signal", "pass an AbortSignal");
  const given = LIMITS.flatMap((name) =>
    limits[name] === undefined ? [] : [[name, checkNumber(name, limits[name])] as const],
  );
  return { signal: signal || undefined, ...Object.fromEntries(given) };
}

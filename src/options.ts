import { zones as servers } from "../generated/zones.js";
import { check } from "./check.js";
import { VERSION } from "./version.js";

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
  /** A short code such as `ECONNRESET`, `timeout` or `aborted`, where the attempt broke off. */
  readonly error?: string;
  readonly durationMs: number;
  /** How long the client waits before the next attempt, where there will be one. */
  readonly retryInMs?: number;
}

interface CommonOptions {
  /**
   * The API token alone, without a `Token ` prefix, or a function that returns it (or a promise of
   * it), asked once per call. Default: the environment variable `MAKE_API_KEY`.
   */
  token?: string | (() => string | Promise<string>) | undefined;
  /** Milliseconds for each attempt, to the last byte of the answer. Default: 30,000. */
  timeout?: number | undefined;
  /** Milliseconds for each call, with all its attempts and the waits between. Default: 90,000. */
  totalTimeout?: number | undefined;
  /** Attempts after the first; 0 turns retries off. Default: 2. */
  retries?: number | undefined;
  /** Default: the global `fetch`, looked up at each call, so that a later mock is seen. */
  fetch?: typeof fetch | undefined;
  /** Put before the package's own user agent. */
  userAgent?: string | undefined;
  /** Called after every attempt, never with a secret; what it throws is ignored. */
  onAttempt?: ((attempt: Attempt) => void) | undefined;
}

interface ZoneOptions {
  /** The zone of the token: its name or its host. Default: the environment variable `MAKE_ZONE`. */
  zone?: Zone | ZoneHost | undefined;
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

/** What every method takes last. */
export interface CallOptions {
  /** Ends the call, or a wait within it, at once: it rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
}

/**
 * The options with every default in place.
 *
 * @internal
 */
export interface Resolved {
  readonly zone: string;
  readonly baseUrl: string;
  readonly token: string | (() => string | Promise<string>);
  readonly timeout: number;
  readonly totalTimeout: number;
  readonly retries: number;
  readonly fetch: typeof fetch;
  readonly userAgent: string;
  readonly onAttempt: ((attempt: Attempt) => void) | undefined;
}

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
  const { zone, baseUrl, token = env("MAKE_API_KEY"), userAgent, onAttempt, fetch } = options;
  const { timeout = 30_000, totalTimeout = 90_000, retries = 2 } = options;

  check(zone === undefined || baseUrl === undefined, "zone", "pass it or baseUrl");
  const name = baseUrl === undefined ? findZone(zone ?? env("MAKE_ZONE")) : undefined;
  const url = parseBaseUrl(name ? servers[name] : baseUrl);

  for (const [key, value] of Object.entries({ timeout, totalTimeout, retries })) {
    // Beyond 2 ** 31 - 1 ms, a timer fires at once.
    const isRight = Number.isInteger(value) && value >= +(key !== "retries") && value < 2 ** 31;
    check(isRight, key, "pass a whole number, 1 (for retries, 0) or more, below 2 ** 31");
  }
  for (const [key, value] of Object.entries({ onAttempt, fetch })) {
    check(value === undefined || typeof value === "function", key, "pass a function");
  }
  check(
    userAgent === undefined ||
      (typeof userAgent === "string" && /^[!-~]([ -~]*[!-~])?$/.test(userAgent)),
    "userAgent",
    "pass visible ASCII",
  );

  return {
    zone: name ?? url.host,
    baseUrl: url.href.replace(/\/+$/, ""),
    token: typeof token === "function" ? token : checkToken(token),
    timeout,
    totalTimeout,
    retries,
    fetch: fetch ?? ((...args) => globalThis.fetch(...args)),
    userAgent: `${userAgent ?? ""} make-api-tokens/${VERSION}`.trim(),
    onAttempt,
  };
}

/**
 * The options of one call, checked.
 *
 * @internal
 */
export function resolveCallOptions(options: CallOptions = {}): CallOptions {
  const { signal } = Object(options) as CallOptions;
  check(!signal || typeof signal.throwIfAborted === "function", "signal", "pass an AbortSignal");
  return { signal: signal || undefined };
}

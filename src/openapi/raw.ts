import createClient from "openapi-fetch";
import type { paths } from "../../generated/paths.js";
import type { Failures } from "../failure.js";
import { startProgress } from "../http/call.js";
import { onAbort } from "../http/deadline.js";
import type { Send } from "../http/send.js";
import { type CallOptions, resolveCallOptions } from "../options.js";
import { own } from "../own.js";
import { NOTHING } from "./nothing.js";
import { operationOf } from "./operation.js";
import { serializePath } from "./path.js";
import type { RawClient } from "./raw-client.js";
import { toResponse } from "./response.js";

/** As JavaScript may pass them: the options of a call are checked, the rest is openapi-fetch's. */
interface RawInit extends CallOptions {
  readonly [option: string]: unknown;
}

/** openapi-fetch passes on no rejection of `fetch` that is falsy, as a signal's reason may be. */
class Falsy {
  readonly reason: unknown;
  constructor(reason: unknown) {
    this.reason = reason;
  }
}

const throwTruthy = (reason: unknown): never => {
  throw reason || new Falsy(reason);
};

/** A signal for one call. A `Request` leaves a listener on the signal that it is given. */
class Follower {
  readonly #controller = new AbortController();
  readonly #ignore: (() => void)[] = [];
  readonly signal = this.#controller.signal;

  follow(signal: AbortSignal | undefined): void {
    if (!signal) return;
    const abort = () => this.#controller.abort(signal.reason);
    if (signal.aborted) abort();
    else this.#ignore.push(onAbort(signal, abort));
  }

  end(): void {
    for (const ignore of this.#ignore) ignore();
  }
}

/** The parameters without what they inherit, so that it is no part of the path or the query. */
function copyParams(params: unknown): object {
  const { path, query, header } = own<RawInit>(Object(params));
  const parts = own<RawInit>(Object(query));
  const copies = Object.entries(parts).map(([name, value]) => {
    const isObject = Object(value) === value && !Array.isArray(value);
    return [name, isObject ? own(Object(value)) : value];
  });
  return own({ path: own(Object(path)), query: own(Object.fromEntries(copies)), header });
}

/** For `fetch`: all that the call says beyond openapi-fetch's own options. */
const settingsOf = (init: object): RequestInit =>
  Object.fromEntries(Object.entries(init).filter(([name]) => !Object.hasOwn(NOTHING, name)));

/**
 * The client for the caller's own calls. They go the way of the facade's, with a real `Request` and
 * a real `Response`, so that middleware and every way to parse work.
 */
export function createRaw(baseUrl: string, send: Send, failures: Failures): RawClient {
  const client = createClient<paths>({ ...NOTHING, baseUrl, pathSerializer: serializePath });
  const { request } = client;

  async function call(method: string, path: string, given: RawInit = {}): Promise<unknown> {
    const { signal: callers, timeout, totalTimeout, retries, ...init } = own(given);
    const { fetch, params, parseAs } = own(init);
    const settings = settingsOf(init);
    const limits = resolveCallOptions(own({ signal: callers, timeout, totalTimeout, retries }));
    const progress = startProgress(operationOf(method.toUpperCase(), path));
    const follower = new Follower();
    follower.follow(limits.signal || undefined);

    async function exchange(request: Request): Promise<Response> {
      const { method, url } = request;
      const headers = new Headers(request.headers);
      // A proxy may route by it.
      headers.delete("Host");
      const bytes = await request.arrayBuffer();
      const body = bytes.byteLength ? bytes : null;
      follower.follow(request.signal);
      const { signal } = follower;
      const answer = await send({ progress, method, url, headers, body, settings, signal, limits });
      return toResponse(answer, { url, parseAs }, failures);
    }

    const ours = {
      fetch: fetch ?? ((it: Request) => exchange(it).catch(throwTruthy)),
      params: copyParams(params),
      signal: follower.signal,
    };
    try {
      return await Reflect.apply(request, client, [method, path, { ...NOTHING, ...init, ...ours }]);
    } catch (error) {
      throw error instanceof Falsy ? error.reason : error;
    } finally {
      follower.end();
    }
  }

  const names = Object.keys(client).filter((it) => it === it.toUpperCase());
  const methods = names.map((method) => {
    return [method, (path: string, init?: RawInit) => call(method, path, init)];
  });
  return Object.assign(client, { ...Object.fromEntries(methods), request: call });
}

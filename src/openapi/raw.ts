import createClient from "openapi-fetch";
import type { paths } from "../../generated/paths.js";
import type { Failures } from "../failure.js";
import { type Call, startProgress } from "../http/call.js";
import { onAbort } from "../http/deadline.js";
import type { Send } from "../http/send.js";
import { type CallOptions, type Resolved, resolveCallOptions } from "../options.js";
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

/** A signal that others abort. A `Request` leaves a listener on the one that it is given. */
function createFollower(first: AbortSignal | undefined) {
  const controller = new AbortController();
  const ends: (() => void)[] = [];
  const follow = (signal: AbortSignal | undefined): void => {
    ends.push(onAbort(signal, () => controller.abort(signal?.reason)));
  };
  follow(first);
  return {
    signal: controller.signal,
    follow,
    end(): void {
      for (const end of ends) end();
    },
  };
}

async function contentOf(request: Request): Promise<Pick<Call, "headers" | "body">> {
  const headers = new Headers(request.headers);
  // A proxy may route by Host.
  headers.delete("Host");
  const bytes = await request.arrayBuffer();
  return { headers, body: bytes.byteLength ? bytes : null };
}

/** A copy without inherited parameters, which would become a part of the path or the query. */
function copyParams(params: unknown): object {
  const { path, query, header } = own<RawInit>(Object(params));
  const parts = own<Record<string, unknown>>(Object(query));
  for (const [name, value] of Object.entries(parts)) {
    if (Object(value) === value && !Array.isArray(value)) parts[name] = own(Object(value));
  }
  return { path: own(Object(path)), query: parts, header };
}

/** For `fetch`: all that the call says beyond openapi-fetch's own options. */
const settingsOf = (init: object): RequestInit =>
  Object.fromEntries(Object.entries(init).filter(([name]) => !Object.hasOwn(NOTHING, name)));

/**
 * The client for the caller's own calls. They go the way of the facade's, with a real `Request` and
 * a real `Response`, so that middleware and every way to parse work.
 */
export function createRaw(resolved: Resolved, send: Send, failures: Failures): RawClient {
  const { baseUrl } = resolved;
  const client = createClient<paths>({ ...NOTHING, baseUrl, pathSerializer: serializePath });
  const { request } = client;

  async function call(method: string, path: string, given: RawInit = {}): Promise<unknown> {
    const { signal: callers, timeout, totalTimeout, retries, ...init } = own(given);
    const { fetch, params, parseAs } = own(init);
    const settings = settingsOf(init);
    const callOptions = { signal: callers, timeout, totalTimeout, retries };
    const limits = resolveCallOptions(resolved, callOptions);
    const progress = startProgress(operationOf(method.toUpperCase(), path));
    const { signal, follow, end } = createFollower(callers);

    async function exchange(request: Request): Promise<Response> {
      const { method, url } = request;
      const { headers, body } = await contentOf(request);
      follow(request.signal);
      const options = { ...limits, signal };
      const answer = await send({ progress, method, url, headers, body, settings, options });
      return toResponse(answer, { url, parseAs }, failures);
    }

    // openapi-fetch passes on no rejection of `fetch` that is falsy, as a signal's reason may be.
    const falsy: { reason?: unknown } = {};
    const throwTruthy = (reason: unknown): never => {
      throw reason || Object.assign(falsy, { reason });
    };
    const ours = {
      fetch: fetch ?? ((it: Request) => exchange(it).catch(throwTruthy)),
      params: copyParams(params),
      signal,
    };
    try {
      return await Reflect.apply(request, client, [method, path, { ...NOTHING, ...init, ...ours }]);
    } catch (error) {
      throw error === falsy ? falsy.reason : error;
    } finally {
      end();
    }
  }

  const names = Object.keys(client).filter((it) => it === it.toUpperCase());
  const methods = names.map((method) => {
    return [method, (path: string, init?: RawInit) => call(method, path, init)];
  });
  return Object.assign(client, { ...Object.fromEntries(methods), request: call });
}

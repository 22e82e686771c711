import createClient, { type Client, defaultPathSerializer } from "openapi-fetch";
import type { paths } from "../../generated/paths.js";
import { type Answered, type Call, textOf } from "../call.js";
import { apiError, failure, MakeResponseError, requestIdOf } from "../errors.js";
import { onAbort } from "../http/deadline.js";
import type { Send } from "../http/send.js";
import { type CallOptions, check, type Resolved, resolveCallOptions } from "../options.js";
import { withoutSecrets } from "../redact.js";
import { operationOf } from "./operation.js";

/** What the declarations of whoever exports a part of `raw` name. */
export type {
  ClientMethod,
  ClientRequestMethod,
  DefaultParamsOption,
  Middleware,
  MiddlewareCallbackParams,
} from "openapi-fetch";

/** openapi-fetch's client, typed by every path in the specification. */
export interface RawClient extends Client<paths> {}

/** As JavaScript may pass them: the options of a call are checked, the rest is openapi-fetch's. */
interface RawInit extends CallOptions {
  readonly [option: string]: unknown;
}

/** openapi-fetch's own options; all others are for `fetch`. */
const OWN =
  /^(baseUrl|fetch|Request|headers|params|body|middleware|parseAs|\w+Serializer|signal|timeout|totalTimeout|retries)$/;

/**
 * The client for the caller's own calls. They go through the same `send` as the facade's, but with a
 * real `Request` and a real `Response`, so that middleware and every way to parse work.
 *
 * @internal
 */
export function createRaw(resolved: Resolved, send: Send): RawClient {
  const { baseUrl } = resolved;
  const client = createClient<paths>({ baseUrl, pathSerializer: serializePath });
  const { request } = client;

  async function call(method: string, path: string, given: RawInit = {}): Promise<unknown> {
    const { signal, timeout, totalTimeout, retries, ...init } = given;
    const limits = resolveCallOptions(resolved, { signal, timeout, totalTimeout, retries });
    const operation = operationOf(method.toUpperCase(), path);
    // A `Request` keeps a listener on the signal that it is given, so it is given one of its own.
    const controller = new AbortController();
    const follow = (it: AbortSignal | undefined) => onAbort(it, (why) => controller.abort(why));
    const ends = [follow(limits.signal)];
    const got: { answered?: Answered } = {};
    const exchange = async (request: Request): Promise<Response> => {
      ends.push(follow(request.signal));
      const sent = await contentOf(request, init);
      const signalled = { ...limits, signal: controller.signal };
      got.answered = await send({ ...sent, operation, limits: signalled });
      return toResponse(got.answered, request.url);
    };

    const params = Object(init["params"]);
    const ours = {
      fetch: init["fetch"] ?? exchange,
      // Without any, openapi-fetch would leave the names in the path.
      params: { ...params, path: { ...params.path } },
      signal: controller.signal,
    };
    try {
      return await Reflect.apply(request, client, [method, path, { ...init, ...ours }]);
    } catch (error) {
      // Its message quotes the text around the fault, which may be a secret.
      if (Object(error).name === "SyntaxError" && got.answered?.answer.ok)
        throw failure(MakeResponseError, got.answered, "the answer is not JSON");
      throw error;
    } finally {
      for (const end of ends) end();
    }
  }

  for (const method of Object.keys(client).filter((it) => it === it.toUpperCase()))
    Object.assign(client, { [method]: (path: string, init?: RawInit) => call(method, path, init) });
  return Object.assign(client, { request: call });
}

/** What a request says, and what else its call says to `fetch`. */
async function contentOf(
  request: Request,
  init: object,
): Promise<Pick<Call, "url" | "method" | "headers" | "body" | "settings">> {
  const { url, method, headers, body } = request;
  const settings = Object.entries(init).filter(([name]) => !OWN.test(name));
  const isText = /json|text/.test(headers.get("Content-Type") ?? "");
  if (body && !isText) settings.push(["body", await request.blob()]);
  return {
    url,
    method,
    // A proxy may route by Host.
    headers: [...headers].filter(([name]) => !/^(authorization|host|user-agent)$/.test(name)),
    body: body && isText ? await request.text() : undefined,
    settings: Object.fromEntries(settings),
  };
}

/** openapi-fetch would let a missing value, `""`, `"."`, `".."` and a `Date` reach another path. */
function serializePath(path: string, values: Record<string, unknown>): string {
  for (const [template, name] of path.matchAll(/\{([^{}]+)}/g)) {
    const segment = defaultPathSerializer(template, values);
    check(
      segment !== template && !/^\.{0,2}$/.test(segment),
      `params.path.${name}`,
      "pass one path segment, and a date as its toISOString()",
    );
  }
  return defaultPathSerializer(path, values);
}

/** A real `Response` to the request for `url`, with its body here already. */
function toResponse(answered: Answered, url: string): Response {
  const { answer, token } = answered;
  const { status, ok, headers, body } = answer;
  // A mock may answer with a status that no Response can have.
  if (status < 200 || status > 599) throw apiError(answered);
  // An error may echo what was sent, or hold what was created.
  const mask = (text: string): string => (ok ? text : withoutSecrets(text, token));
  // The headers of a mock may have get() alone.
  const pairs = Symbol.iterator in headers ? [...(headers as Headers)] : [];
  // As bytes: a text would add a Content-Type.
  const content = ok ? body : new TextEncoder().encode(mask(textOf(answered)));
  const response = new Response([204, 205, 304].includes(status) ? null : content, {
    status,
    headers: pairs.map(([name, value]): [string, string] => [name, mask(value)]),
  });
  const requestId = requestIdOf(answer, token);
  if (requestId) response.headers.set("x-request-id", requestId);
  return Object.defineProperty(response, "url", { value: url });
}

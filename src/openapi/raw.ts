import createClient, { type Client, defaultPathSerializer } from "openapi-fetch";
import type { paths } from "../../generated/paths.js";
import { type Answered, CREATE, DELETE, LIST, textOf } from "../call.js";
import { apiError, failure, MakeResponseError, requestIdOf } from "../errors.js";
import { send } from "../http/send.js";
import { type CallOptions, check, type Resolved, resolveCallOptions } from "../options.js";
import { withoutSecrets } from "../redact.js";

/** What the declarations of whoever exports a part of `raw` name. */
export type * from "openapi-fetch";

/** openapi-fetch's client, typed by every path in the specification. */
export interface RawClient extends Client<paths> {}

type RawInit = CallOptions & Readonly<Record<string, unknown>>;

/**
 * The client for the caller's own calls. They go through the same `send` as the facade's, but with a
 * real `Request` and a real `Response`, so that middleware and every way to parse work.
 *
 * @internal
 */
export function createRaw(resolved: Resolved): RawClient {
  const { baseUrl } = resolved;
  const client = createClient<paths>({ baseUrl, pathSerializer: serializePath });
  const { request } = client;

  async function call(method: string, path: string, given: RawInit = {}): Promise<unknown> {
    // A `Request` would keep a listener on the signal.
    const { signal, timeout, totalTimeout, retries, ...init } = given;
    const options = resolveCallOptions(resolved, { signal, timeout, totalTimeout, retries });
    const name = `${method.toUpperCase()} ${path}`;
    const operation = [LIST, CREATE, DELETE].find((it) => it.name === name) ?? { name, scopes: [] };
    const got: { answered?: Answered } = {};
    const exchange = async (it: Request): Promise<Response> => {
      const isText = /json|text|urlencoded/.test(it.headers.get("Content-Type") ?? "");
      const body = it.body ? await (isText ? it.text() : it.blob()) : undefined;
      got.answered = await send({
        operation,
        client: options,
        method: it.method,
        url: it.url,
        // The client sends its own of these (attempt.ts). A proxy may route by Host.
        headers: [...it.headers].filter(([key]) => !/^(authorization|host|user-agent)$/.test(key)),
        settings: { ...init, body },
      });
      return toResponse(got.answered, it.url);
    };
    // A caller's own `fetch` is called without the client's token and retries.
    const all = Object.assign({ method }, init, { fetch: init["fetch"] ?? exchange });
    try {
      return await Reflect.apply(request, client, [method, path, all]);
    } catch (error) {
      // Its message quotes the text around the fault, which may be a secret.
      if (Object(error).name === "SyntaxError" && got.answered?.answer.ok)
        throw failure(MakeResponseError, got.answered, "the answer is not JSON");
      throw error;
    }
  }

  for (const method of Object.keys(client).filter((it) => it === it.toUpperCase()))
    Object.assign(client, { [method]: (path: string, init?: RawInit) => call(method, path, init) });
  return Object.assign(client, { request: call });
}

/** openapi-fetch would let `""`, `"."`, `".."` and a `Date` reach another path. */
function serializePath(path: string, values: Record<string, unknown>): string {
  for (const name of Object.keys(values)) {
    const isSegment = !/^\.{0,2}$/.test(defaultPathSerializer(`{${name}}`, values));
    const remedy = "pass one path segment, and a date as its toISOString()";
    check(isSegment, `params.path.${name}`, remedy);
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
  const masked = ([name, value]: [string, string]): [string, string] => [name, mask(value)];
  // As bytes: a text would add a Content-Type.
  const content = ok ? body : new TextEncoder().encode(mask(textOf(answered)));
  const response = new Response([204, 205, 304].includes(status) ? null : content, {
    status,
    // The headers of a mock may have get() alone, and then there are none.
    headers: Array.from(headers as Headers, masked),
  });
  const requestId = requestIdOf(answer, token);
  if (requestId) response.headers.set("x-request-id", requestId);
  return Object.defineProperty(response, "url", { value: url });
}

import createClient, { type Client, defaultPathSerializer } from "openapi-fetch";
import type { paths } from "../../generated/paths.js";
import { check } from "../check.js";
import { MakeResponseError } from "../errors.js";
import { type Answer, type Failures, textOf } from "../failure.js";
import type { Call, Send } from "../http/send.js";
import type { Redactor } from "../redact.js";

/** openapi-fetch would let `""`, `"."`, `".."`, a `Date` and an object reach another path. */
function serializePath(path: string, values: Record<string, unknown>): string {
  for (const [name, value] of Object.entries(values)) {
    const isSegment = Object(value) !== value || Array.isArray(value);
    check(
      isSegment && !/^\.{0,2}$/.test(`${value ?? ""}`),
      `params.path.${name}`,
      "pass one path segment, and a date as its toISOString()",
    );
  }
  return defaultPathSerializer(path, values);
}

/** The facade's parameters are checked, and of the simple style (OpenAPI 3.0, Parameter Object). */
const encodePath = (path: string, values: Record<string, unknown>): string =>
  path.replace(/\{(\w+)}/g, (_, name) => encodeURIComponent(`${values[name]}`));

/** A `Request` would cost the facade more than all else that a call does; only `send` sees this. */
class LeanRequest implements Call {
  readonly url: string;
  declare readonly method: string;
  declare readonly headers: Headers;

  constructor(url: string, init: Omit<Call, "url">) {
    this.url = url;
    Object.assign(this, init);
  }
}

/** What openapi-fetch reads of a `Response` that succeeded: any length makes it ask for `json()`. */
interface LeanResponse {
  readonly ok: true;
  readonly status: number;
  readonly headers: { readonly get: () => string };
  readonly json: () => Promise<unknown>;
  readonly answer: Answer;
}

export type OpenApi = ReturnType<typeof createOpenApi>;

/** openapi-fetch over the transport; nothing else in this package imports it. */
export function createOpenApi(
  baseUrl: string,
  send: Send,
  redactor: Redactor,
  { parse, fail, apiError }: Failures,
) {
  /** Parsed here, because the `SyntaxError` of `JSON.parse` quotes what may be a secret. */
  async function json(answer: Answer): Promise<unknown> {
    try {
      return parse(answer);
    } catch {
      throw fail(MakeResponseError, answer, "the answer is not JSON");
    }
  }

  /** For `raw`: a real `Response`, with its body here already. */
  async function fetchRaw(request: Request): Promise<Response> {
    const { method, url, signal } = request;
    const sent = await request.arrayBuffer();
    const answer = await send({
      method,
      url,
      headers: new Headers(request.headers),
      body: sent.byteLength ? sent : null,
      signal,
    });
    // However it is read later: what was created is a secret from now on.
    if (method === "POST") await json(answer).catch(() => {});
    const { ok, status, statusText, headers } = answer.response;
    // Beyond these, no Response can be made: a redirect that a browser hides, or a made-up status.
    if (status < 200 || status > 599) throw apiError(answer);
    // An error may echo what was sent.
    const mask = ok ? (text: string) => text : redactor.mask;
    const body = ok ? answer.body : new TextEncoder().encode(mask(textOf(answer)));
    const response = new Response([204, 205, 304].includes(status) ? null : body, {
      status,
      statusText: mask(statusText),
      headers: [...headers].map(([name, value]): [string, string] => [name, mask(value)]),
    });
    // The body is decoded and whole; any length makes openapi-fetch ask for `json()`.
    response.headers.delete("Content-Encoding");
    response.headers.delete("Transfer-Encoding");
    response.headers.set("Content-Length", `${body.length}`);
    return Object.assign(response, { json: () => json(answer) });
  }

  /** For the facade: an answer that is JSON, or an error. */
  async function fetchLean(request: LeanRequest): Promise<LeanResponse> {
    const answer = await send(request);
    if (!answer.response.ok) throw apiError(answer);
    return {
      ok: true,
      status: 200,
      headers: { get: () => "1" },
      json: () => json(answer),
      answer,
    };
  }

  const raw: Client<paths> = createClient<paths>({
    baseUrl,
    pathSerializer: serializePath,
    fetch: fetchRaw,
  });
  const lean: Client<paths> = createClient<paths>({
    baseUrl,
    pathSerializer: encodePath,
    // openapi-fetch asks for the whole of both types, and reads no more than is there.
    fetch: fetchLean as unknown as (request: Request) => Promise<Response>,
    Request: LeanRequest as unknown as typeof Request,
  });

  /**
   * What `select` finds in the answer.
   *
   * @throws MakeResponseError where it finds nothing
   */
  async function take<Data, T>(
    call: Promise<{ data?: Data; response: Response }>,
    signal: AbortSignal | null,
    select: (data: Data | undefined) => T | undefined,
  ): Promise<T> {
    try {
      const { data, response } = await call;
      const found = select(data);
      if (found !== undefined) return found;
      const { answer } = response as unknown as LeanResponse;
      throw fail(MakeResponseError, answer, "the answer is not what the specification documents");
    } catch (error) {
      // openapi-fetch stumbles over a reason such as null, which it does not throw.
      if (error instanceof TypeError) signal?.throwIfAborted();
      throw error;
    }
  }

  return { raw, lean, take };
}

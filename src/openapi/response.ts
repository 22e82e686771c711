import { type Failures, textOf } from "../failure.js";
import type { Answer } from "../http/call.js";

/** A JSON MIME type (WHATWG MIME Sniffing, section 4.6), or none at all. */
const JSON_TYPE = /^\s*([^;]*[/+]json\s*(;|$)|$)/i;

/** All that a reason phrase may not hold (RFC 9112, section 4). */
const NO_PHRASE = /[^\t -~\x80-\xff]/g;

/** With these, a `Response` takes no body. */
const WITHOUT_BODY = [204, 205, 304];

/** For `raw`: a real `Response` to the request for `url`, with its body here already. */
export function toResponse(
  answer: Answer,
  { url, parseAs }: { readonly url: string; readonly parseAs: unknown },
  { createApiError, maskFor, parse, requestIdOf, tryParse }: Failures,
): Response {
  const { status, ok, statusText, headers } = answer.head;
  // A created token is a secret from now on, however the answer is read later.
  if (answer.progress.operation.name.startsWith("POST ")) tryParse(answer);
  // No Response can have another status: a browser hides that of a redirect, and a mock makes one up.
  if (status < 200 || status > 599) throw createApiError(answer);
  // An error may echo what was sent, or hold what was created.
  const mask = ok ? (text: string) => text : maskFor(answer).mask;
  const body = ok ? answer.body : new TextEncoder().encode(mask(textOf(answer)));
  // The headers of a mock may have get() alone.
  const pairs = Symbol.iterator in headers ? [...headers] : [];
  const response = new Response(WITHOUT_BODY.includes(status) ? null : body, {
    status,
    statusText: mask(statusText).replace(NO_PHRASE, "?"),
    headers: pairs.map(([name, value]): [string, string] => [name, mask(value)]),
  });
  // The body is decoded and whole; any length makes openapi-fetch ask for `json()`.
  response.headers.delete("Content-Encoding");
  response.headers.delete("Transfer-Encoding");
  response.headers.set("Content-Length", `${body.length}`);
  const requestId = requestIdOf(answer.head);
  if (!ok && requestId) response.headers.set("x-request-id", requestId);

  const isJson = parseAs === "json" || JSON_TYPE.test(headers.get("content-type") ?? "");
  const json = async (): Promise<unknown> => (isJson ? parse(answer) : textOf(answer));
  return Object.defineProperties(response, { url: { value: url }, json: { value: json } });
}

import type { ServerResponse } from "node:http";
import { errorBody, type FakeAnswer } from "./make-api.js";

/** Assumed: Make documents no CORS. With it, a page in a browser can be tested against the zone. */
const CORS = { "Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "*" };

/** The body of an answer as text. */
export function serialize({ status = 200, body }: FakeAnswer): string {
  if (body === undefined) return status < 400 ? "" : JSON.stringify(errorBody(status));
  return typeof body === "string" ? body : JSON.stringify(body);
}

/** Writes the head of an answer, with its full length, and returns the body that is to follow. */
export function begin(response: ServerResponse, answer: FakeAnswer): Buffer {
  const bytes = Buffer.from(serialize(answer));
  response.writeHead(answer.status ?? 200, {
    ...CORS,
    "Content-Type": "application/json; charset=utf-8",
    "Content-Length": bytes.length,
    // The caller's clock, which may be a fake one: a date in Retry-After is measured against it.
    Date: new Date().toUTCString(),
    ...answer.headers,
  });
  return bytes;
}

/** Sends an answer as a whole. */
export function send(response: ServerResponse, answer: FakeAnswer): void {
  response.end(begin(response, answer));
}

/**
 * Allows a page whatever it asks to send (Fetch Standard, section "CORS-preflight fetch"), also from
 * another network (Private Network Access). `*` would not allow `Authorization`.
 */
export function allow(response: ServerResponse, wanted: NodeJS.Dict<string | string[]>): void {
  send(response, {
    status: 204,
    headers: {
      "Access-Control-Allow-Methods": String(wanted["access-control-request-method"]),
      "Access-Control-Allow-Headers": String(wanted["access-control-request-headers"] ?? "*"),
      "Access-Control-Allow-Private-Network": "true",
    },
  });
}

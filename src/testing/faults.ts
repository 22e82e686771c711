import type { ServerResponse } from "node:http";
import { errorBody, type FakeAnswer } from "./make-api.js";

const serialize = ({ status = 200, body }: FakeAnswer): string => {
  if (body === undefined) return status < 400 ? "" : JSON.stringify(errorBody(status));
  return typeof body === "string" ? body : JSON.stringify(body);
};

/** Writes the head of an answer, with its full length, and returns the body that is to follow. */
function begin(response: ServerResponse, answer: FakeAnswer): Buffer {
  const bytes = Buffer.from(serialize(answer));
  response.writeHead(answer.status ?? 200, {
    "Content-Type": "application/json; charset=utf-8",
    "Content-Length": bytes.length,
    ...answer.headers,
  });
  return bytes;
}

/** @internal */
export function send(response: ServerResponse, answer: FakeAnswer): void {
  response.end(begin(response, answer));
}

/** Sends half of the body, and then does what breaks it off. */
function sendHalf(response: ServerResponse, answer: FakeAnswer, then: () => void): void {
  const bytes = begin(response, answer);
  response.write(bytes.subarray(0, bytes.length / 2), () => setImmediate(then));
}

/** Does what was asked, and returns the answer to it. */
type Work = () => FakeAnswer;

/**
 * What a broken zone, proxy or network does. Those that send a part of the real answer have
 * done what was asked.
 *
 * - `reset`, `close`: the connection is reset, or closed, without an answer.
 * - `stall-headers`: nothing is ever answered.
 * - `stall-body`, `truncate`, `reset-body`: half of the body comes; then the connection stays open,
 *   is closed, or is reset (which may arrive as a close).
 * - `drip`: the body comes byte by byte, one every 20 ms.
 * - `garbage`: what comes is not HTTP.
 * - `cut-json`: 200, and half of the JSON as if it were whole.
 * - `empty`, `html`, `wrong-shape`, `huge`: 200 and nothing, the page of a captive portal, JSON of
 *   another shape, or more than 1 MiB.
 * - `redirect`: 307 to another place.
 */
export type FaultName =
  | "reset"
  | "close"
  | "stall-headers"
  | "stall-body"
  | "drip"
  | "truncate"
  | "reset-body"
  | "garbage"
  | "cut-json"
  | "empty"
  | "html"
  | "wrong-shape"
  | "huge"
  | "redirect";

/** @internal */
export const FAULTS: Record<FaultName, (response: ServerResponse, work: Work) => unknown> = {
  reset: (response) => response.socket?.resetAndDestroy(),
  close: (response) => response.socket?.end(),
  "stall-headers": () => {},
  "stall-body": (response, work) => sendHalf(response, work(), () => {}),
  drip(response, work) {
    const bytes = [...begin(response, work())];
    const timer = setInterval(() => {
      const byte = bytes.shift();
      if (byte === undefined) response.end();
      else response.write(Uint8Array.of(byte));
    }, 20);
    response.on("close", () => clearInterval(timer));
  },
  truncate: (response, work) => sendHalf(response, work(), () => response.socket?.end()),
  "reset-body": (response, work) =>
    sendHalf(response, work(), () => response.socket?.resetAndDestroy()),
  garbage: (response) => response.socket?.end("\0\x01 this is not HTTP\r\n\r\n"),
  "cut-json"(response, work) {
    const text = serialize(work());
    send(response, { body: text.slice(0, text.length / 2) });
  },
  empty: (response) => send(response, { body: "" }),
  html: (response) =>
    send(response, { headers: { "Content-Type": "text/html" }, body: "<!doctype html><p>Log in" }),
  "wrong-shape": (response) => send(response, { body: { apiToken: {}, apiTokens: [{}] } }),
  huge: (response) => send(response, { body: { apiTokens: "x".repeat(2 ** 20) } }),
  redirect: (response) => send(response, { status: 307, headers: { Location: "/elsewhere" } }),
};

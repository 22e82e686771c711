import type { ServerResponse } from "node:http";
import { begin, send, serialize } from "./answer.js";
import type { FakeAnswer } from "./make-api.js";

/**
 * How a broken zone, proxy or network fails. The faults that send a part of the real answer have
 * done what was asked.
 *
 * - `reset`, `close`: the connection is reset, or closed, without an answer.
 * - `stall-headers`: nothing is ever answered.
 * - `stall-body`, `truncate`, `reset-body`: half of the body comes; then the connection stays open,
 *   is closed, or is reset (which may arrive as a close).
 * - `drip`: the body comes byte by byte, one every 20 ms.
 * - `garbage`: the answer is not HTTP.
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

/**
 * Does what was asked, and returns the answer to it.
 *
 * @internal
 */
export type Work = () => FakeAnswer;

/** Sends half of the body, and breaks off once that has left. */
function sendHalf(response: ServerResponse, answer: FakeAnswer, breakOff: () => void): void {
  const bytes = begin(response, answer);
  response.write(bytes.subarray(0, bytes.length / 2), breakOff);
}

/**
 * Sends the body byte by byte. A socket's own idle timer sets the pace: no test's fake timers reach
 * it.
 */
function drip(response: ServerResponse, answer: FakeAnswer): void {
  const bytes = [...begin(response, answer)];
  response.setTimeout(20, () => {
    const byte = bytes.shift();
    if (byte === undefined) response.end();
    else response.write(Uint8Array.of(byte));
  });
  response.flushHeaders();
}

/** @internal */
export const FAULTS: Record<FaultName, (response: ServerResponse, work: Work) => unknown> = {
  reset: (response) => response.socket?.resetAndDestroy(),
  close: (response) => response.socket?.end(),
  "stall-headers": () => {},
  "stall-body": (response, work) => sendHalf(response, work(), () => {}),
  drip: (response, work) => drip(response, work()),
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

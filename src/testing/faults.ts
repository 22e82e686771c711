import type { ServerResponse } from "node:http";
import { errorBody, type FakeAnswer, type FakeRequest } from "./make-api.js";

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

/** A way to fail by name, or an error answer (any answer), which may depend on the request. */
export type Fault = FaultName | FakeAnswer | ((request: FakeRequest) => FakeAnswer);

/** Which requests a fault meets. */
export interface FaultOptions {
  /** How many of them. Default: 1. */
  readonly times?: number;
  /** Only those with this method. */
  readonly method?: string;
  /** Whether the zone does what is asked before it fails to say so. Default: false. */
  readonly done?: boolean;
}

/** Does what was asked, once, and returns the answer to it. */
type Work = () => FakeAnswer;

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

/** The faults that are still to come, in the order in which they were asked for. */
export class FaultQueue {
  readonly #pending: { fault: Fault; done: boolean; method?: string | undefined; left: number }[] =
    [];

  add(fault: Fault, { times = 1, method, done = false }: FaultOptions = {}): void {
    if (typeof fault === "string" && !Object.hasOwn(FAULTS, fault)) {
      throw new TypeError(`fault: pass an answer or one of ${Object.keys(FAULTS).join(", ")}`);
    }
    if (!(times >= 1)) throw new TypeError("times: pass a number of requests, 1 or more");
    this.#pending.push({ fault, method, done, left: times });
  }

  /** The first fault that fits a request with this method. */
  take(method: string): { readonly fault: Fault; readonly done: boolean } | undefined {
    const index = this.#pending.findIndex((it) => it.method === undefined || it.method === method);
    const found = this.#pending[index];
    if (found && --found.left < 1) this.#pending.splice(index, 1);
    return found;
  }
}

/** Sends an answer as a whole. */
export function send(response: ServerResponse, answer: FakeAnswer): void {
  response.end(sendHead(response, answer));
}

/** Sends half of the body, and breaks off once that has left. */
function sendHalf(response: ServerResponse, answer: FakeAnswer, breakOff: () => void): void {
  const bytes = sendHead(response, answer);
  response.write(bytes.subarray(0, bytes.length / 2), breakOff);
}

/** The socket's own idle timer sets the pace, because a test may fake every other timer. */
function drip(response: ServerResponse, answer: FakeAnswer): void {
  const bytes = [...sendHead(response, answer)];
  response.setTimeout(20, () => {
    const byte = bytes.shift();
    if (byte === undefined) response.end();
    else response.write(Uint8Array.of(byte));
  });
  response.flushHeaders();
}

/** Writes the head of an answer, with its full length, and returns the body that is to follow. */
function sendHead(response: ServerResponse, answer: FakeAnswer): Buffer {
  const bytes = Buffer.from(serialize(answer));
  response.writeHead(answer.status ?? 200, {
    "Content-Type": "application/json; charset=utf-8",
    "Content-Length": bytes.length,
    // By the clock of the test, which may be a fake one; Node's own header keeps the real time.
    Date: new Date().toUTCString(),
    ...answer.headers,
  });
  return bytes;
}

function serialize({ status = 200, body }: FakeAnswer): string {
  if (body === undefined) return status < 400 ? "" : JSON.stringify(errorBody(status));
  return typeof body === "string" ? body : JSON.stringify(body);
}

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

/** What a broken zone, proxy or network does. Those that call `work` send a part of its answer. */
export const FAULTS = {
  /** Resets the connection. */
  reset: (response) => response.socket?.resetAndDestroy(),
  /** Closes the connection without an answer. */
  close: (response) => response.socket?.end(),
  /** Never answers. */
  "stall-headers": () => {},
  /** Stops in the middle of the body, and keeps the connection open. */
  "stall-body": (response, work) => sendHalf(response, work(), () => {}),
  /** Sends the body byte by byte, one every 20 ms. */
  drip(response, work) {
    const bytes = [...begin(response, work())];
    const timer = setInterval(() => {
      const byte = bytes.shift();
      if (byte === undefined) response.end();
      else response.write(Uint8Array.of(byte));
    }, 20);
    response.on("close", () => clearInterval(timer));
  },
  /** Closes the connection in the middle of the body. */
  truncate: (response, work) => sendHalf(response, work(), () => response.socket?.end()),
  /** Resets the connection in the middle of the body. */
  "reset-body": (response, work) =>
    sendHalf(response, work(), () => response.socket?.resetAndDestroy()),
  /** Sends what is not HTTP. */
  garbage: (response) => response.socket?.end("\0\x01 this is not HTTP\r\n\r\n"),
  /** Sends half of the JSON as if it were whole. */
  "cut-json"(response, work) {
    const text = serialize(work());
    send(response, { body: text.slice(0, text.length / 2) });
  },
  /** 200 and nothing. */
  empty: (response) => send(response, { body: "" }),
  /** 200 and a page of HTML, as a captive portal sends it. */
  html: (response) =>
    send(response, { headers: { "Content-Type": "text/html" }, body: "<!doctype html><p>Log in" }),
  /** 200 and JSON of another shape than the documented one. */
  "wrong-shape": (response) => send(response, { body: { apiToken: {}, apiTokens: [{}] } }),
  /** 200 and more than 1 MiB. */
  huge: (response) => send(response, { body: { apiTokens: "x".repeat(2 ** 20) } }),
  /** 307 to another place. */
  redirect: (response) => send(response, { status: 307, headers: { Location: "/elsewhere" } }),
} satisfies Record<string, (response: ServerResponse, work: Work) => unknown>;

export type FaultName = keyof typeof FAULTS;

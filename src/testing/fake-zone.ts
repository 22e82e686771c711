/// <reference lib="esnext.disposable" preserve="true" />
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { type Fault, type FaultOptions, FaultQueue, FAULTS, send } from "./faults.js";
import {
  BASE_PATH,
  type FakeAnswer,
  FakeMakeApi,
  type FakeRequest,
  type FakeToken,
} from "./make-api.js";

export interface FakeZoneOptions {
  /** The secret of the token that is there at first. Default: a random one. */
  readonly token?: string;
  /** Its scopes. Default: `user:read` and `user:write`. */
  readonly scope?: readonly string[];
}

export interface FakeZone {
  /** For the client's option `baseUrl`. */
  readonly baseUrl: string;
  /** For the client's option `token`; listed as `fake zone`. */
  readonly token: string;
  /** The tokens that are alive in the zone, with their secrets. */
  readonly tokens: readonly FakeToken[];
  /** Every request so far, as the zone received it. */
  readonly requests: readonly FakeRequest[];
  /**
   * Lets coming requests fail; faults are used up in the order of these calls.
   *
   * @throws {TypeError} if there is no fault of that name, or `times` is less than 1.
   */
  fail(fault: Fault, options?: FaultOptions): void;
  /** Ends the server and all its connections. It may be called more than once. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Starts a zone on loopback that behaves as Make documents it, and keeps its tokens in memory. It
 * works under fake timers, since it waits by none; `created` and the answers' `Date` follow the
 * global `Date`, which a test may fake.
 *
 * @example
 * await using zone = await startFakeZone();
 * const make = createMakeClient({ baseUrl: zone.baseUrl, token: zone.token });
 * zone.fail("reset", { method: "POST", done: true });
 */
export async function startFakeZone(options: FakeZoneOptions = {}): Promise<FakeZone> {
  const { scope = ["user:read", "user:write"] } = options;
  const api = new FakeMakeApi();
  const { token } = api.add("fake zone", [...scope], options.token);
  const faults = new FaultQueue();
  const requests: FakeRequest[] = [];

  async function respond(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "", url: path = "", headers } = incoming;
    const request: FakeRequest = { method, path, headers, body: await text(incoming) };
    requests.push(request);

    let answer: FakeAnswer | undefined;
    const work = (): FakeAnswer => (answer ??= api.answer(request));
    const { fault, done } = faults.take(method) ?? {};
    if (done) work();
    if (fault === undefined) send(response, work());
    else if (typeof fault === "string") FAULTS[fault](response, work);
    else send(response, typeof fault === "function" ? fault(request) : fault);
  }

  const server = createServer((incoming, response) => {
    // A client that goes away in the middle of its request is no fault of the zone.
    respond(incoming, response).catch(() => response.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;

  const close = async (): Promise<void> => {
    if (!server.listening) return;
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  };
  return {
    baseUrl: `http://127.0.0.1:${port}${BASE_PATH}`,
    token,
    tokens: api.tokens,
    requests,
    fail: (fault, options) => faults.add(fault, options),
    close,
    [Symbol.asyncDispose]: close,
  };
}

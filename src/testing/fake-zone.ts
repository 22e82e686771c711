/// <reference lib="esnext.disposable" preserve="true" />
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { type FaultName, FAULTS, send } from "./faults.js";
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

export interface FakeZone {
  /** For the client's option `baseUrl`. */
  readonly baseUrl: string;
  /** For the client's option `token`; listed as `fake zone`. */
  readonly token: string;
  /** What is alive in the zone, with the secrets. */
  readonly tokens: readonly FakeToken[];
  /** Every request so far, as it came over the wire. */
  readonly requests: readonly FakeRequest[];
  /** Lets coming requests fail; faults are used up in the order of these calls. */
  fail(fault: Fault, options?: FaultOptions): void;
  /** Ends the server and all its connections. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Starts a zone on loopback that behaves as Make documents it, and keeps its tokens in memory.
 *
 * @example
 * await using zone = await startFakeZone();
 * const make = createMakeClient({ baseUrl: zone.baseUrl, token: zone.token });
 * zone.fail("reset", { method: "POST", done: true });
 */
export async function startFakeZone(options: FakeZoneOptions = {}): Promise<FakeZone> {
  const api = new FakeMakeApi();
  const { token } = api.add(
    "fake zone",
    [...(options.scope ?? ["user:read", "user:write"])],
    options.token,
  );
  const requests: FakeRequest[] = [];
  const faults: { fault: Fault; left: number; method: string | undefined; done: boolean }[] = [];

  function takeFault(method: string) {
    const index = faults.findIndex((it) => it.method === undefined || it.method === method);
    const found = faults[index];
    if (found && --found.left < 1) faults.splice(index, 1);
    return found;
  }

  async function respond(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "", url: path = "", headers } = incoming;
    const request: FakeRequest = { method, path, headers, body: await text(incoming) };
    requests.push(request);

    const { fault, done } = takeFault(method) ?? {};
    if (!fault) return send(response, api.answer(request));
    if (typeof fault === "string") {
      const answer = done ? api.answer(request) : undefined;
      return void FAULTS[fault](response, () => answer ?? api.answer(request));
    }
    if (done) api.answer(request);
    send(response, typeof fault === "function" ? fault(request) : fault);
  }

  const server = createServer((incoming, response) => {
    // A client that goes away in the middle of its request is no fault of the zone.
    respond(incoming, response).catch(() => response.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");

  const close = async (): Promise<void> => {
    if (!server.listening) return;
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  };
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}${BASE_PATH}`,
    token,
    tokens: api.tokens,
    requests,
    fail(fault, { times = 1, method, done = false } = {}) {
      if (typeof fault === "string" && !Object.hasOwn(FAULTS, fault)) {
        throw new TypeError(`fault: pass an answer or one of ${Object.keys(FAULTS).join(", ")}`);
      }
      if (!(times >= 1)) throw new TypeError("times: pass a number of requests, 1 or more");
      faults.push({ fault, left: times, method, done });
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

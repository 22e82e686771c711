import { vi } from "vitest";
import {
  type Attempt,
  createMakeClient,
  type CreatedApiToken,
  type MakeClient,
  NotStoredError,
} from "../../src/index.js";
import {
  type FakeToken,
  type FakeZone,
  type Fault,
  startFakeZone,
} from "../../src/testing/index.js";
import type { Mishap, Step } from "./mishaps.js";
import { SPEC } from "./support.js";

export const GIVEN_UP = new Error("the caller gave up");
export const SEALED = new NotStoredError("the store is sealed");
export const RETRIES = 2;
const TIMEOUT = 30_000;

interface Sent {
  readonly method: string;
  readonly mishap: Mishap | undefined;
}

/** A step that was taken, and what came of it. */
export interface Taken {
  readonly call: Step["call"];
  readonly before: readonly FakeToken[];
  readonly after: readonly FakeToken[];
  /** The token that was to be deleted or rotated. */
  readonly picked: FakeToken | undefined;
  readonly value: unknown;
  readonly error: unknown;
  /** The successor that a store has taken. */
  readonly stored: CreatedApiToken | undefined;
  readonly sent: readonly Sent[];
  /** Of all steps so far. */
  readonly attempts: readonly Attempt[];
  /** The secrets that the client has got to know so far. */
  readonly known: readonly string[];
}

/** Waits for sockets, while the time stands still. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}

/**
 * A client whose requests meet mishaps on their way to a fake zone, and whose own token can be
 * rotated. Its time must be vitest's: waits and timeouts pass at once.
 */
export class FaultyClient implements AsyncDisposable {
  readonly #zone: FakeZone;
  readonly #make: MakeClient;
  readonly #known: string[];
  readonly #attempts: Attempt[] = [];
  /** Its own token. */
  #own: string;
  #sent: Sent[] = [];
  #mishaps: (Mishap | undefined)[] = [];
  #abortAt = 0;
  #controller = new AbortController();

  private constructor(zone: FakeZone) {
    this.#zone = zone;
    this.#own = zone.token;
    this.#known = [zone.token];
    this.#make = createMakeClient({
      baseUrl: zone.baseUrl,
      token: () => this.#own,
      timeout: TIMEOUT,
      retries: RETRIES,
      onAttempt: (attempt) => {
        this.#attempts.push(attempt);
        const { retryInMs } = attempt;
        if (retryInMs !== undefined) queueMicrotask(() => vi.advanceTimersByTime(retryInMs));
      },
      fetch: (url, init) => this.#fetch(url, init),
    });
  }

  /** With two tokens beside its own. */
  static async start(): Promise<FaultyClient> {
    const client = new FaultyClient(await startFakeZone());
    for (let i = 0; i < 2; i++) await client.#make.apiTokens.create(SPEC);
    return client;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#zone.close();
  }

  async #fetch(...[url, init]: Parameters<typeof fetch>): Promise<Response> {
    const mishap = this.#mishaps.shift();
    this.#sent.push({ method: init?.method ?? "", mishap });
    const number = this.#sent.length;
    const { fault, done = false } = mishap ?? {};
    if (fault === "refused") throw Object.assign(new Error("x"), { code: "ECONNREFUSED" });

    const zone = this.#zone;
    const echo: Fault = { status: 500, body: { detail: this.#known.join(), code: this.#own } };
    if (fault === "echo") zone.fail(echo, { done });
    else if (fault && fault !== "lost") zone.fail(fault, { done });
    const call = this.#controller;
    const passTimeout = () => void (call === this.#controller && vi.advanceTimersByTime(TIMEOUT));
    let isOver = false;
    const arrived = zone.requests.length + 1;
    const hasArrived = () => zone.requests.length === arrived || isOver;
    const answered = fetch(url, init).finally(() => (isOver = true));
    if (number === this.#abortAt) void until(hasArrived).then(() => call.abort(GIVEN_UP));
    if (fault === "stall-headers") void until(hasArrived).then(passTimeout);
    if (fault === "stall-body" || fault === "drip") answered.then(passTimeout, () => {});
    if (fault !== "lost") return answered;
    await answered.then((answer) => answer.body?.cancel());
    const request = new Request(url, init);
    throw new Error(`lost ${this.#known.join()}`, { cause: request });
  }

  #pick({ call, target }: Step): FakeToken | undefined {
    const { tokens } = this.#zone;
    if (call === "rotate own") return tokens.find(({ token }) => token === this.#own);
    const others = tokens.filter(({ token }) => token !== this.#own);
    return others[target % (others.length || 1)];
  }

  /** Makes the call of a step, and says what came of it. */
  async take(step: Step): Promise<Taken> {
    const { call, isStored } = step;
    const before = [...this.#zone.tokens];
    const picked = this.#pick(step);
    let stored: CreatedApiToken | undefined;
    const store = async (successor: CreatedApiToken) => {
      this.#known.push(successor.token);
      await new Promise((resolve) => setImmediate(resolve));
      if (!isStored) throw SEALED;
      stored = { ...successor };
      if (call === "rotate own") this.#own = successor.token;
    };
    this.#controller = new AbortController();
    this.#mishaps = [...step.mishaps];
    this.#abortAt = step.abortAt;
    this.#sent = [];
    const [value, error] = await this.#call(call, picked, store).then(
      (value: unknown) => [value, undefined],
      (error: unknown) => [undefined, error],
    );
    this.#mishaps = [];
    this.#controller = new AbortController();
    if (call === "create" && value) this.#known.push((value as CreatedApiToken).token);
    return {
      ...{ call, before, after: [...this.#zone.tokens], picked, value, error, stored },
      ...{ sent: this.#sent, attempts: this.#attempts, known: this.#known },
    };
  }

  #call(
    call: Step["call"],
    picked: FakeToken | undefined,
    store: (successor: CreatedApiToken) => Promise<void>,
  ): Promise<unknown> {
    const { apiTokens } = this.#make;
    const timestamp = picked?.created ?? "2020-03-27T05:53:27.368Z";
    const options = { signal: this.#controller.signal };
    if (call === "list") return apiTokens.list(options);
    if (call === "create") return apiTokens.create(SPEC, options);
    if (call === "delete") return apiTokens.delete(timestamp, options);
    return apiTokens.rotate(timestamp, { store }, options);
  }
}

import type { Attempt, CreatedApiToken } from "make-api-tokens";
import { createMakeClient, NotStoredError } from "make-api-tokens";
import { type FakeToken, type Fault, startFakeZone } from "make-api-tokens/testing";
import { expect, vi } from "vitest";
import { CREATED, SPEC } from "./fixtures.js";
import { shown } from "./support.js";

export const GIVEN_UP = new Error("the caller gave up");
export const SEALED = new NotStoredError("the store is sealed");
export const RETRIES = 2;
const TIMEOUT = 30_000;

/** What goes wrong with one request. */
export interface Mishap {
  readonly fault: Fault | "refused";
  /** Whether the zone does what is asked before it fails. */
  readonly done?: boolean;
  /** The kinds of request that may be sent again after it. */
  readonly may?: "all" | "repeatable" | "none";
}

/** One call of a client, and what goes wrong in it. */
export interface Step {
  readonly call: "list" | "create" | "delete" | "rotate" | "rotate own";
  readonly mishaps: readonly (Mishap | undefined)[];
  /** The request during which the caller gives up; 0 for none. */
  readonly abortAt?: number;
  readonly target?: number;
  /** Whether the store of a rotation takes the successor. */
  readonly isStored?: boolean;
}

export type Taken = Awaited<ReturnType<Awaited<ReturnType<typeof startFaulty>>["take"]>>;

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

/** Sockets are real; time is not, so that a wait or a timeout takes none, on any machine. */
export const stopTime = (): void =>
  void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });

/** Lets the timers of the next few turns fire: the client sets one after it has asked how long. */
async function passWait(): Promise<void> {
  for (let turn = 0; turn < 5 && vi.isFakeTimers(); turn++) {
    vi.advanceTimersByTime(1);
    await nextTurn();
  }
}

/**
 * A client whose requests meet mishaps on their way to a fake zone, which has two tokens beside the
 * client's own. The time has to stand still.
 */
export async function startFaulty() {
  const zone = await startFakeZone();
  /** The client's own token, which it may rotate, and the secrets that it has got to know. */
  let own = zone.token;
  const known = [own];
  let mishaps: (Mishap | undefined)[] = [];
  let abortAt = 0;
  let controller = new AbortController();
  let sent: { method: string; mishap: Mishap | undefined }[] = [];
  let attempts: Attempt[] = [];

  async function fetchFaulty(url: string, init: RequestInit): Promise<Response> {
    const mishap = mishaps.shift();
    sent.push({ method: init.method ?? "", mishap });
    const { fault, done = false } = mishap ?? {};
    if (fault === "refused") throw Object.assign(new Error("x"), { code: "ECONNREFUSED" });

    if (fault) zone.fail(fault, { done });
    const arrived = zone.requests.length + 1;
    const call = controller;
    let isOver = false;
    const answered = fetch(url, init).finally(() => (isOver = true));
    const arrival = (async () => {
      while (zone.requests.length < arrived && !isOver) await nextTurn();
    })();
    const passTimeout = () => void (call === controller && vi.advanceTimersByTime(TIMEOUT));
    if (sent.length === abortAt) void arrival.then(() => call.abort(GIVEN_UP));
    if (fault === "stall-headers") void arrival.then(passTimeout);
    if (fault === "stall-body" || fault === "drip") answered.then(passTimeout, () => {});
    return answered;
  }

  const { apiTokens } = createMakeClient({
    ...{ baseUrl: zone.baseUrl, token: () => own, timeout: TIMEOUT, retries: RETRIES },
    onAttempt: (attempt) => void attempts.push(attempt),
    retryDelay: () => (void passWait(), 0),
    fetch: fetchFaulty,
  });
  for (let i = 0; i < 2; i++) known.push((await apiTokens.create(SPEC)).token);

  function pick({ call, target = 0 }: Step): FakeToken | undefined {
    if (call === "rotate own") return zone.tokens.find(({ token }) => token === own);
    const others = zone.tokens.filter(({ token }) => token !== own);
    return others[target % (others.length || 1)];
  }

  /** Makes the call of a step, and says what came of it, in which no secret may show. */
  async function take(step: Step) {
    const { call, isStored = false } = step;
    const before = [...zone.tokens];
    const picked = pick(step);
    let stored: CreatedApiToken | undefined;
    async function store(successor: CreatedApiToken): Promise<void> {
      known.push(successor.token);
      await nextTurn();
      if (!isStored) throw SEALED;
      stored = { ...successor };
      if (call === "rotate own") own = successor.token;
    }
    controller = new AbortController();
    [mishaps, abortAt, sent, attempts] = [[...step.mishaps], step.abortAt ?? 0, [], []];
    const timestamp = picked?.created ?? CREATED;
    const options = { signal: controller.signal };
    const calls = {
      list: () => apiTokens.list(options),
      create: () => apiTokens.create(SPEC, options),
      delete: () => apiTokens.delete(timestamp, options),
      rotate: () => apiTokens.rotate(timestamp, { store }, options),
      "rotate own": () => apiTokens.rotate(timestamp, { store }, options),
    };
    const [value, error] = await calls[call]().then(
      (value: unknown) => [value, undefined],
      (error: unknown) => [undefined, error],
    );
    mishaps = [];
    controller = new AbortController();
    const after = [...zone.tokens];
    const text = shown(error) + JSON.stringify(attempts);
    for (const secret of [...known, ...[...before, ...after].map(({ token }) => token)]) {
      expect(text).not.toContain(secret);
    }
    return { call, before, after, picked, value, error, stored, sent, attempts };
  }

  return { zone, take, [Symbol.asyncDispose]: () => zone.close() };
}

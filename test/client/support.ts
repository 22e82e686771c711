import { inspect } from "node:util";
import { type Attempt, createMakeClient, type CreatedApiToken } from "make-api-tokens";
import type { MakeClientOptions, Rotation } from "make-api-tokens";
import { startFakeZone } from "make-api-tokens/testing";
import { expect, onTestFinished } from "vitest";
import type { Answering, Sent } from "./answers.js";
import { BASE_URL, SPEC, TOKEN } from "./fixtures.js";

export type Options = Partial<MakeClientOptions>;

/** A client whose `fetch` answers in turn, the last one for ever, and what came of it. */
export function scripted(answers: readonly Answering[], options: Options = {}) {
  const sent: Sent[] = [];
  const attempts: Attempt[] = [];
  const fetch = async (url: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    const { method = "GET", headers, signal } = init;
    const it = {
      ...{ url: String(url), method, headers: new Headers(headers), init },
      signal: signal as AbortSignal,
    };
    sent.push(it);
    const answer = answers[Math.min(sent.length, answers.length) - 1];
    if (!answer) throw new Error("no answer in the script");
    return answer(it);
  };
  const make = createMakeClient({
    ...{ baseUrl: BASE_URL, token: TOKEN, fetch, retryDelay: () => 0 },
    onAttempt: (attempt) => void attempts.push(attempt),
    ...options,
  } as MakeClientOptions);
  return { make, sent, attempts };
}

/** A fake zone that the test closes, and a client for it. */
export async function startZone(options: Options = {}) {
  const zone = await startFakeZone();
  onTestFinished(() => zone.close());
  const { baseUrl, token } = zone;
  const given = { baseUrl, token, retryDelay: () => 0, ...options } as MakeClientOptions;
  return { zone, make: createMakeClient(given) };
}

/** A zone with a token to rotate, and what is asked of it from then on. */
export async function startRotation(options: Options = {}) {
  const { zone, make } = await startZone(options);
  const old = await make.apiTokens.create(SPEC);
  const begun = zone.requests.length;
  const stored: CreatedApiToken[] = [];
  return {
    ...{ zone, make, old, stored },
    store: (successor: CreatedApiToken) => void stored.push(successor),
    methods: () => zone.requests.slice(begun).map((it) => it.method),
    alive: (created: string) => zone.tokens.some((it) => it.created === created),
    rotate: (rotation: Rotation) => make.apiTokens.rotate(old.created, rotation),
  };
}

/** What a call rejects with, or a function throws. */
export async function failureOf(call: Promise<unknown> | (() => unknown)): Promise<Error> {
  try {
    await (typeof call === "function" ? call() : call);
  } catch (error) {
    return error as Error;
  }
  return expect.fail("it did not fail");
}

/** A `TypeError` that names the argument and the remedy, and quotes no value that may be a secret. */
export async function expectRefused(name: string, call: () => unknown): Promise<void> {
  const error = await failureOf(call);
  expect(error).toBeInstanceOf(TypeError);
  expect(error.message).toMatch(new RegExp(`^${name}: .*\\bpass\\b`));
  expect(shown(error)).not.toContain(TOKEN);
}

/** All that printing a value shows, with its causes: messages, stacks, `util.inspect`, JSON. */
export function shown(value: unknown): string {
  const { message, stack, cause } = Object(value) as Partial<Error>;
  const inspected = inspect(value, { depth: Infinity, showHidden: true, getters: true });
  const own = [message, stack, String(value), inspected, JSON.stringify(value)].join("\n");
  return cause === undefined ? own : `${own}\n${shown(cause)}`;
}

import { inspect } from "node:util";
import { expect, onTestFinished } from "vitest";
import {
  createMakeClient,
  type CreatedApiToken,
  type MakeClient,
  type MakeClientOptions,
  type Rotation,
} from "../../src/index.js";
import { type FakeZone, type FakeZoneOptions, startFakeZone } from "../../src/testing/index.js";

export const TOKEN = "7615989d-d213-48dc-b625-27133ae3f1a8";
export const SECRET = "2544847b-1c2d-4e3f-8a9b-0c1d2e3f4a5b";
export const CREATED = "2020-03-27T05:53:27.368Z";
export const BASE_URL = "https://make.example/api/v2";
export const SPEC = { label: "ci", scope: ["user:read"] };
export const API_TOKEN = {
  ...SPEC,
  token: "2544847b-****-****-****-************",
  created: CREATED,
};

/** Answers as the zone documents them. */
export const json = (body: unknown, init?: ResponseInit): Response => Response.json(body, init);
export const listed = (...tokens: unknown[]): Response => json({ apiTokens: tokens });
export const created = (token: unknown = { ...API_TOKEN, token: SECRET }): Response =>
  json({ apiToken: token });

/** A request as an injected `fetch` gets it. */
export interface Sent {
  readonly url: string;
  readonly method: string;
  readonly headers: Headers;
  readonly body: BodyInit | null | undefined;
  readonly signal: AbortSignal;
  readonly init: RequestInit;
}
export type Answering = (sent: Sent) => Response | Promise<Response>;

/** An injected `fetch` that answers in turn, the last one for ever, and a client that uses it. */
export function scripted(answers: Answering[], options: Partial<MakeClientOptions> = {}) {
  const sent: Sent[] = [];
  const fetch = async (url: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    const { method = "GET", headers, body, signal } = init;
    sent.push({
      url: String(url),
      method,
      headers: new Headers(headers),
      body,
      signal: signal as AbortSignal,
      init,
    });
    const answer = answers[Math.min(sent.length, answers.length) - 1];
    if (!answer) throw new Error("no answer in the script");
    return answer(sent.at(-1) as Sent);
  };
  const make = createMakeClient({
    baseUrl: BASE_URL,
    token: TOKEN,
    fetch,
    ...options,
  } as MakeClientOptions);
  return { make, sent, fetch };
}

/** A fake zone that the test closes, and a client for it. */
export async function startZone(
  options: Partial<MakeClientOptions> = {},
  zoneOptions: FakeZoneOptions = {},
): Promise<{ zone: FakeZone; make: MakeClient }> {
  const zone = await startFakeZone(zoneOptions);
  onTestFinished(() => zone.close());
  const { baseUrl, token } = zone;
  return { zone, make: createMakeClient({ baseUrl, token, ...options } as MakeClientOptions) };
}

/** A zone with the token to rotate, and what is asked of it from now on. */
export async function startRotation() {
  const { zone, make } = await startZone();
  const old = await createMakeClient({
    baseUrl: zone.baseUrl,
    token: zone.token,
  }).apiTokens.create(SPEC);
  const begun = zone.requests.length;
  const stored: CreatedApiToken[] = [];
  return {
    zone,
    make,
    old,
    stored,
    store: (successor: CreatedApiToken) => void stored.push(successor),
    methods: () => zone.requests.slice(begun).map((it) => it.method),
    alive: (created: string) => zone.tokens.some((it) => it.created === created),
    rotate: (rotation: Rotation) => make.apiTokens.rotate(old.created, rotation),
  };
}
/** What a call rejects with. */
export async function failureOf(call: Promise<unknown> | (() => unknown)): Promise<Error> {
  try {
    await (typeof call === "function" ? call() : call);
  } catch (error) {
    return error as Error;
  }
  return expect.fail("it did not fail");
}

/** Everything that can be read of a value by printing it, and of all its causes. */
export function shown(value: unknown): string {
  const texts: string[] = [];
  const seen = new Set<unknown>();
  for (let link = value; link !== undefined && !seen.has(link);) {
    seen.add(link);
    const { message, stack, cause } = Object(link) as Partial<Error>;
    for (const show of [
      () => message,
      () => stack,
      () => String(link),
      () => inspect(link, { showHidden: true, getters: true, depth: Infinity }),
      () => inspect(link, { depth: Infinity, customInspect: false, showHidden: true }),
      () => JSON.stringify(link),
    ]) {
      try {
        texts.push(String(show()));
      } catch {
        // A value that cannot be shown in this way shows nothing.
      }
    }
    link = cause;
  }
  return texts.join("\n");
}

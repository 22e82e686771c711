import { afterEach, expect, test, vi } from "vitest";
import { rejecting, succeeding } from "./answers.js";
import { CALLS, NAMES, SPEC, TOKENS } from "./fixtures.js";
import { failureOf, scripted } from "./support.js";

afterEach(() => {
  vi.unstubAllGlobals();
});

test("a framework that keeps answers is told by every request to keep none, unless a call on raw says otherwise", async () => {
  const { make, sent } = scripted([succeeding]);
  for (const name of NAMES) await CALLS[name](make);
  await make.raw.GET(TOKENS);
  await make.raw.POST(TOKENS, { body: SPEC });
  expect(sent.map(({ init }) => init.cache)).toEqual(Array(5).fill("no-store"));
  await make.raw.GET(TOKENS, { cache: "force-cache" });
  expect(sent.at(-1)?.init.cache).toBe("force-cache");
});

test("a framework that keeps answers is told nothing where the runtime does not know the word", async () => {
  vi.stubGlobal("Request", class {});
  const { make, sent } = scripted([succeeding]);
  await make.apiTokens.list();
  expect(sent.map(({ init }) => "cache" in init)).toEqual([false]);
});

type Start = (thrown: unknown) => ReturnType<typeof scripted>;

test.each<[string, number, Start]>([
  ["fetch", 4, (thrown) => scripted([rejecting(thrown)])],
  ["the token function", 0, (it) => scripted([succeeding], { token: () => Promise.reject(it) })],
])(
  "a framework's control flow, an error with a digest, that %s throws is passed on as it is, and nothing is sent again",
  async (_, requests, start) => {
    const bailOut = Object.assign(new Error("Dynamic server usage"), { digest: "DYNAMIC" });
    for (const thrown of [bailOut, { digest: "NEXT_REDIRECT;replace;/login" }]) {
      const { make, sent, attempts } = start(thrown);
      for (const name of NAMES) expect(await failureOf(CALLS[name](make))).toBe(thrown);
      expect(await failureOf(make.raw.GET(TOKENS))).toBe(thrown);
      expect(sent).toHaveLength(requests);
      expect(attempts.map((it) => it.retryInMs)).toEqual(Array(requests).fill(undefined));
    }
  },
);

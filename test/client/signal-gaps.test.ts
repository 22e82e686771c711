import { expect, test } from "vitest";
import {
  type Answering,
  API_TOKEN,
  created,
  CREATED,
  json,
  listed,
  scripted,
  SECRET,
  TOKEN,
} from "./support.js";

const LATER = "2026-01-01T00:00:00.000Z";

test.each([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 12])(
  "no rotation sends its create after an abort, %d microtasks after the token was asked for",
  async (ticks) => {
    const controller = new AbortController();
    const order: string[] = [];
    let asked = 0;
    const log =
      (method: string, answer: Answering): Answering =>
      (sent) => (order.push(method), answer(sent));
    const { make } = scripted(
      [
        log("GET", () => listed(API_TOKEN)),
        log("POST", () => created({ ...API_TOKEN, created: LATER, token: SECRET })),
        log("GET", () => listed(API_TOKEN, { ...API_TOKEN, created: LATER })),
        log("DELETE", () => json({ apiToken: CREATED })),
      ],
      {
        token() {
          if (++asked === 2) void abortLater();
          return TOKEN;
        },
      },
    );
    const abortLater = async () => {
      for (let tick = 0; tick < ticks; tick++) await Promise.resolve();
      order.push("abort");
      controller.abort("shutdown");
    };
    const { signal } = controller;
    const result = await make.apiTokens
      .rotate(CREATED, { store: () => {} }, { signal })
      .catch((error: unknown) => error);
    if (order[1] === "abort") expect([result, ...order]).toEqual(["shutdown", "GET", "abort"]);
    else expect(order.filter((it) => it !== "abort")).toEqual(["GET", "POST", "GET", "DELETE"]);
  },
);

test("a call that is aborted by its own onAttempt waits for nothing, and sends nothing more", async () => {
  const controller = new AbortController();
  const { make, sent } = scripted(
    [() => json({}, { status: 503, headers: { "Retry-After": "60" } })],
    {
      onAttempt: () => controller.abort("enough"),
    },
  );
  const { signal } = controller;
  expect(await make.apiTokens.list({ signal }).catch((error: unknown) => error)).toBe("enough");
  expect(sent).toHaveLength(1);
});

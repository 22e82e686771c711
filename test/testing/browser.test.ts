import { afterEach, beforeEach, expect, test } from "vitest";
import { type FakeZone, startFakeZone } from "../../src/testing/index.js";
import { ask, PATH } from "./ask.js";

let zone: FakeZone;
beforeEach(async () => {
  zone = await startFakeZone();
});
afterEach(() => zone.close());

/** As a browser asks before a page's request to another origin (Fetch Standard). */
const preflight = (headers: Record<string, string>) =>
  fetch(`${zone.baseUrl}${PATH}`, {
    method: "OPTIONS",
    headers: { Origin: "https://app.example", ...headers },
  });

test("a preflight is allowed what it asks for, without a token", async () => {
  const { status, headers } = await preflight({
    "Access-Control-Request-Method": "DELETE",
    "Access-Control-Request-Headers": "authorization,content-type,user-agent",
  });
  expect(status).toBe(204);
  expect(Object.fromEntries(headers)).toMatchObject({
    "access-control-allow-origin": "*",
    "access-control-allow-methods": "DELETE",
    "access-control-allow-headers": "authorization,content-type,user-agent",
    "access-control-allow-private-network": "true",
  });
});

test("a preflight is no request of the test's own: none is counted, and none uses up a fault", async () => {
  zone.fail({ status: 500 });
  expect((await preflight({ "Access-Control-Request-Method": "POST" })).status).toBe(204);
  expect(zone.requests).toEqual([]);
  expect((await ask(zone, `GET ${PATH}`)).status).toBe(500);
});

test("a page may read every answer, those of faults too, with its headers", async () => {
  zone.fail({ status: 429, headers: { "Retry-After": "1" } });
  zone.fail("html");
  for (const _ of ["fault", "fault", "answer"]) {
    const { headers } = await ask(zone, `GET ${PATH}`);
    expect(headers.get("access-control-allow-origin")).toBe("*");
    expect(headers.get("access-control-expose-headers")).toBe("*");
  }
});

test("OPTIONS without the words of a preflight is a request like any other", async () => {
  expect((await ask(zone, `OPTIONS ${PATH}`)).status).toBe(404);
  expect(zone.requests).toHaveLength(1);
});

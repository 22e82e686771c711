import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  type FakeAnswer,
  type FakeZone,
  type FaultName,
  type FaultOptions,
  startFakeZone,
} from "../../src/testing/index.js";
import { ask, PATH, SPEC } from "./ask.js";

let zone: FakeZone;
beforeEach(async () => {
  zone = await startFakeZone();
});
afterEach(() => zone.close());

describe("fail", () => {
  test("answers with what it was given, as JSON but for a string", async () => {
    zone.fail({ body: { a: 1 } });
    zone.fail({ status: 418, body: "<p>teapot", headers: { "Content-Type": "text/html" } });
    zone.fail({ status: 204 });
    expect(await ask(zone, "GET /x")).toMatchObject({ status: 200, text: '{"a":1}' });
    const { headers, ...answer } = await ask(zone, "GET /x");
    expect(answer).toEqual({ status: 418, text: "<p>teapot" });
    expect(headers.get("content-type")).toBe("text/html");
    expect(await ask(zone, "GET /x")).toMatchObject({ status: 204, text: "" });
  });

  test("gives an error without a body Make's own", async () => {
    zone.fail({ status: 403 });
    zone.fail({ status: 429 });
    expect(JSON.parse((await ask(zone, "GET /x")).text)).toEqual({
      detail: "Access denied.",
      message: "Permission denied",
      code: "SC403",
    });
    expect(JSON.parse((await ask(zone, "GET /x")).text)).toMatchObject({
      detail: "Requests limit for organization exceeded, please try again later.",
    });
  });

  test("lets the answer depend on the request", async () => {
    zone.fail(({ method, path, body }): FakeAnswer => ({ body: [method, path, body] }));
    expect((await ask(zone, "POST /x?y", zone.token, "z")).text).toBe('["POST","/api/v2/x?y","z"]');
  });

  test.each<[FaultOptions, number[]]>([
    [{}, [500, 200, 200]],
    [{ times: 2 }, [500, 500, 200]],
    [{ times: Infinity }, [500, 500, 500]],
    [{ method: "GET" }, [500, 200, 200]],
    [{ method: "POST" }, [200, 200, 200]],
  ])("with %j meets those requests", async (options, statuses) => {
    zone.fail({ status: 500 }, options);
    for (const status of statuses) expect((await ask(zone, `GET ${PATH}`)).status).toBe(status);
  });

  test("uses faults up in order, each for its own method", async () => {
    zone.fail({ status: 501 }, { method: "POST" });
    zone.fail({ status: 502 });
    zone.fail({ status: 503 });
    const statuses: number[] = [];
    for (const method of ["GET", "POST", "GET", "POST"]) {
      statuses.push(
        (await ask(zone, `${method} ${PATH}`, zone.token, method === "POST" ? SPEC : undefined))
          .status,
      );
    }
    expect(statuses).toEqual([502, 501, 503, 200]);
  });

  test("does what was asked first, where it is told so", async () => {
    zone.fail({ status: 500 }, { done: true });
    zone.fail({ status: 500 });
    zone.fail("close", { done: true });
    await ask(zone, `POST ${PATH}`, zone.token, SPEC);
    await ask(zone, `POST ${PATH}`, zone.token, SPEC);
    await ask(zone, `POST ${PATH}`, zone.token, SPEC).catch(() => {});
    expect(zone.tokens).toHaveLength(3);
  });

  test("refuses a fault that does not exist, and names those that do", () => {
    for (const name of ["explode", "constructor", ""]) {
      expect(() => zone.fail(name as FaultName)).toThrow(TypeError);
      expect(() => zone.fail(name as FaultName)).toThrow(/stall-headers.*redirect/);
    }
  });
});

/** What Node's fetch makes of them; what the client does is tested with the client. */
describe("the fault", () => {
  const outcome = async (fault: FaultName) => {
    zone.fail(fault);
    return ask(zone, `GET ${PATH}`).then(
      ({ status, text }) => ({ status, text }),
      (error: Error) => (error.cause as { code?: string } | undefined)?.code ?? error.message,
    );
  };

  test.each<[FaultName, unknown]>([
    ["reset", "ECONNRESET"],
    ["close", "UND_ERR_SOCKET"],
    ["truncate", "UND_ERR_SOCKET"],
    // The end of the connection may be read before its reset.
    ["reset-body", expect.stringMatching(/^(ECONNRESET|UND_ERR_SOCKET)$/)],
    // The parser's code, which not every version of Node passes on.
    ["garbage", expect.stringMatching(/^(HPE_\w+|fetch failed)$/)],
    ["empty", { status: 200, text: "" }],
    ["html", { status: 200, text: expect.stringMatching(/^<!doctype html>/) }],
    ["wrong-shape", { status: 200, text: expect.stringMatching(/^\{.*\}$/) }],
    ["redirect", { status: 307, text: "" }],
  ])("%s", async (fault, expected) => {
    expect(await outcome(fault)).toEqual(expected);
  });

  test("cut-json sends half of the real answer as a whole", async () => {
    const { text } = await ask(zone, `GET ${PATH}`);
    const cut = (await outcome("cut-json")) as { text: string };
    expect(cut.text.length).toBe(Math.floor(text.length / 2));
    expect(text.startsWith(cut.text)).toBe(true);
  });

  test("huge sends more than 1 MiB", async () => {
    expect(((await outcome("huge")) as { text: string }).text.length).toBeGreaterThan(2 ** 20);
  });

  test.each<[FaultName, string]>([
    ["stall-headers", "no head"],
    ["stall-body", "half a body"],
    ["drip", "half a body"],
  ])("%s never comes to an end in time, and has sent %s", async (fault, sent) => {
    zone.fail(fault);
    const controller = new AbortController();
    const headers = { Authorization: `Token ${zone.token}` };
    const answer = fetch(`${zone.baseUrl}${PATH}`, { headers, signal: controller.signal });
    const late = new Promise<string>((resolve) => setTimeout(resolve, 200, "no head"));
    const head = await Promise.race([answer, late]);
    expect(head === "no head" ? head : "half a body").toBe(sent);
    if (head instanceof Response) {
      const reader = head.body?.getReader();
      const first = await reader?.read();
      expect(first?.done).toBe(false);
      expect(first?.value?.length).toBeLessThan(Number(head.headers.get("content-length")));
    }
    controller.abort();
    await answer.catch(() => {});
  });
});

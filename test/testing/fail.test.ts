import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  type FakeAnswer,
  type FakeZone,
  type Fault,
  type FaultName,
  type FaultOptions,
  startFakeZone,
} from "../../src/testing/index.js";
import { ask, PATH } from "./ask.js";

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

  test.each([
    [403, { detail: "Access denied.", message: "Permission denied", code: "SC403" }],
    [429, { detail: "Requests limit for organization exceeded, please try again later." }],
    [599, { detail: "Error 599.", message: "Error 599", code: "SC599" }],
  ])("gives a %d without a body the error body that fits it", async (status, body) => {
    zone.fail({ status });
    const answer = await ask(zone, "GET /x");
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.text)).toMatchObject(body);
  });

  test("lets the answer depend on the request", async () => {
    zone.fail(({ method, path, body }): FakeAnswer => ({ body: [method, path, body] }));
    expect((await ask(zone, "POST /x?y", zone.token, "z")).text).toBe('["POST","/api/v2/x?y","z"]');
  });

  test.each<[FaultOptions, number[]]>([
    [{}, [500, 200, 200]],
    [{ times: 2 }, [500, 500, 200]],
    [{ method: "GET" }, [500, 200, 200]],
    [{ method: "POST" }, [200, 200, 200]],
  ])("with %j meets those requests", async (options, statuses) => {
    zone.fail({ status: 500 }, options);
    for (const status of statuses) expect((await ask(zone, `GET ${PATH}`)).status).toBe(status);
  });

  test("uses faults up in order, each for its own method", async () => {
    zone.fail({ status: 501 }, { method: "POST" });
    zone.fail({ status: 502 });
    expect((await ask(zone, `GET ${PATH}`)).status).toBe(502);
    expect((await ask(zone, `POST ${PATH}`)).status).toBe(501);
  });

  test.each<Fault>(["close", { status: 500 }, { status: 204 }, { body: "" }])(
    "with %j does what is asked first only where it is told so",
    async (fault) => {
      const request = `DELETE ${PATH}/${encodeURIComponent(zone.tokens[0]?.created ?? "")}`;
      for (const [options, alive] of [
        [{}, 1],
        [{ done: true }, 0],
      ] as const) {
        zone.fail(fault, options);
        await ask(zone, request).catch(() => {});
        expect(zone.tokens).toHaveLength(alive);
      }
    },
  );

  test("refuses a fault that does not exist, and names those that do", () => {
    for (const name of ["explode", "constructor", ""]) {
      expect(() => zone.fail(name as FaultName)).toThrow(TypeError);
      expect(() => zone.fail(name as FaultName)).toThrow(/stall-headers.*redirect/);
    }
    expect(() => zone.fail("reset", { times: 0 })).toThrow(/^times: /);
  });
});

/** What Node's fetch makes of them; what the client does is tested with the client. */
describe("the fault", () => {
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
    // More than 1 MiB.
    ["huge", { status: 200, text: expect.toSatisfy((it: string) => it.length > 2 ** 20) }],
  ])("%s", async (fault, expected) => {
    zone.fail(fault);
    const came = await ask(zone, `GET ${PATH}`).then(
      ({ status, text }) => ({ status, text }),
      (error: Error) => (error.cause as { code?: string } | undefined)?.code ?? error.message,
    );
    expect(came).toEqual(expected);
  });

  test("cut-json sends half of the real answer as a whole", async () => {
    const { text } = await ask(zone, `GET ${PATH}`);
    zone.fail("cut-json");
    const cut = await ask(zone, `GET ${PATH}`);
    expect(cut).toMatchObject({ status: 200, text: text.slice(0, text.length / 2) });
  });

  const list = () =>
    fetch(`${zone.baseUrl}${PATH}`, { headers: { Authorization: `Token ${zone.token}` } });

  test("stall-headers sends nothing", async () => {
    zone.fail("stall-headers");
    const late = new Promise((resolve) => setTimeout(resolve, 100, "late"));
    expect(await Promise.race([list().catch(() => "broken, once the zone is closed"), late])).toBe(
      "late",
    );
  });

  test.each<FaultName>(["stall-body", "drip"])("%s sends a part of the body", async (fault) => {
    zone.fail(fault);
    const { headers, body } = await list();
    const reader = body?.getReader();
    const { value } = (await reader?.read()) ?? {};
    expect(value?.length).toBeLessThan(Number(headers.get("content-length")));
    await reader?.cancel();
  });
});

import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import createClient from "openapi-fetch";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { paths } from "../../generated/paths.js";
import { createMakeClient, MakeResponseError } from "../../src/index.js";
import { API_TOKEN, failureOf, TOKEN } from "./support.js";

const TOKENS = "/users/me/api-tokens";
const JSON_TEXT = JSON.stringify({ apiTokens: [API_TOKEN] });

interface Case {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

const server = createServer(({ headers }, response) => {
  const { status, headers: own, body } = cases[Number(headers["x-case"])]!;
  response.writeHead(status, own);
  // Without a length of its own, the answer goes in chunks.
  response.flushHeaders();
  response.end(body);
});
let baseUrl = "";
beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close().closeAllConnections());

const lengthOf = (body: string | Buffer) => ({ "Content-Length": `${Buffer.byteLength(body)}` });
const cases: Case[] = [200, 201, 302, 400, 404, 501].flatMap((status) =>
  ["", "0", "false", "null", '"x"', JSON_TEXT, '\uFEFF{"a":1}', "<p>no", '{"a":'].flatMap(
    (body) => [
      { status, headers: {}, body },
      { status, headers: lengthOf(body), body },
      { status, headers: { "Content-Type": "text/html", ...lengthOf(body) }, body },
    ],
  ),
);
for (const status of [204, 304]) cases.push({ status, headers: {}, body: "" });
for (const status of [200, 400])
  cases.push({ status, headers: { "Content-Encoding": "gzip" }, body: gzipSync(JSON_TEXT) });

test.each(cases.map((it, index) => [JSON.stringify(it), it.status, index] as const))(
  "raw has the data and the error of a bare openapi-fetch client: %s",
  async (_, status, index) => {
    const bare = createClient<paths>({ baseUrl, redirect: "manual" });
    const { raw } = createMakeClient({ baseUrl, token: TOKEN, retries: 0 });
    for (const parseAs of ["json", "text"] as const) {
      const init = { headers: { "x-case": `${index}` }, parseAs };
      const expected = await bare.GET(TOKENS, init).catch((error: unknown) => ({ thrown: error }));
      if ("thrown" in expected) {
        expect(expected.thrown).toBeInstanceOf(SyntaxError);
        expect((await failureOf(raw.GET(TOKENS, init))).constructor).toBe(MakeResponseError);
        continue;
      }
      const { response, ...rest } = await raw.GET(TOKENS, init);
      const { response: bareResponse, ...bareRest } = expected;
      expect(rest).toEqual(bareRest);
      expect(Object.keys(rest)).toEqual(Object.keys(bareRest));
      expect([response.status, response.url]).toEqual([status, bareResponse.url]);
      const named = (it: Headers) => [...it].filter(([name]) => name !== "date");
      expect(named(response.headers)).toEqual(named(bareResponse.headers));
    }
  },
);

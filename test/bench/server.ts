import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type * as Testing from "../../src/testing/index.js";
import { HEADERS, LIST } from "./answers.js";

/** Answers every request with the list, as fast as Node does. */
async function lists(): Promise<string> {
  const body = Buffer.from(LIST);
  const head = { ...HEADERS, "Content-Length": body.length };
  const server = createServer((_, response) => response.writeHead(200, head).end(body));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v2 a-token`;
}

/** Behaves as Make documents it. */
async function zone(): Promise<string> {
  const url = new URL("../../dist/testing.js", import.meta.url).href;
  const { startFakeZone } = (await import(url)) as typeof Testing;
  const { baseUrl, token } = await startFakeZone();
  return `${baseUrl} ${token}`;
}

console.log(await (process.argv[2] === "zone" ? zone() : lists()));
// It ends with whoever started it.
process.stdin.on("close", () => process.exit()).resume();

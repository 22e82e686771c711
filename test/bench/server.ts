import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { HEADERS, LIST } from "./answers.js";
import type { Zone } from "./clients.js";

const FILE = fileURLToPath(import.meta.url);

/** Starts this file as a process of its own, so that its work is not the client's. */
export async function serve(): Promise<Zone & Disposable> {
  const args = ["--import", import.meta.resolve("tsx"), FILE];
  const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
  const [baseUrl] = (await once(child.stdout.setEncoding("utf8"), "data")) as [string];
  return { baseUrl: baseUrl.trim(), token: "a-token", [Symbol.dispose]: () => child.stdin.end() };
}

if (process.argv[1] === FILE) {
  // Answers every request with the list, as fast as Node does.
  const body = Buffer.from(LIST);
  const head = { ...HEADERS, "Content-Length": body.length };
  const server = createServer((_, response) => response.writeHead(200, head).end(body));
  await once(server.listen(0, "127.0.0.1"), "listening");
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v2`);
  // It ends with whoever started it.
  process.stdin.on("close", () => process.exit()).resume();
}

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { HEADERS, LIST } from "./answers.js";
import type { Zone } from "./tokens.js";
import { loadTesting } from "./measure.js";

const FILE = fileURLToPath(import.meta.url);

/** Starts this file as a process of its own, so that its work is not the client's. */
export async function serve(what: "lists" | "zone"): Promise<Zone & Disposable> {
  const args = ["--import", import.meta.resolve("tsx"), FILE, what];
  const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
  const [line] = (await once(child.stdout.setEncoding("utf8"), "data")) as [string];
  const [baseUrl = "", token = ""] = line.trim().split(" ");
  return { baseUrl, token, [Symbol.dispose]: () => child.stdin.end() };
}

/** Answers every request with the list, as fast as Node does. */
async function startLists(): Promise<Zone> {
  const body = Buffer.from(LIST);
  const head = { ...HEADERS, "Content-Length": body.length };
  const server = createServer((_, response) => response.writeHead(200, head).end(body));
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  return { baseUrl: `http://127.0.0.1:${port}/api/v2`, token: "a-token" };
}

if (process.argv[1] === FILE) {
  const start = process.argv[2] === "zone" ? (await loadTesting()).startFakeZone : startLists;
  const { baseUrl, token } = await start();
  console.log(`${baseUrl} ${token}`);
  // It ends with whoever started it.
  process.stdin.on("close", () => process.exit()).resume();
}

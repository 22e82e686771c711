import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Zone } from "./tokens.js";

/** A server in a process of its own, so that its work is not the client's. */
export async function serve(what: "lists" | "zone"): Promise<Zone & Disposable> {
  const script = fileURLToPath(new URL("server.ts", import.meta.url));
  const child = spawn(process.execPath, ["--import", import.meta.resolve("tsx"), script, what], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const [line] = (await once(child.stdout.setEncoding("utf8"), "data")) as [string];
  const [baseUrl = "", token = ""] = line.trim().split(" ");
  return { baseUrl, token, [Symbol.dispose]: () => child.stdin.end() };
}

import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { inFolder, startCommandLine, useCommandFolder } from "./command-line.js";

useCommandFolder();

/** The arguments and the environment of every process of this machine that may be read. */
async function ofEveryProcess(): Promise<string> {
  const ids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const files = ids.flatMap((id) => [`/proc/${id}/environ`, `/proc/${id}/cmdline`]);
  // A process may end meanwhile.
  const texts = await Promise.all(files.map((it) => readFile(it, "utf8").catch(() => "")));
  const { stdout } = await promisify(execFile)("ps", ["axeww"], { maxBuffer: 2 ** 26 });
  return [...texts, stdout].join("\n");
}

test("while a store runs, no process shows the new secret, and no file but its own holds it", async () => {
  const { zone, vault, start } = await startCommandLine();
  const store = 'cat > "$VAULT"; : > "$VAULT.begun"; until [ -e "$VAULT.go" ]; do sleep 0.02; done';
  const { ended } = start(["rotate", "--own", "--store", store]);
  while (!existsSync(`${vault}.begun`)) await setTimeout(10);
  const secret = zone.tokens.at(-1)?.token ?? "";
  expect(await readFile(vault, "utf8")).toBe(secret);

  const seen = await ofEveryProcess();
  expect(seen).toContain("MAKE_TOKEN_CREATED");
  expect(seen).not.toContain(secret);
  for (const entry of await readdir(inFolder(""), { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile() || path === vault) continue;
    expect(await readFile(path, "utf8")).not.toContain(secret);
  }
  await writeFile(`${vault}.go`, "");
  const { code, stdout, stderr } = await ended;
  expect(code).toBe(0);
  expect(stdout + stderr).not.toContain(secret);
});

test("the store never sees the old secret, which stays in the command's own environment", async () => {
  const { zone, start, vault } = await startCommandLine();
  const store = '{ env; cat "/proc/self/environ"; } > "$VAULT"';
  await start(["rotate", "--own", "--store", store]).ended;
  expect(await readFile(vault, "utf8")).not.toContain(zone.requests[0]?.headers["authorization"]);
  expect(await readFile(vault, "utf8")).not.toContain(zone.token);
});

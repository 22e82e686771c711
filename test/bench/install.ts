import { execFileSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** Installs the peers, unless what the lock file says is there already. */
export async function installPeers(): Promise<void> {
  const lock = await readFile(here("package-lock.json"), "utf8");
  const stamp = here("node_modules/.installed-lock.json");
  if ((await readFile(stamp, "utf8").catch(() => "")) === lock) return;
  execFileSync("npm", ["ci", "--no-audit", "--no-fund"], { cwd: here("."), stdio: "inherit" });
  await writeFile(stamp, lock);
}

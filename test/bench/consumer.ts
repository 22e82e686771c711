import { mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { OURS } from "./clients.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const { resolve } = createRequire(import.meta.url);

/** Where a package is installed, whatever its exports hide. */
function folderOf(name: string): string {
  const [before = ""] = resolve(name).split(join(sep, name, sep));
  return join(before, name);
}

/** A folder outside this package, where it and its peers are installed. */
export async function openConsumer(): Promise<AsyncDisposable & { readonly folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), "bench-"));
  const installed = new Map(
    ["openapi-fetch", "@makehq/sdk", "ky", "axios"].map((name) => [name, folderOf(name)]),
  ).set(OURS, root);
  for (const [name, target] of installed) {
    const link = join(folder, "node_modules", name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(target, link, "junction");
  }
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}

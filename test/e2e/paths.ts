import { cp, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import manifest from "../../package.json" with { type: "json" };

/** The package under test, this folder, and the one whose tools the heavy checks use. */
export const ROOT = fileURLToPath(new URL("../..", import.meta.url));
export const HERE = fileURLToPath(new URL(".", import.meta.url));
export const PINS = join(HERE, "../pins");

export const PLATFORM = `${process.platform}-${process.arch}`;

/** A file of what this folder's package.json brings. */
export const tool = (path: string): string => join(HERE, "node_modules", path);

export const nodeOf = (major: number): string => tool(`node-${major}-${PLATFORM}/bin/node`);

/** The majors of Node, and the versions of TypeScript, that this folder's package.json brings. */
export const NODES = [20, 22, 24, 26] as const;
export const TYPESCRIPTS = ["5.4", "5.9", "6.0", "7.0"] as const;

/** The package's name, which a team may change. */
export const { name: NAME } = manifest;

/** Copies a consumer's files, so that they import the package by its name. */
export async function copyConsumer(from: string, to: string): Promise<void> {
  await cp(from, to, { recursive: true });
  for (const path of await readdir(from, { recursive: true })) {
    if (!/\.\w+$/.test(path)) continue;
    const text = await readFile(join(from, path), "utf8");
    const named = text.replace(/"make-api-tokens(?=["/])/g, () => `"${NAME}`);
    await writeFile(join(to, path), named);
  }
}

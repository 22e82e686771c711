import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ROOT } from "./entries.js";

export const MANIFEST = join(ROOT, "package.json");
/** The same while npm packs in the root: npm never packs a file with this ending. */
export const ORIGINAL = `${MANIFEST}.orig`;

/** Fields that are of use in the repository alone. */
const DEVELOPMENT = ["scripts", "devDependencies", "allowScripts", "prettier"] as const;

/** The package.json of the repository: at least what npm asks for. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly files: readonly string[];
}

export async function readManifest(): Promise<Manifest> {
  return JSON.parse(await readFile(MANIFEST, "utf8")) as Manifest;
}

/** The package.json that is published: it has nothing to run and nothing to install. */
export function publishedManifest(manifest: Manifest): string {
  const published = Object.entries(manifest).filter(
    ([key]) => !DEVELOPMENT.some((it) => it === key),
  );
  return `${JSON.stringify(Object.fromEntries(published), null, 2)}\n`;
}

import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { publicTypes } from "../../scripts/build/bundle.js";
import type { Packed } from "./pack.js";
import { HERE } from "./paths.js";

const VERIFIED = join(HERE, "verified.json");

/** The tools, and the checks themselves. */
const FILES = [
  "package-lock.json",
  "../pins/package-lock.json",
  "../pins/jest-29/package-lock.json",
  "managers.ts",
  "matrix.ts",
  "consumers.ts",
  "bundlers.ts",
  "one-class.ts",
  "scope.ts",
];

/**
 * A digest of whatever the heavy checks depend on: how the package looks from outside, and the tools.
 * Code, comments and the version stay out of it, because they change with each release.
 */
async function shapeOf(packed: Packed): Promise<string> {
  const text = await readFile(join(packed.folder, "package.json"), "utf8");
  const { name, type, engines, main, types, exports, bin, typesVersions } = JSON.parse(text);
  const manifest = { name, type, engines, main, types, exports, bin, typesVersions };
  const files = await Promise.all(FILES.map((it) => readFile(join(HERE, it), "utf8")));
  const shape = JSON.stringify([manifest, packed.files, await publicTypes(), files]);
  return createHash("sha256").update(shape).digest("hex");
}

/** Whether the heavy checks have passed for this shape and these tools. */
export async function isVerified(packed: Packed): Promise<boolean> {
  const text = await readFile(VERIFIED, "utf8").catch(() => "{}");
  return JSON.parse(text).shape === (await shapeOf(packed));
}

/** Notes, to be committed, that they have passed. */
export async function noteVerified(packed: Packed): Promise<void> {
  await writeFile(VERIFIED, `${JSON.stringify({ shape: await shapeOf(packed) }, null, 2)}\n`);
}

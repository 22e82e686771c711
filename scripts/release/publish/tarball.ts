import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { withTemporaryFolder } from "../../lib/files.ts";
import type { JsonObject } from "../../lib/json.ts";
import { Refusal } from "../../lib/refusal.ts";
import { run } from "../../lib/run.ts";
import { readJson } from "../read.ts";
import type { Version } from "./version.ts";

/** The package as it is published. */
export interface Tarball {
  /** Absolute. */
  readonly path: string;
  /** The integrity in the form of registries and lock files. */
  readonly integrity: string;
  /** The folder of its files, for as long as `body` runs. */
  readonly files: string;
}

const REMEDY = "Run `npm run package`, which builds it, then run the same command again.";

/** Unpacks the tarball of a version, after a check that it is that version and runs nothing. */
export async function withTarball<T>(
  { root, name, version, tarball }: Version,
  body: (tarball: Tarball) => Promise<T>,
): Promise<T> {
  const path = join(root, tarball);
  const bytes = await readFile(path).catch(() => {
    throw new Refusal(`${tarball} is not there.`, REMEDY);
  });
  return withTemporaryFolder(async (folder) => {
    await run("tar", ["-xzf", path, "-C", folder], { cwd: root, remedy: REMEDY });
    const files = join(folder, "package");
    const manifest = await readManifest(files);
    if (manifest["name"] !== name || manifest["version"] !== version) {
      throw new Refusal(`${tarball} is not ${name} ${version}.`, REMEDY);
    }
    if (manifest["scripts"] !== undefined) {
      throw new Refusal(
        `${tarball} has scripts, which would run wherever it is installed.`,
        REMEDY,
      );
    }
    const integrity = `sha512-${createHash("sha512").update(bytes).digest("base64")}`;
    return body({ path, integrity, files });
  });
}

/** Without one, it is the tarball of no version. */
const readManifest = (files: string): Promise<JsonObject> =>
  readJson(files, "package.json").catch(() => ({}));

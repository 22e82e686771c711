import { join } from "node:path";
import { writePackage } from "../../scripts/build/package.js";
import type { Workplace } from "./workplace.js";

/** The package as it would be published. */
export interface Packed {
  readonly name: string;
  readonly version: string;
  /** The folder of what is published. */
  readonly folder: string;
  readonly tarball: string;
  readonly integrity: string;
  /** The paths in it, sorted. */
  readonly files: readonly string[];
}

/** Builds what is published, in a folder of its own, and packs it. */
export async function pack(workplace: Workplace): Promise<Packed> {
  const folder = await workplace.folder("package");
  await writePackage(folder);
  const to = await workplace.folder("tarball");
  const text = await workplace.npm(["pack", folder, "--json", "--pack-destination", to], {
    cwd: to,
  });
  const [{ name, version, filename, integrity, files }] = JSON.parse(text);
  return {
    name,
    version,
    folder,
    tarball: join(to, filename),
    integrity,
    files: files.map((it: { path: string }) => it.path).sort(),
  };
}

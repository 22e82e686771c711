import { join } from "node:path";
import { writePackage } from "../../scripts/build/published.js";
import type { Workplace } from "./workplace.js";

/** The package as it would be published. */
export interface Packed {
  readonly name: string;
  readonly version: string;
  /** The folder of what is published. */
  readonly folder: string;
  readonly tarball: string;
  /** The paths in it, sorted. */
  readonly files: readonly string[];
}

export interface Given {
  readonly packed: Packed;
  /** A folder in which the package is installed, and the files of ./consumer are compiled. */
  readonly consumer: string;
  readonly isHeavy: boolean;
}

/** What run.ts has prepared for all test files. */
export const given = (): Given => JSON.parse(process.env["E2E_GIVEN"] ?? "") as Given;

/** Builds what is published, in a folder of its own, and packs it. */
export async function pack(workplace: Workplace): Promise<Packed> {
  const folder = await workplace.folder("package");
  await writePackage(folder);
  const to = await workplace.folder("tarball");
  const args = ["pack", folder, "--json", "--pack-destination", to];
  const [{ name, version, filename, files }] = JSON.parse(await workplace.npm(args, { cwd: to }));
  const paths = files.map((it: { path: string }) => it.path).sort();
  return { name, version, folder, tarball: join(to, filename), files: paths };
}

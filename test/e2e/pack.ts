import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ROOT, type Workplace } from "./workplace.js";

/** The package as it would be published. */
export interface Packed {
  readonly name: string;
  readonly version: string;
  readonly tarball: string;
  readonly integrity: string;
  /** The paths in it, sorted. */
  readonly files: readonly string[];
}

/** Builds the package, as `prepare` does, and packs it. */
export async function pack(workplace: Workplace): Promise<Packed> {
  const folder = await workplace.folder("pack");
  const text = await workplace.npm(["pack", "--json", "--pack-destination", folder], { cwd: ROOT });
  // What `prepare` prints comes first.
  const [packed] = JSON.parse(text.slice(text.search(/^\[/m)));
  const { name, version } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8"));
  return {
    name,
    version,
    tarball: join(folder, packed.filename),
    integrity: packed.integrity,
    files: packed.files.map((it: { path: string }) => it.path).sort(),
  };
}

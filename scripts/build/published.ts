import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ROOT, writeBuild } from "./bundle.ts";

/**
 * Builds the package, and writes all that is published, and nothing else, to a new or empty folder:
 * for `npm pack <folder>`, `npm publish <folder>`, or the commit of a tag.
 */
export async function writePackage(folder: string): Promise<void> {
  const manifest = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8"));
  await writeBuild(join(folder, "dist"));
  for (const name of [...manifest.files, "LICENSE"].filter((it) => it !== "dist"))
    await cp(join(ROOT, name), join(folder, name), { recursive: true });
  const readme = await readFile(join(ROOT, "README.md"), "utf8");
  await writeFile(join(folder, "README.md"), readmeFor(manifest.name, readme));
  // Of use in the repository alone.
  for (const field of ["private", "scripts", "devDependencies", "allowScripts", "prettier"])
    delete manifest[field];
  await writeFile(join(folder, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** A package under a team's own name is installed, imported and run by that. */
function readmeFor(name: string, readme: string): string {
  if (name === "make-api-tokens") return readme;
  const installed = readme.replaceAll("@your-team/make-api-tokens", name);
  const names = /(?<=["`]|npx --no-install )make-api-tokens(?=["/ ])/g;
  return installed.replace(names, () => name);
}

import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ROOT, writeBuild } from "./bundle.ts";

/** The fields of package.json that are of use in the repository alone. */
const DEVELOPMENT = ["private", "scripts", "devDependencies", "allowScripts", "prettier"];

/**
 * Builds the package, and writes all that is published, and nothing else, to a new or empty folder:
 * for `npm pack <folder>`, `npm publish <folder>`, or the commit of a tag.
 */
export async function writePackage(folder: string): Promise<void> {
  const manifest = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8"));
  await writeBuild(join(folder, "dist"));
  for (const name of [...manifest.files, "LICENSE"].filter((it) => it !== "dist")) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await cp(join(ROOT, name), join(folder, name), { recursive: true });
  }
  const readme = await readFile(join(ROOT, "README.md"), "utf8");
  await writeFile(join(folder, "README.md"), readmeFor(manifest.name, readme));
  const published = Object.entries(manifest).filter(([key]) => !DEVELOPMENT.includes(key));
  const text = JSON.stringify(Object.fromEntries(published), null, 2);
  await writeFile(join(folder, "package.json"), `${text}\n`);
}

/** What stands before the package's name in the README where it is imported or run. */
const BEFORE_NAME = ['from "', 'require("', "npx --no-install ", "\n`"];

/** A package under a team's own name is installed, imported and run by that. */
export function readmeFor(name: string, readme: string): string {
  if (name === "make-api-tokens") return readme;
  const installed = readme.replaceAll("@your-team/make-api-tokens", name);
  return BEFORE_NAME.reduce((t, it) => t.replaceAll(`${it}make-api-tokens`, it + name), installed);
}

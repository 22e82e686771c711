import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ROOT } from "./entries.js";

const DEPENDENCY = /^node_modules\/((?:@[^/]+\/)?[^/]+)\//;

/** The licences of the packages that these files are parts of. */
export async function thirdPartyLicences(inputs: readonly string[]): Promise<string> {
  const names = new Set(inputs.flatMap((input) => DEPENDENCY.exec(input)?.[1] ?? []));
  const sections = [...names].sort().map(async (name) => {
    const read = (file: string) => readFile(join(ROOT, "node_modules", name, file), "utf8");
    const { version, license } = JSON.parse(await read("package.json"));
    return `${name} ${version} (${license})\n\n${(await read("LICENSE")).trim()}\n`;
  });
  const head = "This package holds code and types of the following packages.\n";
  return [head, ...(await Promise.all(sections))].join("\n---\n\n");
}

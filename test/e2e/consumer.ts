import { cp, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "./commands.js";
import { compilerOf, HERE, NAME, type TypeScript } from "./tools.js";

/** Copies files of this folder to a consumer's, in which they import the package by its name. */
export async function copyConsumer(from: string, to: string): Promise<void> {
  await cp(join(HERE, from), to, { recursive: true });
  for (const path of await readdir(join(HERE, from), { recursive: true })) {
    if (!/\.\w+$/.test(path)) continue;
    const text = await readFile(join(to, path), "utf8");
    await writeFile(
      join(to, path),
      text.replace(/"make-api-tokens(?=["/])/g, () => `"${NAME}`),
    );
  }
}

/** An empty folder's first files: what a consumer writes. */
export async function writeConsumer(folder: string, manifest: object = {}): Promise<void> {
  await copyConsumer("consumer", folder);
  const text = JSON.stringify({ private: true, type: "module", ...manifest });
  await writeFile(join(folder, "package.json"), text);
}

/** The strictest that a consumer may choose. */
const STRICT = {
  target: "ES2022",
  lib: ["ES2022", "DOM"],
  types: [] as string[],
  module: "NodeNext",
  moduleDetection: "force",
  resolveJsonModule: true,
  strict: true,
  skipLibCheck: false,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noPropertyAccessFromIndexSignature: true,
  verbatimModuleSyntax: true,
  declaration: true,
};

export type CompilerOptions = Readonly<Record<string, unknown>>;

let projects = 0;

/** Compiles a consumer, with the options instead of the strictest ones. */
export async function compile(
  folder: string,
  version: TypeScript,
  options: CompilerOptions = {},
  include: readonly string[] = ["*.ts"],
): Promise<void> {
  const project = join(folder, `tsconfig-${process.pid}-${projects++}.json`);
  const compilerOptions = { ...STRICT, ...options };
  await writeFile(project, JSON.stringify({ compilerOptions, include, exclude: ["*.d.ts"] }));
  await run(process.execPath, [compilerOf(version), "-p", project], { cwd: folder });
}

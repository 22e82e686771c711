import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "./commands.js";
import type { Packed } from "./pack.js";
import { copyConsumer, HERE, tool } from "./paths.js";
import type { Workplace } from "./workplace.js";

const CONSUMER = join(HERE, "consumer");

/** The strictest that a consumer may choose. */
export const STRICT = {
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
};

export type CompilerOptions = Partial<typeof STRICT> & Readonly<Record<string, unknown>>;

/** Compiles a consumer, with the options beside the strictest ones. */
export async function compile(
  folder: string,
  typescript: string,
  options: CompilerOptions = {},
): Promise<void> {
  const project = join(folder, "tsconfig.json");
  const compilerOptions = { ...STRICT, ...options };
  await writeFile(project, JSON.stringify({ compilerOptions, include: ["*.ts"] }));
  await run(process.execPath, [tool(`${typescript}/bin/tsc`), "-p", project], { cwd: folder });
}

/** An empty folder's first files: what a consumer writes. */
export async function writeConsumer(folder: string, manifest: object = {}): Promise<void> {
  await copyConsumer(CONSUMER, folder);
  const text = JSON.stringify({ private: true, type: "module", ...manifest });
  await writeFile(join(folder, "package.json"), text);
}

const NODE_FAILURES = {
  forbidden: "MakeApiError rejected 403",
  redirected: "MakeApiError unknown 307",
  stalled: "MakeTimeoutError unknown timeout",
  truncated: "MakeConnectionError unknown UND_ERR_SOCKET",
  refused: "MakeConnectionError not-sent ECONNREFUSED",
  aborted: "TimeoutError aborted",
};

/** Runs the compiled consumer on a Node, against the testing kit that was installed with it. */
export async function runOnNode(
  folder: string,
  { env }: Workplace,
  node = process.execPath,
): Promise<void> {
  const printed = await run(node, ["main.js"], { cwd: folder, env, seconds: 60 });
  const failures: unknown = JSON.parse(printed);
  const wanted = JSON.stringify(NODE_FAILURES);
  if (JSON.stringify(failures) !== wanted) throw new Error(`${printed}wanted: ${wanted}`);
}

interface Tree {
  readonly dependencies?: Readonly<Record<string, Tree>>;
}

/** The package alone was installed, and of it the packed files. */
export async function checkInstalled(
  folder: string,
  workplace: Workplace,
  packed: Packed,
): Promise<string> {
  const listed = await workplace.npm(["ls", "--all", "--json"], { cwd: folder });
  const names = (tree: Tree): string[] =>
    Object.entries(tree.dependencies ?? {}).flatMap(([name, it]) => [name, ...names(it)]);
  const installed = names(JSON.parse(listed) as Tree).join(" > ");
  if (installed !== packed.name) throw new Error(`installed: ${installed}`);

  const at = join(folder, "node_modules", packed.name);
  const entries = await readdir(at, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((it) => it.isFile())
    .map((it) => join(it.parentPath ?? it.path, it.name).slice(at.length + 1))
    .sort();
  if (files.join("\n") !== packed.files.join("\n")) {
    throw new Error(`files:\n${files.join("\n")}\nwanted:\n${packed.files.join("\n")}`);
  }
  const { version } = JSON.parse(await readFile(join(at, "package.json"), "utf8"));
  if (version !== packed.version) throw new Error(`version ${version}, not ${packed.version}`);
  return `${files.length} files`;
}

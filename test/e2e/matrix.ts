import { appendFile, cp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "./commands.js";
import { compile, runOnNode } from "./consumer.js";
import { type Manager, MANAGERS, NODE, SCOPED, type Way, WAYS } from "./managers.js";
import { NAME } from "./paths.js";
import { makeRepository, type Pinning } from "./pins.js";
import { serveRepository } from "./git-server.js";
import { startRegistry } from "./registry.js";

/** Files of the consumer, compiled. */
const COMPILED = ["life.js", "zones.js", "main.js", "require.cjs"];

interface Matrix extends Pinning {
  /** The consumer that is compiled already. */
  readonly compiled: string;
  readonly registry: string;
  /** A URL of git's. */
  readonly repository: string;
}

/** How package.json names the package. */
function dependency(manager: Manager, way: Way, { packed, registry, repository }: Matrix): string {
  const { name, version, tarball } = packed;
  const base = name.split("/").at(-1);
  const ways: Record<Way, string> = {
    registry: version,
    "own scope": `npm:${SCOPED}@${version}`,
    tarball: `file:${tarball}`,
    "tarball URL": `${registry}${name}/-/${base}-${version}.tgz`,
    "git tag": `git+${repository}#v${version}`,
    workspace: manager.member,
  };
  return ways[way];
}

/** An empty folder in which the manager finds a consumer: the folder to install in, and the consumer's. */
async function writeProject(manager: Manager, way: Way, matrix: Matrix) {
  const { workplace, packed, compiled, registry } = matrix;
  const root = await workplace.folder(`${manager.name}, ${way}`.replace(/[ ,]+/g, "-"));
  const inside = way === "workspace";
  const folder = inside ? join(root, "packages/consumer") : root;
  for (const file of COMPILED) await cp(join(compiled, file), join(folder, file));
  const consumer = {
    name: "consumer",
    version: "1.0.0",
    private: true,
    type: "module",
    dependencies: { [packed.name]: dependency(manager, way, matrix) },
  };
  await writeFile(join(folder, "package.json"), JSON.stringify(consumer));
  if (inside) {
    const member = { name: "root", private: true, workspaces: ["packages/*"] };
    await cp(packed.folder, join(root, "packages/library"), { recursive: true });
    await writeFile(join(root, "package.json"), JSON.stringify(member));
  }
  await writeFile(join(root, ".npmrc"), `registry=${registry}\n`);
  await writeFile(join(root, manager.settings), `${manager.lines(registry)}\n`);
  return { root, folder };
}

/** Installs with a manager, in a home of its own settings. */
async function install(manager: Manager, root: string, { workplace }: Matrix): Promise<void> {
  const [program, ...args] = manager.command;
  const quiet = { YARN_ENABLE_TELEMETRY: "0", DENO_NO_UPDATE_CHECK: "1", CI: "" };
  const env = { ...workplace.env, ...quiet };
  await run(program, [...args, ...manager.install], { cwd: root, env, seconds: 120 });
}

/** What is refused by default is refused first, and then allowed by the one setting, which is returned. */
async function installAllowed(manager: Manager, way: Way, root: string, matrix: Matrix) {
  const refusal = manager.refuses[way];
  if (!refusal) {
    await install(manager, root, matrix);
    return "";
  }
  const said = await install(manager, root, matrix).then(
    () => "it was installed",
    (error: Error) => error.message,
  );
  if (!refusal.says.test(said)) throw new Error(`not refused as it was: ${said}`);
  const { setting, file = manager.settings } = refusal;
  const line = setting.replace("<repository>", matrix.repository);
  await appendFile(join(root, file), `${line}\n`);
  await install(manager, root, matrix);
  return `with ${setting}`;
}

async function pin(manager: Manager, way: Way, matrix: Matrix): Promise<string> {
  const { root, folder } = await writeProject(manager, way, matrix);
  const note = await installAllowed(manager, way, root, matrix);
  const { workplace } = matrix;
  const options = manager.nodeOptions && { NODE_OPTIONS: manager.nodeOptions(root) };
  const env = { ...workplace.env, ...options };
  await runOnNode(folder, { ...workplace, env }, NODE);
  await run(NODE, ["require.cjs"], { cwd: folder, env });
  // pnpm links no package that the consumer does not name.
  if (manager.name.startsWith("pnpm") && way === "registry") await declareClient(folder);
  return note;
}

const CLIENT = `import { createMakeClient } from "${NAME}";
export const make = createMakeClient({ zone: "eu1", token: "not-a-secret" });
`;

/** A consumer's own declarations can name the type of the client that it exports: no TS2742. */
async function declareClient(folder: string): Promise<void> {
  await writeFile(join(folder, "client.ts"), CLIENT);
  await compile(folder, "typescript-5.9", { declaration: true });
}

/** The package, pinned by every manager in every way, and run as it was installed. */
export async function pinEverywhere(pinning: Pinning, compiled: string): Promise<void> {
  const { checks, workplace, packed } = pinning;
  await using registry = await startRegistry(workplace, packed.name, SCOPED);
  const scoped = await workplace.folder("scoped");
  await cp(packed.folder, scoped, { recursive: true });
  await workplace.npm(["pkg", "set", `name=${SCOPED}`], { cwd: scoped });
  for (const cwd of [packed.folder, scoped]) {
    await workplace.npm(["publish", "--registry", registry.url], { cwd });
  }
  await using git = await serveRepository(workplace, await makeRepository(pinning, "served"));
  const matrix = { ...pinning, compiled, registry: registry.url, repository: git.url };
  for (const manager of MANAGERS) {
    for (const way of manager.ways ?? WAYS) {
      await checks.check(`${manager.name}: ${way}`, () => pin(manager, way, matrix));
    }
  }
}

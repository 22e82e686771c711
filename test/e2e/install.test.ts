import { once } from "node:events";
import { appendFile, cp, readFile, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { run, runToFail } from "./commands.js";
import { compile, writeConsumer } from "./consumer.js";
import { given } from "./given.js";
import { type Manager, MANAGERS, NODE, npm, SCOPED, type Way, WAYS } from "./managers.js";
import { type Registry, startRegistry } from "./registry.js";
import { copyWorkTree, gitIn, openWorkplace } from "./workplace.js";
import { liveIn, NODE_FAILURES } from "./zones.js";

const { packed, consumer, isHeavy } = given();
const workplace = await openWorkplace();
const ownNpm = npm(await run("npm", ["--version"]), ["npm"]);
const managers = isHeavy ? [ownNpm, ...MANAGERS] : [ownNpm];

let registry: Registry;
let git: Server;
let repository: string;
let tools: string;

beforeAll(async () => {
  tools = await workplace.folder("tools");
  const versions = managers.flatMap(({ version = [] }) => version);
  if (versions.length > 0) {
    await workplace.npm(["install", "--ignore-scripts", ...new Set(versions)], { cwd: tools });
  }
  registry = await startRegistry(workplace, packed.name, SCOPED);
  const scoped = await workplace.folder("scoped");
  await cp(packed.folder, scoped, { recursive: true });
  await workplace.npm(["pkg", "set", `name=${SCOPED}`], { cwd: scoped });
  for (const cwd of [packed.folder, scoped]) {
    await workplace.npm(["publish", "--registry", registry.url], { cwd });
  }
  git = await serveRepository();
  repository = `http://127.0.0.1:${(git.address() as AddressInfo).port}/repository.git`;
});

afterAll(async () => {
  await registry[Symbol.asyncDispose]();
  git.closeAllConnections();
  git.close();
});

/** Serves a repository whose tag holds what is published, as plain files from which git can clone. */
async function serveRepository(): Promise<Server> {
  const repository = await workplace.folder("repository");
  await cp(packed.folder, repository, { recursive: true });
  const git = gitIn(repository, workplace);
  await git("init", "--quiet");
  await git("add", "--all");
  await git("commit", "--quiet", "--message", "The package");
  await git("tag", `v${packed.version}`);
  await git("update-server-info");
  const server = createServer((request, answer) => {
    const { pathname } = new URL(request.url ?? "/", "http://127.0.0.1");
    readFile(join(repository, pathname.replace("/repository.git", ".git"))).then(
      (content) => answer.end(content),
      () => answer.writeHead(404).end(),
    );
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return server;
}

/** How package.json names the package. */
function dependency({ name: manager }: Manager, way: Way): string {
  const { version, tarball } = packed;
  const ways: Record<Way, string> = {
    registry: version,
    "own scope": `npm:${SCOPED}@${version}`,
    tarball: `file:${tarball}`,
    "git tag": `git+${repository}#v${version}`,
    workspace: manager.startsWith("npm") ? "*" : "workspace:*",
  };
  return ways[way];
}

/** An empty folder in which the manager finds a consumer: the folder to install in, and the consumer's. */
async function writeProject(manager: Manager, way: Way) {
  const root = await workplace.folder(`${manager.name}, ${way}`.replace(/[ ,]+/g, "-"));
  const isMember = way === "workspace";
  const folder = isMember ? join(root, "packages/consumer") : root;
  const dependencies = { [packed.name]: dependency(manager, way) };
  await writeConsumer(folder, { name: "consumer", version: "1.0.0", dependencies });
  await cp(join(consumer, "life.js"), join(folder, "life.js"));
  if (isMember) {
    await cp(packed.folder, join(root, "packages/library"), { recursive: true });
    const manifest = { name: "root", private: true, workspaces: ["packages/*"] };
    await writeFile(join(root, "package.json"), JSON.stringify(manifest));
  }
  await writeFile(join(root, ".npmrc"), `registry=${registry.url}\n`);
  await writeFile(join(root, manager.settings), `${manager.lines(registry.url)}\n`);
  return { root, folder };
}

/** Installs; what the manager refuses by default is refused first, and then allowed by the one setting. */
async function install(manager: Manager, way: Way, root: string): Promise<void> {
  const [program, ...args] = manager.command(tools);
  const quiet = { YARN_ENABLE_TELEMETRY: "0", DENO_NO_UPDATE_CHECK: "1", CI: "" };
  const options = { cwd: root, env: { ...workplace.env, ...quiet }, seconds: 120 };
  const refusal = manager.refuses[way];
  if (refusal) {
    const said = await runToFail(program, [...args, ...manager.install], options);
    expect(said).toMatch(refusal.says);
    const line = refusal.setting.replace("<repository>", repository);
    await appendFile(join(root, refusal.file ?? manager.settings), `${line}\n`);
  }
  await run(program, [...args, ...manager.install], options);
}

describe.each(managers.map((it) => [it.name, it] as const))("by %s", (_, manager) => {
  test.each(manager.ways ?? WAYS)("the package can be pinned: %s", async (way) => {
    const { root, folder } = await writeProject(manager, way);
    await install(manager, way, root);
    const options = manager.nodeOptions && { NODE_OPTIONS: manager.nodeOptions(root) };
    const env = { ...workplace.env, ...options };
    expect(await liveIn(folder, [NODE], env)).toEqual(NODE_FAILURES);
    await run(NODE, ["require.cjs"], { cwd: folder, env });
    // pnpm links no package that the consumer does not name: its declarations can name all the same.
    const isLinked = manager.name.startsWith("pnpm") && way === "registry";
    if (isLinked) await compile(folder, "5.9", { outDir: "compiled" });
  });
});

test("npm builds the repository as a member of a workspace", async () => {
  const root = await workplace.folder("workspace");
  const folder = await workplace.folder("workspace/packages/consumer");
  await copyWorkTree(await workplace.folder("workspace/packages/library"));
  await writeConsumer(root, { workspaces: ["packages/*"] });
  await writeConsumer(folder, { dependencies: { [packed.name]: packed.version } });
  await workplace.npm(["install"], { cwd: root });
  await compile(folder, "5.9", {}, ["life.ts"]);
  expect(await liveIn(folder, [process.execPath], workplace.env)).toEqual(NODE_FAILURES);
});

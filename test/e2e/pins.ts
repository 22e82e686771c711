import { cp, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Checks } from "./checks.js";
import { run } from "./commands.js";
import { checkInstalled, compile, runOnNode, writeConsumer } from "./consumer.js";
import type { Packed } from "./pack.js";
import { startRegistry } from "./registry.js";
import { copyWorkTree, type Workplace } from "./workplace.js";

const TYPESCRIPT = "typescript-5.9";

export interface Pinning {
  readonly checks: Checks;
  readonly workplace: Workplace;
  readonly packed: Packed;
}

async function compileAndRun(folder: string, workplace: Workplace): Promise<void> {
  await compile(folder, TYPESCRIPT);
  await runOnNode(folder, workplace);
}

/** Pinned to a file: returns the consumer's folder. */
export async function pinTarball({ checks, workplace, packed }: Pinning): Promise<string> {
  const folder = await workplace.folder("tarball");
  await writeConsumer(folder);
  await checks.check("tarball: npm install", async () => {
    await workplace.npm(["install", packed.tarball], { cwd: folder });
    return checkInstalled(folder, workplace, packed);
  });
  await checks.check("tarball: compiles and runs", () => compileAndRun(folder, workplace));
  return folder;
}

/** A repository whose tag holds what is published. */
export async function makeRepository(
  { workplace, packed }: Pinning,
  name: string,
): Promise<string> {
  const repository = await workplace.folder(name);
  await cp(packed.folder, repository, { recursive: true });
  const git = (...args: string[]) =>
    run("git", ["-c", "user.name=e2e", "-c", "user.email=e2e@localhost", ...args], {
      cwd: repository,
      env: workplace.env,
    });
  await git("init", "--quiet");
  await git("add", "--all");
  await git("commit", "--quiet", "--message", "The package");
  await git("tag", `v${packed.version}`);
  return repository;
}

/** Pinned to a git tag, which has nothing to run when it is installed. */
export async function pinGitTag(pinning: Pinning): Promise<void> {
  const { checks, workplace, packed } = pinning;
  const folder = await workplace.folder("git-tag");
  const url = `git+file://${await makeRepository(pinning, "repository")}`;
  const pinned = `${url}#v${packed.version}`;
  await writeConsumer(folder);
  await checks.check("git tag: npm install", async () => {
    await workplace.npm(["install", "--strict-allow-scripts", pinned], { cwd: folder });
    return checkInstalled(folder, workplace, packed);
  });
  await checks.check("git tag: compiles and runs", () => compileAndRun(folder, workplace));
}

/** Published, installed, and installed again from the lock file. */
export async function pinVersion({ checks, workplace, packed }: Pinning): Promise<void> {
  const folder = await workplace.folder("registry-consumer");
  const { name, version, tarball, integrity } = packed;
  await using registry = await startRegistry(workplace, name);
  const npm = (...args: string[]) =>
    workplace.npm([...args, "--registry", registry.url], { cwd: folder });
  const ci = async (cache: string) => {
    await rm(join(folder, "node_modules"), { recursive: true });
    await npm("ci", "--cache", await workplace.folder(cache));
    return checkInstalled(folder, workplace, packed);
  };

  await writeConsumer(folder);
  await checks.check("registry: npm publish", async () => {
    await npm("publish", tarball);
  });
  await checks.check("registry: npm install", async () => {
    await npm("install", "--save-exact", `${name}@${version}`);
    const lock = JSON.parse(await readFile(join(folder, "package-lock.json"), "utf8"));
    const locked = lock.packages[`node_modules/${name}`];
    if (!locked.resolved.startsWith(registry.url) || locked.integrity !== integrity) {
      throw new Error(`the lock file has ${JSON.stringify(locked)}`);
    }
    return `${name}@${version} locked`;
  });
  await checks.check("registry: npm ci from the lock file", () => ci("cache-1"));
  await checks.check("registry: compiles and runs", () => compileAndRun(folder, workplace));
  await checks.check("registry: the same version again is refused", async () => {
    // Without --force, npm looks and does not ask.
    const refusal = await npm("publish", "--force", tarball).then(
      () => "it was accepted",
      (error: Error) => error.message,
    );
    const code = /npm error code (E409|EPUBLISHCONFLICT)/.exec(refusal)?.[1];
    if (!code) throw new Error(refusal);
    return code;
  });
  await checks.check("registry: and the first one still installs", () => ci("cache-2"));
}

/** A folder in the team's own repository, linked by npm. */
export async function pinWorkspace({ checks, workplace, packed }: Pinning): Promise<void> {
  const { name, version } = packed;
  const root = await workplace.folder("workspace");
  const folder = await workplace.folder("workspace/packages/consumer");
  await copyWorkTree(await workplace.folder("workspace/packages/library"));
  await writeConsumer(root, { workspaces: ["packages/*"] });
  await writeConsumer(folder, { dependencies: { [name]: version } });
  await checks.check("workspace: npm install", async () => {
    await workplace.npm(["install"], { cwd: root });
  });
  await checks.check("workspace: compiles and runs", () => compileAndRun(folder, workplace));
}

import { readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fakeGh } from "../release/fake-gh.js";
import { type Checks, Skip } from "./checks.js";
import { run } from "./commands.js";
import { compile } from "./consumer.js";
import { writeMortalCommands } from "./one-merge/mortal.js";
import { servePage } from "./one-merge/page.js";
import { type Runner, Workflow } from "./one-merge/workflow.js";
import { nodeOf, ROOT } from "./paths.js";
import { type Registry, startRegistry } from "./registry.js";
import { copyWorkTree, openWorkplace, type Workplace } from "./workplace.js";

/** A field that the page will hardly get. */
const FIELD = "usedInOneMerge";
/** A team's own name for the package: one line of package.json. */
const NAME = "@acme/make-api-tokens";
const TYPESCRIPT = "typescript-5.9";
interface Team {
  readonly workplace: Workplace;
  readonly registry: Registry;
  readonly runner: Runner;
  readonly gh: Awaited<ReturnType<typeof fakeGh>>;
  /** In the bare repository. */
  git(...args: string[]): Promise<string>;
}

/** From a page that got a new field to a consumer who uses it, with one step by hand. */
export async function mergeOnce(checks: Checks): Promise<void> {
  const workplace = await openWorkplace();
  const text = await readFile(join(ROOT, "spec/pages/api-tokens.md"), "utf8");
  await using site = await servePage(text);
  await using registry = await startRegistry(workplace, NAME);
  const team = await foundTeam(workplace, registry, site.url);
  const before = await versionAt(team, "main");

  site.page.text = text.replace(/"created":\s*\{/g, `"${FIELD}":{"type":"string"},$&`);
  let branch = "";
  let version = "";
  let stepsByHand = 0;
  const story: Readonly<Record<string, () => Promise<unknown>>> = {
    "the changed page becomes a pull request": async () => {
      await (await Workflow.read(team.runner, "pull.yml")).run();
      branch = await checkProposal(team, before);
      version = await versionAt(team, branch);
      return `version ${version}`;
    },
    "the pull request passes formatting, types, generate --check and the public types":
      async () => {
        await (await Workflow.read(team.runner, "checks.yml")).run(branch);
      },
    "the merge": async () => {
      await team.git("update-ref", "refs/heads/main", branch);
      stepsByHand++;
    },
    "the release, which dies after each of its steps": () => release(team, version),
    "a consumer has it from the registry, by npm ci": () => installFromRegistry(team, version),
    "a consumer has it from the tag, by npm ci": () => installFromTag(team, version),
    "one step was by hand": async () => {
      if (stepsByHand !== 1) throw new Error(`${stepsByHand}`);
    },
  };
  for (const [what, body] of Object.entries(story)) {
    if (!(await checks.check(`one merge: ${what}`, body))) return;
  }
}

/** A repository of this work tree, under the team's name, and all that its workflows run on. */
async function foundTeam(workplace: Workplace, registry: Registry, url: string): Promise<Team> {
  const origin = await workplace.folder("origin");
  const git = (...args: string[]) =>
    run("git", args, { cwd: origin, env: workplace.env }).then((it) => it.trim());
  await git("init", "--quiet", "--bare", "--initial-branch=main");

  const first = await workplace.folder("first");
  await copyWorkTree(first);
  const inFirst = (...args: string[]) => run("git", args, { cwd: first, env: workplace.env });
  await workplace.npm(["pkg", "set", `name=${NAME}`, "repository=github:acme/tokens"], {
    cwd: first,
  });
  const sources = join(first, "spec/sources.json");
  const { pages, ...others } = JSON.parse(await readFile(sources, "utf8"));
  const own = { pages: [{ ...pages[0], url }], ...others };
  const { format } = await import("prettier");
  await writeFile(sources, await format(JSON.stringify(own), { parser: "json", printWidth: 100 }));
  // Nothing of the team's own is pending, so that the page alone makes the version.
  await writeFile(join(first, "CHANGELOG.md"), "# Changelog\n\n## [Unreleased]\n");
  await inFirst("init", "--quiet");
  await inFirst("add", "--all");
  const author = ["-c", "user.name=team", "-c", "user.email=team@example.com"];
  await inFirst(...author, "commit", "--quiet", "--message", "The team's own");
  await inFirst("push", "--quiet", origin, "HEAD:main");

  const bin = await workplace.folder("bin");
  const gh = await fakeGh(bin);
  const [, token = ""] = /:_authToken=(.*)/.exec(await readFile(workplace.npmrc, "utf8")) ?? [];
  // Only the workflow has it from here on.
  await writeFile(workplace.npmrc, `registry=${workplace.registry}\n`);
  const values = {
    "github.token": "token-of-a-workflow",
    "vars.NPM_REGISTRY": registry.url,
    "secrets.NPM_TOKEN": token,
  };
  const node = await nodeWithTypes();
  const inPlaceOf = {
    "npm ci": (folder: string) => run("cp", ["-R", join(ROOT, "node_modules"), folder]),
    "npm test": (folder: string) => testInPart(folder, workplace),
    "npm run demo": async () => undefined,
    "npm run test:e2e": async () => undefined,
  };
  const runner = { workplace, origin, node, bin, values, inPlaceOf };
  return { workplace, registry, runner, gh, git };
}

/** The folder of a Node that runs TypeScript by itself, as that of the workflows does. */
async function nodeWithTypes(): Promise<string> {
  const program = nodeOf(24);
  await run(program, ["--version"]).catch(() => {
    throw new Skip(`${program} is not there`);
  });
  return dirname(program);
}

/** Of `npm test`, what a new field could turn red: all of it takes minutes. */
async function testInPart(folder: string, { env }: Workplace): Promise<void> {
  const node = (program: string, ...args: string[]) =>
    run(process.execPath, [`node_modules/${program}`, ...args], { cwd: folder, env });
  const written = ["generated", "spec/**/*.json", "package.json", "CHANGELOG.md"];
  const types = "test/project/public-types.test.ts";
  await Promise.all([
    node("prettier/bin/prettier.cjs", "--check", ...written),
    node("typescript/bin/tsc"),
    node("tsx/dist/cli.mjs", "scripts/generate.ts", "--check"),
    node(
      "vitest/vitest.mjs",
      "run",
      "--config",
      "test/vitest.config.ts",
      "--testTimeout=200000",
      types,
    ),
  ]);
}

async function versionAt({ git }: Team, branch: string): Promise<string> {
  return JSON.parse(await git("show", `${branch}:package.json`)).version;
}

/** The one pull request: complete, and with what a consumer must know. Returns its branch. */
async function checkProposal(team: Team, before: string): Promise<string> {
  const { pulls, calls } = await team.gh.read();
  const [pull, ...more] = pulls;
  if (!pull || more.length > 0) throw new Error(`${pulls.length} pull requests`);
  const { branch, body } = pull;
  const version = await versionAt(team, branch);
  expectIn(body, `Bump: minor, version ${before} to ${version}`);
  expectIn(body, `apiTokens[].${FIELD}: optional property added`);
  expectIn(body, "No code has to change to take the new version.");
  expectIn(JSON.stringify(calls), `"workflow","run","checks.yml","--ref","${branch}"`);

  const changed = (await team.git("diff", "--name-only", "main", branch)).split("\n");
  const wanted = [
    ...["CHANGELOG.md", "package.json", "package-lock.json", "spec/released.json"],
    ...["spec/openapi.json", "generated/paths.ts", "test/project/public-types.d.ts.txt"],
  ];
  const missing = wanted.filter((it) => !changed.includes(it));
  if (missing.length > 0) throw new Error(`not in the pull request: ${missing.join(", ")}`);
  expectIn(await team.git("show", `${branch}:CHANGELOG.md`), `## [${version}] - `);
  return branch;
}

/** Each step is the last of a run once; the run after that finds it done, and goes on. */
async function release({ workplace, runner, gh, git }: Team, version: string): Promise<string> {
  // What is on main has passed just before.
  const inPlaceOf = { ...runner.inPlaceOf, "npm test": async () => undefined };
  const workflow = await Workflow.read({ ...runner, inPlaceOf }, "release.yml");
  await workflow.runJob("version");
  await workflow.runJob("package");
  const mortal = await workplace.folder("mortal");
  await writeMortalCommands(mortal);
  for (const step of ["git push", "npm publish", "gh release create"]) {
    const [command = "", ...rest] = step.split(" ");
    const DIE_AFTER = command === "git" ? "push --quiet origin" : [command, ...rest].join(" ");
    const ended = await workflow.runJob("publish", { env: { PATH: mortal, DIE_AFTER } }).then(
      () => "it lived",
      (error: Error) => error.message,
    );
    if (!/exit code 137|ended by SIGKILL/.test(ended)) throw new Error(`${step}: ${ended}`);
  }
  const whole = await git("for-each-ref", "refs/tags");
  const { releases } = await gh.read();
  const printed = await workflow.runJob("publish");
  expectIn(printed, `v${version} is there.`);
  expectIn(printed, `${NAME}@${version} is in the registry.`);
  expectIn(printed, `The GitHub release v${version} is there, with its tarball.`);
  const after = [await git("for-each-ref", "refs/tags"), (await gh.read()).releases];
  if (JSON.stringify(after) !== JSON.stringify([whole, releases])) {
    throw new Error(`after all: ${JSON.stringify(after)}`);
  }
  const { notes = "", assets = [] } = releases[`v${version}`] ?? {};
  expectIn(notes, `apiTokens[].${FIELD}: optional property added`);
  expectIn(JSON.stringify(assets), `acme-make-api-tokens-${version}.tgz`);

  const ran = await workflow.run();
  if (ran.join() !== "version") throw new Error(`once it was released, it ran ${ran.join()}`);
  return Object.keys(releases).join();
}

async function installFromRegistry({ workplace, registry }: Team, version: string): Promise<void> {
  const folder = await workplace.folder("from-registry");
  const npm = (...args: string[]) =>
    workplace.npm([...args, `--@acme:registry=${registry.url}`], { cwd: folder });
  await writeManifest(folder, { [NAME]: version });
  await npm("install", "--package-lock-only");
  await npm("ci");
  await useNewField(folder);
}

async function installFromTag({ workplace, runner }: Team, version: string): Promise<void> {
  const folder = await workplace.folder("from-tag");
  await writeManifest(folder, { [NAME]: `git+file://${runner.origin}#v${version}` });
  await workplace.npm(["install", "--strict-allow-scripts"], { cwd: folder });
  await rm(join(folder, "node_modules"), { recursive: true });
  await workplace.npm(["ci"], { cwd: folder });
  await useNewField(folder);
}

const writeManifest = (folder: string, dependencies: object): Promise<void> =>
  writeFile(
    join(folder, "package.json"),
    JSON.stringify({ private: true, type: "module", dependencies }),
  );

/** The new field is typed, and one that the page does not have is none. */
async function useNewField(folder: string): Promise<void> {
  await writeFile(
    join(folder, "main.ts"),
    `import { type ApiToken, createMakeClient } from "${NAME}";
     export const used = ({ ${FIELD} }: ApiToken): string | undefined => ${FIELD};
     // @ts-expect-error: the page has no such field.
     export const neverUsed = ({ neverUsed }: ApiToken): unknown => neverUsed;
     export const make = createMakeClient({ zone: "eu1", token: "no-token" });`,
  );
  await compile(folder, TYPESCRIPT);
  await run(process.execPath, ["main.js"], { cwd: folder });
}

function expectIn(text: string, part: string): void {
  if (!text.includes(part)) throw new Error(`${part}\nis not in\n${text}`);
}

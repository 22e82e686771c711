import { once } from "node:events";
import { cp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { delimiter, dirname, join } from "node:path";
import { format } from "prettier";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fakeGh, gitHubOf } from "../release/fake-programs.js";
import { run, runToFail } from "./commands.js";
import { compile } from "./consumer.js";
import { type Registry, startRegistry } from "./registry.js";
import { nodeOf, ROOT } from "./tools.js";
import { copyWorkTree, gitIn, openWorkplace } from "./workplace.js";

// From a page that got a new field to a consumer who uses it, with one step by hand: the merge. The
// commands are those of .github/workflows, each on a checkout of its own.

/** A field that the page will hardly get. */
const FIELD = "usedInOneMerge";
/** A team's own name for the package: one line of package.json. */
const NAME = "@acme/make-api-tokens";

const workplace = await openWorkplace();
const origin = await workplace.folder("origin");
const git = gitIn(origin, workplace);
const bin = await workplace.folder("bin");
await fakeGh(bin);
const gh = gitHubOf(bin);
const page = { text: await readFile(join(ROOT, "spec/pages/api-tokens.md"), "utf8") };
const site = createServer((_, response) => {
  response.setHeader("Content-Type", "text/markdown; charset=utf-8").end(page.text);
});
let registry: Registry;
let before: string;
let branch: string;
let version: string;

beforeAll(async () => {
  await once(site.listen(0, "127.0.0.1"), "listening");
  registry = await startRegistry(workplace, NAME);
  // Only the release gets the registry's token.
  await writeFile(workplace.npmrc, `registry=${workplace.registry}\n`);
  await foundTeam();
  before = await versionAt("main");
});
afterAll(async () => {
  site.close();
  site.closeAllConnections();
  await registry[Symbol.asyncDispose]();
});

/** A repository of this work tree, under the team's name, with a page on loopback. */
async function foundTeam(): Promise<void> {
  await git("init", "--quiet", "--bare", "--initial-branch=main");
  const first = await workplace.folder("first");
  await copyWorkTree(first);
  const own = [`name=${NAME}`, "repository=github:acme/tokens"];
  await workplace.npm(["pkg", "set", ...own], { cwd: first });
  // What is not released yet would be a part of the next version.
  const changelog = join(first, "CHANGELOG.md");
  const [head = "", , ...sections] = (await readFile(changelog, "utf8")).split(/^(?=## )/m);
  await writeFile(changelog, [head, "## [Unreleased]\n\n", ...sections].join(""));
  const sources = join(first, "spec/sources.json");
  const { pages, ...others } = JSON.parse(await readFile(sources, "utf8"));
  const url = `http://127.0.0.1:${(site.address() as AddressInfo).port}/api-tokens.md`;
  const text = JSON.stringify({ pages: [{ ...pages[0], url }], ...others });
  await writeFile(sources, await format(text, { parser: "json", printWidth: 100 }));
  const inFirst = gitIn(first, workplace);
  await inFirst("init", "--quiet");
  await inFirst("add", "--all");
  await inFirst("commit", "--quiet", "--message", "The team's own");
  await inFirst("push", "--quiet", origin, "HEAD:main");
}

const versionAt = async (ref: string): Promise<string> =>
  JSON.parse(await git("show", `${ref}:package.json`)).version;

let checkouts = 0;

/** A job's checkout, with or without an installation: `npm ci` would take too long here. */
async function checkOut(ref: string, { installed }: { installed: boolean }): Promise<string> {
  const folder = await workplace.folder(`checkout-${++checkouts}`);
  await git("clone", "--quiet", "--depth=1", `--branch=${ref}`, `file://${origin}`, folder);
  if (installed) await run("cp", ["-R", join(ROOT, "node_modules"), folder]);
  return folder;
}

/** What the jobs with a token are given. `first` is the folder whose commands are found first. */
const tokens = (first: string, dieAfter = "") => ({
  ...workplace.env,
  // A Node that runs TypeScript by itself.
  PATH: [first, bin, dirname(nodeOf(24)), workplace.env["PATH"]].join(delimiter),
  CI: "true",
  GH_TOKEN: "token-of-a-workflow",
  GITHUB_REPOSITORY: "acme/tokens",
  GITHUB_SERVER_URL: "https://git.example.com",
  NPM_REGISTRY: registry.url,
  NPM_TOKEN: registry.token,
  DIE_AFTER: dieAfter,
});

test("the changed page becomes a pull request, whose text is the report", async () => {
  page.text = page.text.replace(/"created":\s*\{/g, `"${FIELD}":{"type":"string"},$&`);
  const saving = await checkOut("main", { installed: true });
  const save = ["run", "-s", "propose", "--", "--save"];
  expect(await workplace.npm(save, { cwd: saving })).toContain("changed=true");
  const opening = await checkOut("main", { installed: false });
  await cp(join(saving, "proposal.patch"), join(opening, "proposal.patch"));
  await run("node", ["scripts/propose.ts", "--open"], { cwd: opening, env: tokens(bin) });

  const [pull, ...others] = await gh.pulls();
  expect(others).toEqual([]);
  branch = pull?.name ?? "";
  version = await versionAt(branch);
  expect(pull?.text).toContain(`Bump: minor, version ${before} to ${version}`);
  expect(pull?.text).toContain(`apiTokens[].${FIELD}: optional property added`);
  const checks = ["workflow", "run", "checks.yml", "--ref", branch];
  expect(await gh.calls()).toContainEqual(checks);
  expect((await git("diff", "--name-only", "main", branch)).split("\n")).toEqual(
    expect.arrayContaining([
      ...["CHANGELOG.md", "package.json", "package-lock.json", "spec/released.json"],
      ...["spec/openapi.json", "generated/paths.ts", "test/project/public-types.d.ts.txt"],
    ]),
  );
  expect(await git("show", `${branch}:CHANGELOG.md`)).toContain(`## [${version}] - `);
});

test("the pull request passes what a new field could turn red of npm test", async () => {
  const cwd = await checkOut(branch, { installed: true });
  const { env } = workplace;
  const node = (program: string, ...args: string[]) =>
    run(process.execPath, [`node_modules/${program}`, ...args], { cwd, env });
  const written = ["generated", "spec/**/*.json", "package.json", "CHANGELOG.md"];
  await node("prettier/bin/prettier.cjs", "--check", ...written);
  await node("typescript/bin/tsc");
  await node("tsx/dist/cli.mjs", "scripts/generate.ts", "--check");
  const types = ["--config", "test/vitest.config.ts", "test/project/public-types"];
  await node("vitest/vitest.mjs", "run", ...types);
});

/** Runs the real command of its name, and then kills whoever called it with these arguments. */
const MORTAL = `#!/bin/sh
PATH=\${PATH#*:}
"\${0##*/}" "$@"
code=$?
case " \${0##*/} $* " in *" $DIE_AFTER "*) [ -z "$DIE_AFTER" ] || kill -KILL $PPID;; esac
exit $code
`;

test("after the merge, a release that dies after each of its steps is finished by the next run", async () => {
  await git("update-ref", "refs/heads/main", branch);
  const main = await checkOut("main", { installed: false });
  const pending = ["scripts/publish-release.ts", "--pending"];
  const isPending = () => run("node", pending, { cwd: main, env: tokens(bin) });
  expect(await isPending()).toContain("pending=true");
  const packing = await checkOut("main", { installed: true });
  await workplace.npm(["run", "package"], { cwd: packing });
  const [tarball = ""] = (await readdir(packing)).filter((it) => it.endsWith(".tgz"));

  const mortal = await workplace.folder("mortal");
  for (const name of ["git", "npm", "gh"]) {
    await writeFile(join(mortal, name), MORTAL, { mode: 0o755 });
  }
  const publish = async (how: typeof run, dieAfter = "") => {
    const cwd = await checkOut("main", { installed: false });
    await cp(join(packing, tarball), join(cwd, tarball));
    return how("node", ["scripts/publish-release.ts"], { cwd, env: tokens(mortal, dieAfter) });
  };
  for (const step of ["push --quiet origin", "npm publish", "gh release create"]) {
    expect(await publish(runToFail, step)).toContain("ended by SIGKILL");
  }
  const state = async () => [await git("for-each-ref", "refs/tags"), await gh.releases()];
  const whole = await state();
  const printed = await publish(run);
  expect(printed).toContain(`v${version} is there.`);
  expect(printed).toContain(`${NAME}@${version} is in the registry.`);
  expect(printed).toContain(`The GitHub release v${version} is there, with its tarball.`);
  expect(await state()).toEqual(whole);
  const [{ text, ...release } = {}, ...others] = await gh.releases();
  expect(text).toContain(`apiTokens[].${FIELD}: optional property added`);
  expect(release).toEqual({ name: `v${version}`, state: { isDraft: false, tarball } });
  expect(others).toEqual([]);
  expect(await isPending()).toContain("pending=false");
});

test.each([
  ["the registry", (): string => version],
  ["the tag", (): string => `git+file://${origin}#v${version}`],
])("a consumer has the new field from %s, by npm ci", async (name, specifier) => {
  const folder = await workplace.folder(`from ${name}`.replaceAll(" ", "-"));
  const npm = (...args: string[]) =>
    workplace.npm([...args, `--@acme:registry=${registry.url}`], { cwd: folder });
  const manifest = { private: true, type: "module", dependencies: { [NAME]: specifier() } };
  await writeFile(join(folder, "package.json"), JSON.stringify(manifest));
  await npm("install");
  await rm(join(folder, "node_modules"), { recursive: true });
  await npm("ci");
  await writeFile(
    join(folder, "main.ts"),
    `import { type ApiToken, createMakeClient } from "${NAME}";
     export const used = ({ ${FIELD} }: ApiToken): string | undefined => ${FIELD};
     // @ts-expect-error: the page has no such field.
     export const neverUsed = ({ neverUsed }: ApiToken): unknown => neverUsed;
     export const make = createMakeClient({ zone: "eu1", token: "no-token" });`,
  );
  await compile(folder, "5.9");
  await run(process.execPath, ["main.js"], { cwd: folder });
});

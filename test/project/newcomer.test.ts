import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writePackage } from "../../scripts/build/package.js";
import manifest from "../../package.json" with { type: "json" };
import { blocks, commands, readme } from "./readme.js";

const run = promisify(execFile);
const [{ code: script } = { code: "" }] = blocks("script");
/** As the README has it, whichever scope package.json names. */
const NAME = "make-api-tokens";
const NAMES = [NAME, `@your-team/${NAME}`];

let folder: string;
let registry: Server;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "newcomer-"));
  const repository = join(folder, "your-team/make-api-tokens.git");
  await mkdir(repository, { recursive: true });
  await writePackage(repository);
  const file = join(repository, "package.json");
  const published = JSON.parse(await readFile(file, "utf8"));
  await writeFile(file, JSON.stringify({ ...published, name: NAME }));
  const { version } = manifest;
  const tarball = join(folder, `${NAME}-${version}.tgz`);
  // npm packs the same in a hundred times the time, and never reads the folder's name.
  const packing = { cwd: dirname(repository) };
  await run("tar", ["-czf", tarball, basename(repository)], packing);

  registry = await serve(await readFile(tarball), version);
  env = {
    PATH: process.env["PATH"],
    HOME: folder,
    npm_config_registry: `http://127.0.0.1:${(registry.address() as AddressInfo).port}/`,
    npm_config_cache: join(folder, "cache"),
    npm_config_audit: "false",
    npm_config_update_notifier: "false",
    // npm 12 takes a git tag no other way, as the README says.
    npm_config_allow_git: "root",
    // The address in the README leads to a folder.
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: `url.${folder}/.insteadOf`,
    GIT_CONFIG_VALUE_0: "ssh://git@git.example.com/",
  };
  await tag(repository, `v${version}`);
}, 120_000);

afterAll(async () => {
  registry.close();
  await rm(folder, { recursive: true });
});

async function tag(repository: string, name: string): Promise<void> {
  const git = (...args: string[]) => run("git", args, { cwd: repository, env });
  const author = ["-c", "user.name=newcomer", "-c", "user.email=newcomer@localhost"];
  await git("init", "--quiet");
  await git("add", "--all");
  await git(...author, "commit", "--quiet", "--message", "The package");
  await git("tag", name);
}

/** All that npm asks of a registry, for one version under each of the names. */
async function serve(packed: Buffer, version: string): Promise<Server> {
  const integrity = `sha512-${createHash("sha512").update(packed).digest("base64")}`;
  const server = createServer(({ url = "", headers }, response) => {
    const name = NAMES.find((it) => `/${it}` === decodeURIComponent(url));
    if (!name) return void response.writeHead(url === "/packed.tgz" ? 200 : 404).end(packed);
    const dist = { tarball: `http://${headers.host}/packed.tgz`, integrity };
    const versions = { [version]: { name, version, dist } };
    response.end(JSON.stringify({ name, "dist-tags": { latest: version }, versions }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

const installed = new Map<string, Promise<string>>();

/** An empty folder in which one of the README's command lines was run, once for all tests. */
function install(line: string): Promise<string> {
  const running = installed.get(line) ?? runIn(join(folder, `empty-${installed.size}`), line);
  installed.set(line, running);
  return running;
}

async function runIn(cwd: string, line: string): Promise<string> {
  await mkdir(cwd);
  const local = line.replace(/\.\/\S+\.tgz/, (name) => join(folder, name));
  await run("sh", ["-c", local], { cwd, env });
  return cwd;
}

describe("a newcomer with an empty folder", () => {
  const lines = commands("install");

  test("has more than one way to install", () => {
    expect(lines.length).toBeGreaterThan(3);
  });

  test.each(lines)(
    "installs by `%s`, and rotates a token",
    async (line) => {
      const cwd = await install(line);
      await writeFile(join(cwd, "rotate.mjs"), script);
      const { stdout, stderr } = await run(process.execPath, ["rotate.mjs"], { cwd, env });
      const token = "[0-9a-f]{8}-\\*{4}-\\*{4}-\\*{4}-\\*{12}";
      const printed = new RegExp(`^the old token: (${token})\nthe new token: (${token})\n$`);
      expect(stdout).toMatch(printed);
      const [, before, after] = printed.exec(stdout) ?? [];
      expect(after).not.toBe(before);
      expect(stderr).toBe("");
      const { dependencies } = JSON.parse(await readFile(join(cwd, "package.json"), "utf8"));
      expect(Object.keys(dependencies)).toEqual([NAME]);
    },
    120_000,
  );

  test("compiles the same file as TypeScript, without any other types", async () => {
    const cwd = await install(lines[0] ?? "");
    const file = join(cwd, "rotate.mts");
    await writeFile(file, script);
    const [, flags = ""] = /`npx tsc (.*) rotate\.mts`/.exec(readme) ?? [];
    const program = ts.createProgram([file], {
      ...ts.parseCommandLine(flags.split(" ")).options,
      noEmit: true,
      strict: true,
      types: [],
      // Only TypeScript's own libraries go unchecked.
      skipDefaultLibCheck: true,
    });
    const messages = ts
      .getPreEmitDiagnostics(program)
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, " "));
    expect(messages).toEqual([]);
  }, 120_000);
});

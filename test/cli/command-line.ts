import { spawn, type StdioOptions } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, onTestFinished } from "vitest";
import { createMakeClient } from "../../src/index.js";
import { startFakeZone } from "../../src/testing/index.js";

const MAIN = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));

/** The Node to test: `TEST_NODE=/path/to/node npx vitest run … test/cli`. */
const NODE = process.env["TEST_NODE"] ?? process.execPath;

/** A store that keeps the secret in the file `$VAULT`. */
export const KEEP = 'cat > "$VAULT"';

/** The same, which says when it has the secret, and ends when it is told to. */
export const KEEP_AND_WAIT = `${KEEP}; : > "$VAULT.begun"; until [ -e "$VAULT.go" ]; do sleep 0.02; done`;

let folder = "";
const inFolder = (name: string): string => join(folder, name);
let files = 0;
const newFile = (): string => inFolder(`file-${++files}`);

/** Makes a folder for the tests of a file, with the command as the build bundles it. */
export function useCommandFolder(): void {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "make-api-tokens-"));
    await build({
      entryPoints: [MAIN],
      outfile: inFolder("cli.mjs"),
      bundle: true,
      platform: "node",
      format: "esm",
      logLevel: "silent",
    });
    await mkdir(inFolder("bin"));
    await writeProgram("make-api-tokens", `exec "${NODE}" "${inFolder("cli.mjs")}" "$@"`);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
}

/** Writes a program that shells of the test find by its name. */
export const writeProgram = (name: string, content: string): Promise<void> =>
  writeFile(inFolder(`bin/${name}`), `#!/bin/sh\n${content}\n`, { mode: 0o755 });

/** Code of others that runs in the process of the command first: the environment for it. */
export async function writeHook(code: string): Promise<NodeJS.ProcessEnv> {
  const file = `${newFile()}.mjs`;
  await writeFile(file, code);
  return { NODE_OPTIONS: `--import ${file}` };
}

interface Surroundings {
  readonly env?: NodeJS.ProcessEnv;
  readonly stdio?: StdioOptions;
}

function start(program: string, args: readonly string[], surroundings: Surroundings) {
  // As a shell starts a job: in a group of its own, to which the terminal sends its signals.
  const stdio: StdioOptions = ["ignore", "pipe", "pipe"];
  const child = spawn(program, args, { detached: true, stdio, ...surroundings });
  const read = async (from: Readable | null) => (from ? text(from) : "");
  const closed = new Promise<number | NodeJS.Signals | null>((resolve) =>
    child.on("close", (code, signal) => resolve(code ?? signal)),
  );
  const outputs = Promise.all([closed, read(child.stdout), read(child.stderr)]);
  /** How it ended, what it printed, and the last line of standard error. */
  const ended = outputs.then(([code, stdout, stderr]) => {
    return { code, stdout, stderr, lastLine: stderr.trimEnd().split("\n").at(-1) };
  });
  return { child, ended };
}

/** A zone, and the command that talks to it. `finished` is that of a test's context. */
export async function startCommandLine(finished = onTestFinished) {
  const zone = await startFakeZone();
  finished(() => zone.close());
  const { apiTokens } = createMakeClient({ baseUrl: zone.baseUrl, token: zone.token });
  /** A file for a store to write to. */
  const vault = newFile();
  const own = {
    PATH: `${inFolder("bin")}:${process.env["PATH"]}`,
    VAULT: vault,
    ZONE: zone.baseUrl,
    MAKE_API_KEY: zone.token,
  };
  const startHere = (args: readonly string[], { env, ...more }: Surroundings = {}) => {
    const all = [inFolder("cli.mjs"), ...args, "--base-url", zone.baseUrl];
    return start(NODE, all, { env: { ...own, ...env }, ...more });
  };
  return {
    ...{ zone, apiTokens, vault, start: startHere },
    run: (...given: Parameters<typeof startHere>) => startHere(...given).ended,
    /** Runs lines of a shell, which finds the command by its name. */
    shell: (lines: string, env?: NodeJS.ProcessEnv) =>
      start("bash", ["-ec", lines], { env: { ...own, ...env } }).ended,
    held: () => readFile(vault, "utf8").catch(() => ""),
    /** The times at which the zone's living tokens were created. */
    alive: () => zone.tokens.map(({ created }) => created),
    methods: () => zone.requests.map(({ method }) => method).join(" "),
  };
}
export type CommandLine = Awaited<ReturnType<typeof startCommandLine>>;

export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await setTimeout(5);
}

import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, onTestFinished, vi } from "vitest";
import { bundleCode, COMMAND } from "../../scripts/build/bundle.js";
import { type FakeZone, startFakeZone } from "../../src/testing/index.js";
import { runHere } from "../commands.js";

const MAIN = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));

/** A store that keeps the secret in the file `$VAULT`. */
export const KEEP = 'cat > "$VAULT"';

let folder: string;

/** Makes a folder for the tests of a file, with the built command and what its stores name in it. */
export function useCommandFolder(): void {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "make-api-tokens-"));
    const files = await bundleCode(COMMAND, "esm");
    await writeFile(join(folder, "cli.mjs"), files.get("cli.js") ?? "");
    await writePrograms();
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
}

/** How a command ended, and what it printed. */
export interface Ended {
  readonly code: number | NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Of standard error. */
  readonly lastLine: string | undefined;
}

export interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

/** A zone, and the command that talks to it. */
export interface CommandLine {
  readonly zone: FakeZone;
  /** A file for a store to write to. */
  readonly vault: string;
  /** The built command, as a process of its own. */
  readonly start: (args: readonly string[], env?: NodeJS.ProcessEnv) => Started;
  /** The same from its source, in this process, one at a time. */
  readonly run: (args: readonly string[], env?: NodeJS.ProcessEnv) => Promise<Ended>;
  /** Without the zone's address. */
  readonly runBare: (args: readonly string[], env?: NodeJS.ProcessEnv) => Promise<Ended>;
  /** A line of a shell that finds the command and its stores by their names. */
  readonly shell: (line: string) => Promise<Ended>;
}

let vaults = 0;

export const inFolder = (name: string): string => join(folder, name);

/** Writes a program into the test's folder, and returns its path. */
export async function writeProgram(name: string, content: string): Promise<string> {
  await mkdir(inFolder("bin"), { recursive: true });
  await writeFile(inFolder(`bin/${name}`), `#!/bin/sh\n${content}\n`, { mode: 0o755 });
  return inFolder(`bin/${name}`);
}

/** Programs that a documented command line names. Each keeper of secrets keeps them in `$VAULT`. */
async function writePrograms(): Promise<void> {
  const command = `exec "${process.execPath}" "${inFolder("cli.mjs")}" "$@"`;
  await writeProgram("make-api-tokens", command);
  await writeProgram("npx", `shift 2; ${command} --base-url "$ZONE"`);
  await writeProgram("gh", `[ "$*" = "secret set MAKE_API_KEY" ] && ${KEEP}`);
  await writeProgram("vault", `[ "$*" = "kv put secret/make api_key=-" ] && ${KEEP}`);
}

function start(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Started {
  // As a shell starts a job: in a group of its own, to which the terminal sends its signals.
  const child = spawn(program, args, { env, detached: true });
  const outputs = Promise.all(
    [child.stdout, child.stderr].map((it) => text(it).catch(() => "it was closed")),
  );
  const closed = new Promise<Ended["code"]>((resolve) =>
    child.on("close", (code, signal) => resolve(code ?? signal)),
  );
  const ended = closed.then(async (code) => {
    const [stdout = "", stderr = ""] = await outputs;
    return { code, stdout, stderr, lastLine: stderr.trimEnd().split("\n").at(-1) };
  });
  return { child, ended };
}

async function runFromSource(args: readonly string[], env: NodeJS.ProcessEnv): Promise<Ended> {
  // Backoff is random from nothing on.
  const random = vi.spyOn(Math, "random").mockReturnValue(0);
  const { code, ...said } = await runHere(MAIN, args, { env });
  random.mockRestore();
  return { code: Number(code), ...said };
}

/** `finished`: where tests run at the same time, that of their context. */
export async function startCommandLine(finished = onTestFinished): Promise<CommandLine> {
  const zone = await startFakeZone();
  finished(() => zone.close());
  const vault = inFolder(`vault-${++vaults}`);
  const environment = {
    PATH: `${inFolder("bin")}:${process.env["PATH"]}`,
    VAULT: vault,
    ZONE: zone.baseUrl,
    MAKE_API_KEY: zone.token,
  };
  const here = ["--base-url", zone.baseUrl];
  const runBare: CommandLine["run"] = (args, env) =>
    runFromSource(args, { ...environment, ...env });
  return {
    zone,
    vault,
    start: (args, env) =>
      start(process.execPath, [inFolder("cli.mjs"), ...args, ...here], { ...environment, ...env }),
    run: (args, env) => runBare([...args, ...here], env),
    runBare,
    shell: (line) => start("sh", ["-c", line], environment).ended,
  };
}

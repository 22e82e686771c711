import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, onTestFinished } from "vitest";
import { bundleCode } from "../../scripts/build/code.js";
import { COMMAND } from "../../scripts/build/entries.js";
import { type FakeZone, startFakeZone } from "../../src/testing/index.js";

/** Backoff is random from nothing on. */
const AT_ONCE = ["--import", "data:text/javascript,Math.random = () => 0"];

/** A store that keeps the secret in the file `$VAULT`. */
export const KEEP = 'cat > "$VAULT"';

/** A folder of this test file, with the built command in it. */
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "make-api-tokens-"));
  const { files } = await bundleCode(COMMAND, "esm");
  await writeFile(join(folder, "cli.mjs"), files.get("cli.js") ?? "");
  await writePrograms();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

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

/** A zone, and the command as a process that talks to it. */
export interface CommandLine {
  readonly zone: FakeZone;
  /** A file for a store to write to. */
  readonly vault: string;
  readonly start: (args: readonly string[], env?: NodeJS.ProcessEnv) => Started;
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

export async function startCommandLine(): Promise<CommandLine> {
  const zone = await startFakeZone();
  onTestFinished(() => zone.close());
  const vault = inFolder(`vault-${++vaults}`);
  const environment = {
    PATH: `${inFolder("bin")}:${process.env["PATH"]}`,
    VAULT: vault,
    ZONE: zone.baseUrl,
    MAKE_API_KEY: zone.token,
  };
  const startBare: CommandLine["start"] = (args, env) =>
    start(process.execPath, [...AT_ONCE, inFolder("cli.mjs"), ...args], { ...environment, ...env });
  const startHere: CommandLine["start"] = (args, env) =>
    startBare([...args, "--base-url", zone.baseUrl], env);
  return {
    zone,
    vault,
    start: startHere,
    run: (args, env) => startHere(args, env).ended,
    runBare: (args, env) => startBare(args, env).ended,
    shell: (line) => start("sh", ["-c", line], environment).ended,
  };
}

import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { Console } from "node:console";
import { mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, type Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { vi } from "vitest";

const inRoot = (name: string): string => fileURLToPath(new URL(`../${name}`, import.meta.url));
const scriptOf = (command: string): string => inRoot(`scripts/${command}.ts`);

/** The end of a command: its exit code or the signal that ended it, and what it said. */
export interface Outcome {
  code: number | string | null | undefined;
  stdout: string;
  stderr: string;
  /** Of standard error. */
  lastLine: string | undefined;
}

/** Runs a command of the package in a process of its own. */
export async function start(
  command: string,
  args: readonly string[],
  { cwd, nodeArgs = [] }: { cwd?: string; nodeArgs?: readonly string[] } = {},
): Promise<Outcome> {
  const folder = await mkdtemp(join(tmpdir(), "command-"));
  const [file] = await writeBundles(folder, command);
  const child = spawn(process.execPath, [...nodeArgs, file ?? "", ...args], {
    cwd,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const end = new Promise<Outcome["code"]>((done) =>
    child.on("close", (code, signal) => done(code ?? signal)),
  );
  const ended = await outcome(end, child.stdout, child.stderr);
  await rm(folder, { recursive: true });
  return ended;
}

/**
 * Writes each of the commands to a folder as one file, `<command>.mjs`, which starts in half the
 * time that tsx takes for the source.
 */
export async function writeBundles(folder: string, ...commands: string[]): Promise<string[]> {
  await symlink(inRoot("node_modules"), join(folder, "node_modules"));
  await build({
    entryPoints: commands.map(scriptOf),
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
  });
  return commands.map((command) => join(folder, `${command}.mjs`));
}

/** Runs a command in this process, one at a time: to start another takes a second. */
export const call = (command: string, args: readonly string[], own?: Own): Promise<Outcome> =>
  runHere(scriptOf(command), args, own);

/** The parts of `process` that a program has for itself. */
type Own = Partial<Pick<NodeJS.Process, "env" | "execPath">>;

/** Runs a program in this process, one at a time. It gets no signals. */
export async function runHere(
  file: string,
  args: readonly string[],
  own: Own = {},
): Promise<Outcome> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const { argv } = process;
  const itself = { __proto__: process, ...own, stdout, stderr, exitCode: 0, on: () => itself };
  process.argv = [process.execPath, file, ...args];
  vi.stubGlobal("process", itself);
  vi.stubGlobal("console", new Console(stdout, stderr));
  try {
    // A new address each time, so that it runs again.
    await import(/* @vite-ignore */ `${file}?run=${randomUUID()}`);
  } finally {
    vi.unstubAllGlobals();
    process.argv = argv;
  }
  return outcome(itself.exitCode, stdout.end(), stderr.end());
}

async function outcome(
  end: Outcome["code"] | Promise<Outcome["code"]>,
  ...streams: [stdout: Readable, stderr: Readable]
): Promise<Outcome> {
  const [stdout, stderr] = [text(streams[0]), text(streams[1])];
  const lastLine = (await stderr).trimEnd().split("\n").at(-1);
  return { code: await end, stdout: await stdout, stderr: await stderr, lastLine };
}

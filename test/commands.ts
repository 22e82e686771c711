import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { Console } from "node:console";
import { PassThrough, type Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { vi } from "vitest";

const tsx = import.meta.resolve("tsx");
const scriptOf = (command: string): string =>
  fileURLToPath(new URL(`../scripts/${command}.ts`, import.meta.url));

/** What a command leaves behind: its exit code or the signal that ended it, and what it said. */
export interface Outcome {
  code: number | string | null | undefined;
  stdout: string;
  stderr: string;
  /** Of standard error. */
  lastLine: string | undefined;
}

/** Runs a command of the package as a maintainer would. */
export async function start(
  command: string,
  args: readonly string[],
  { cwd, nodeArgs = [] }: { cwd?: string; nodeArgs?: readonly string[] } = {},
): Promise<Outcome> {
  const nodeAndScript = ["--import", tsx, ...nodeArgs, scriptOf(command)];
  const child = spawn(process.execPath, [...nodeAndScript, ...args], {
    cwd,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const end = new Promise<Outcome["code"]>((done) =>
    child.on("close", (code, signal) => done(code ?? signal)),
  );
  return outcome(end, child.stdout, child.stderr);
}

/** The same in this process, one at a time: to start another takes a second. */
export async function call(command: string, args: readonly string[]): Promise<Outcome> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const { argv } = process;
  const itself = { __proto__: process, stdout, stderr, exitCode: 0 };
  process.argv = [process.execPath, command, ...args];
  vi.stubGlobal("process", itself);
  vi.stubGlobal("console", new Console(stdout, stderr));
  try {
    // A new address each time, so that the script runs again.
    await import(/* @vite-ignore */ `${scriptOf(command)}?call=${randomUUID()}`);
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

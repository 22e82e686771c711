import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Seconds until it is killed. Default: 240. */
  readonly seconds?: number;
}

const alive = new Set<ChildProcess>();

/** A process and its children: each command leads a group of its own. */
function kill(child: ChildProcess): void {
  try {
    if (child.pid) process.kill(-child.pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}

let isWatched = false;

/** Whatever is still running ends with this process. */
function endTogether(): void {
  if (isWatched) return;
  isWatched = true;
  process.once("exit", () => alive.forEach(kill));
  process.once("SIGINT", () => process.exit(130));
  process.once("SIGTERM", () => process.exit(143));
}

function begin(command: string, args: readonly string[], { cwd, env }: CommandOptions) {
  const child = spawn(command, args, {
    cwd,
    env: env ?? process.env,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  alive.add(child);
  endTogether();
  const output = { stdout: "", all: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output.stdout += text;
    output.all += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => (output.all += text));
  const ended = once(child, "close").finally(() => alive.delete(child));
  return { child, output, ended };
}

/**
 * Runs a command to its end, and returns its standard output.
 *
 * @throws Error with all its output where it fails
 */
export async function run(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<string> {
  const { child, output, ended } = begin(command, args, options);
  const { seconds = 240 } = options;
  const timer = setTimeout(() => kill(child), seconds * 1000);
  const [code, signal] = await ended.finally(() => clearTimeout(timer));
  if (code === 0) return output.stdout;
  const why = signal ? `ended by ${signal}, or after ${seconds} s` : `exit code ${code}`;
  throw new Error(`${[command, ...args].join(" ")}\n${why}\n${output.all}`);
}

/** A command that serves until it is disposed of. */
export interface Server extends AsyncDisposable {
  /** What `ready` found. */
  readonly found: string;
}

/** Starts a server and waits until its output matches: the first group, or all of it, is found. */
export async function serve(
  command: string,
  args: readonly string[],
  ready: RegExp,
  options: CommandOptions = {},
): Promise<Server> {
  const { child, output, ended } = begin(command, args, options);
  const { seconds = 60 } = options;
  let hasEnded = false;
  const end = ended.then(
    () => (hasEnded = true),
    () => (hasEnded = true),
  );
  const dispose = async (): Promise<void> => {
    kill(child);
    await end;
  };
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const [all, group] = ready.exec(output.all) ?? [];
    if (all !== undefined) return { found: group ?? all, [Symbol.asyncDispose]: dispose };
    if (hasEnded || Date.now() > deadline) {
      await dispose();
      throw new Error(`${[command, ...args].join(" ")}\nnever said ${ready}\n${output.all}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** A port of loopback that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

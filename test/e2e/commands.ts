import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Seconds until it is killed. Default: 240. */
  readonly seconds?: number;
}

const alive = new Set<ChildProcess>();

/** Ends a command and its children: each command leads a group of its own. */
function kill({ pid }: ChildProcess): void {
  try {
    if (pid) process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}

// Whatever is still running ends with this process.
process.once("exit", () => alive.forEach(kill));
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(130));

function begin(command: string, args: readonly string[], options: CommandOptions) {
  const { cwd, env = process.env, seconds = 240 } = options;
  const child = spawn(command, args, {
    cwd,
    env,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  alive.add(child);
  const timer = setTimeout(kill, seconds * 1000, child);
  const output = { stdout: "", all: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output.stdout += text;
    output.all += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => (output.all += text));
  const ended = once(child, "close").finally(() => {
    clearTimeout(timer);
    alive.delete(child);
  });
  const failure = (why: string): Error =>
    new Error(`${[command, ...args].join(" ")}\n${why}\n${output.all}`);
  return { child, output, ended, failure };
}

/**
 * Runs a command to its end, and returns its standard output.
 *
 * @throws {Error} with all its output where it fails
 */
export async function run(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<string> {
  const { output, ended, failure } = begin(command, args, options);
  const [code, signal] = await ended;
  if (code !== 0) throw failure(signal ? `ended by ${signal}` : `exit code ${code}`);
  return output.stdout;
}

/** The same for a command that has to fail: all that it printed. */
export const runToFail = (...args: Parameters<typeof run>): Promise<string> =>
  run(...args).then(
    (printed) => `It succeeded:\n${printed}`,
    (error: Error) => error.message,
  );

/** Starts a server, and waits until its output matches: the first group is found. */
export async function serve(
  command: string,
  args: readonly string[],
  ready: RegExp,
  options: CommandOptions = {},
): Promise<AsyncDisposable & { readonly found: string }> {
  const { child, output, ended, failure } = begin(command, args, { seconds: 600, ...options });
  const found = new Promise<string>((resolve, reject) => {
    const look = (): void => {
      const match = ready.exec(output.all);
      if (match) resolve(match[1] ?? match[0]);
    };
    child.stdout.on("data", look);
    child.stderr.on("data", look);
    ended.finally(() => reject(failure(`ended before it said ${ready}`))).catch(reject);
  });
  const dispose = async (): Promise<void> => {
    kill(child);
    await ended;
  };
  return { found: await found, [Symbol.asyncDispose]: dispose };
}

/** A port of loopback that nobody listens on. */
export async function freePort(): Promise<string> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return `${port}`;
}

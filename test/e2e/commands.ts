import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Seconds until it is killed. Default: 240. */
  readonly seconds?: number;
}

// So that what is still running ends with this process, however that ends.
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(130));

/** Starts a command as the leader of a group, so that its children end with it. */
export function begin(command: string, args: readonly string[], options: CommandOptions) {
  const { seconds = 240, ...others } = options;
  const child = spawn(command, args, {
    ...others,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const kill = (): void => {
    if (child.exitCode === null && child.pid) process.kill(-child.pid, "SIGKILL");
  };
  const timer = setTimeout(kill, seconds * 1000);
  process.once("exit", kill);
  const output = { stdout: "", all: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output.stdout += text));
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => (output.all += text));
  }
  const ended = once(child, "close").finally(() => {
    clearTimeout(timer);
    process.off("exit", kill);
  });
  const failure = (why: string): Error =>
    new Error(`${[command, ...args].join(" ")}\n${why}\n${output.all}`);
  return { child, kill, timer, output, ended, failure };
}

/** Runs a command to its end, and returns its standard output; an error has all its output. */
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

/** Starts a server, and waits until its output matches: the first group is found. It has no limit then. */
export async function serve(
  command: string,
  args: readonly string[],
  ready: RegExp,
  options: CommandOptions = {},
): Promise<AsyncDisposable & { readonly found: string }> {
  const { child, kill, timer, output, ended, failure } = begin(command, args, options);
  const found = new Promise<string>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", () => {
        const [all, group = all] = ready.exec(output.all) ?? [];
        if (group !== undefined) resolve(group);
      });
    }
  });
  const early = ended.then(() => Promise.reject(failure(`never said ${ready}`)));
  const result = await Promise.race([found, early]);
  clearTimeout(timer);
  const dispose = async (): Promise<void> => {
    kill();
    await early.catch(() => {});
  };
  return { found: result, [Symbol.asyncDispose]: dispose };
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

import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { promisify } from "node:util";
import { Refusal } from "./refusal.ts";
import { printable } from "./text.ts";

interface Options {
  cwd: string;
  env?: NodeJS.ProcessEnv;
  input?: string;
}

interface RunOptions extends Options {
  /** If it fails, after what it says: what the reader is to do. */
  remedy?: string;
}

/** How a command ended. */
export interface Ended {
  readonly ok: boolean;
  /** Without the white space around it. */
  readonly stdout: string;
  /** The complaint of a command that failed, without the secrets of this process. */
  readonly complaint: string;
}

/** Variables that hold a secret. */
const SECRETS = ["GH_TOKEN", "NPM_TOKEN"];

/** The environment of this process for a command that needs none of these variables. */
export const environmentWithout = (...names: string[]): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !names.includes(name)));

/** Runs a command to its end, whatever that is. No shell reads its arguments. */
export async function attempt(
  command: string,
  args: readonly string[],
  { input = "", ...options }: Options,
): Promise<Ended> {
  const running = promisify(execFile)(command, args, { ...options, maxBuffer: 2 ** 26 });
  // A command may end without reading it: the reason follows below.
  running.child.stdin?.on("error", () => undefined).end(input);
  try {
    return { ok: true, stdout: (await running).stdout.trim(), complaint: "" };
  } catch (error) {
    if (isNotStarted(error)) throw missing(existsSync(options.cwd) ? command : options.cwd);
    const { stdout = "", stderr = "", message } = error as Error & Partial<Record<string, string>>;
    return {
      ok: false,
      stdout: stdout.trim(),
      complaint: withoutSecrets(stderr.trim() || stdout.trim() || String(message)),
    };
  }
}

/** The program, or the folder that it is to run in. */
const missing = (name: string): Refusal =>
  new Refusal(
    `${printable(name)} is not there.`,
    "Install the program and put it into PATH, or name the right folder by --root, then run the same command again.",
  );

const isNotStarted = (error: unknown): boolean =>
  error instanceof Error &&
  "code" in error &&
  error.code === "ENOENT" &&
  "syscall" in error &&
  String(error.syscall).startsWith("spawn");

/** The output of a command; a Refusal with its complaint, if it fails. */
export async function run(
  command: string,
  args: readonly string[],
  { remedy = "Mend what is said above, then run the same command again.", ...options }: RunOptions,
): Promise<string> {
  const { ok, stdout, complaint } = await attempt(command, args, options);
  if (ok) return stdout;
  throw new Refusal(complaint, remedy);
}

/** Masks secrets, and the user in an address. */
function withoutSecrets(text: string): string {
  const secrets = SECRETS.flatMap((name) => process.env[name] ?? []).filter((it) => it !== "");
  return secrets
    .reduce((masked, secret) => masked.replaceAll(secret, "***"), text)
    .replace(/\/\/[^\s/@]+@/g, "//***@");
}

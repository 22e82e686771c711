import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { Refusal } from "./refusal.ts";

interface Options {
  cwd: string;
  env?: NodeJS.ProcessEnv;
  input?: string;
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
    const { stdout = "", stderr = "", message } = error as Error & Partial<Record<string, string>>;
    return {
      ok: false,
      stdout: stdout.trim(),
      complaint: withoutSecrets(stderr.trim() || stdout.trim() || String(message)),
    };
  }
}

/** The output of a command; a Refusal with its complaint, if it fails. */
export async function run(
  command: string,
  args: readonly string[],
  options: Options,
): Promise<string> {
  const { ok, stdout, complaint } = await attempt(command, args, options);
  if (ok) return stdout;
  throw new Refusal(complaint, "Mend what is said above, then run the same command again.");
}

/** Masks secrets, and the user in an address. */
function withoutSecrets(text: string): string {
  const secrets = SECRETS.flatMap((name) => process.env[name] ?? []).filter((it) => it !== "");
  return secrets
    .reduce((masked, secret) => masked.replaceAll(secret, "***"), text)
    .replace(/\/\/[^\s/@]+@/g, "//***@");
}

import { execFile } from "node:child_process";
import { Refusal } from "./refusal.ts";

interface Options {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly input?: string;
}

/**
 * Runs a program to its end, whatever that is. No shell reads its arguments. `complaint` is what a
 * program that failed says, without the secrets of this process.
 */
export const attempt = (
  program: string,
  args: readonly string[],
  { input = "", ...options }: Options,
): Promise<{ ok: boolean; stdout: string; complaint: string }> =>
  new Promise((resolve) => {
    const child = execFile(program, args, { ...options, maxBuffer: 2 ** 26 }, (error, ...said) => {
      const [stdout, stderr] = said;
      const complaint = error ? masked(stderr.trim() || stdout.trim() || error.message) : "";
      resolve({ ok: error === null, stdout, complaint });
    });
    // A program may end without reading it: the callback has the reason.
    child.stdin?.on("error", () => undefined).end(input);
  });

/** What a program prints, without the end of its last line; a Refusal if it fails. */
export async function run(
  program: string,
  args: readonly string[],
  options: Options,
  remedy = "Fix what is said above, then run the same command again.",
): Promise<string> {
  const { ok, stdout, complaint } = await attempt(program, args, options);
  if (ok) return stdout.replace(/\r?\n$/, "");
  throw new Refusal(complaint, remedy);
}

/** Without the secrets of this process, and the user in an address. */
function masked(text: string): string {
  const { GH_TOKEN = "", NPM_TOKEN = "" } = process.env;
  const secrets = [GH_TOKEN, NPM_TOKEN].filter(Boolean);
  const rest = secrets.reduce((left, secret) => left.replaceAll(secret, "***"), text);
  return rest.replace(/\/\/[^\s/@]+@/g, "//***@");
}

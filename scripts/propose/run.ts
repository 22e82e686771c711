import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { Refusal } from "../lib/refusal.js";

interface Options {
  cwd: string;
  env?: NodeJS.ProcessEnv;
  input?: string;
}

/** What a command prints; what it complains about where it fails. No shell reads its arguments. */
export async function run(
  command: string,
  args: readonly string[],
  { input = "", ...options }: Options,
): Promise<string> {
  const running = promisify(execFile)(command, args, { ...options, maxBuffer: 2 ** 26 });
  // Where a command ends without reading it, the reason follows below.
  running.child.stdin?.on("error", () => undefined).end(input);
  try {
    return (await running).stdout.trim();
  } catch (error) {
    const { stderr = "", message } = error as Error & { stderr?: string };
    throw new Refusal(
      stderr.trim() || message,
      "Mend what is said above, then run `npm run propose` again.",
      { cause: error },
    );
  }
}

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { type CreatedApiToken, NotStoredError } from "../index.js";
import type { Values } from "./usage.js";

/** EX_TEMPFAIL of sysexits.h. */
const NOTHING_WRITTEN = 75;

/** How long a command has to end itself, and its last words to arrive. */
const GRACE_MS = 2000;

const isWindows = process.platform === "win32";

/**
 * Gives the command a real pipe, which can be opened as `/dev/stdin`: Node's own is a socket. The
 * secret is read up to a newline, so that the command starts only with the whole of it. A `printf`
 * that is no builtin would show it as an argument. The trap lets the command end first on SIGTERM.
 */
const SCRIPT = `trap : TERM
IFS= read -r secret && [ "$(command -v printf)" = printf ] || exit ${NOTHING_WRITTEN}
printf %s "$secret" | exec /bin/sh -c "$1"`;

/** Starts the command in a session of its own, which no signal of the terminal reaches. */
async function start(command: string, { created, label }: CreatedApiToken) {
  const [program, args] = isWindows ? [command, []] : ["/bin/sh", ["-c", SCRIPT, "sh", command]];
  // With SHELLOPTS, bash as /bin/sh might print the secret (xtrace) or export it (allexport).
  const without = { MAKE_API_KEY: undefined, SHELLOPTS: undefined };
  const own = { MAKE_TOKEN_CREATED: created, MAKE_TOKEN_LABEL: label };
  const child = spawn(program, args, {
    shell: isWindows,
    detached: !isWindows,
    windowsHide: true,
    env: { ...process.env, ...without, ...own },
  });
  await once(child, "spawn");
  return child;
}

/** Sends a signal to the command and to whatever it has started. */
function kill({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (pid) process.kill(isWindows ? pid : -pid, signal);
  } catch {
    // The processes have ended already.
  }
}

/** Says how the command ended by itself, or that it was ended. */
async function endOf(child: ChildProcess, timeoutMs: number): Promise<string> {
  let end = "";
  const stop = () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    end = `was ended after ${timeoutMs / 1000} s`;
    kill(child, "SIGTERM");
    setTimeout(kill, GRACE_MS, child, "SIGKILL").unref();
  };
  // Where this process was suspended, it learns of an end only after the time is up.
  const timer = setTimeout(() => setImmediate(stop), timeoutMs);
  const [code, killedBy] = await once(child, "exit");
  clearTimeout(timer);
  if (end) kill(child, "SIGKILL");
  else end = code === null ? `was ended by ${killedBy}` : `exited with ${code}`;
  return end;
}

/**
 * Resolves once the user's command has stored a secret. `show` is given each line that it prints.
 *
 * @throws NotStoredError if nothing was written, or the command did not start; Error if nobody knows
 */
export async function runStore(
  token: CreatedApiToken,
  { store: command = "", timeout = "60" }: Values,
  show: (line: string) => void,
): Promise<void> {
  const child = await start(command, token).catch((error) => {
    throw new NotStoredError(`the store could not be started (${error?.code})`);
  });
  const { stdin, stdout, stderr } = child;
  const closed = once(child, "close");
  for (const input of [stdout, stderr]) createInterface({ input }).on("line", show);
  // A store that reads nothing is judged by its exit code too.
  stdin.on("error", () => {}).end(isWindows ? token.token : `${token.token}\n`);
  const end = await endOf(child, +timeout * 1000);
  // A process that the command has left behind may keep its pipes open.
  const timer = setTimeout(() => [stdin, stdout, stderr].map((it) => it.destroy()), GRACE_MS);
  await closed;
  clearTimeout(timer);
  if (child.exitCode === NOTHING_WRITTEN)
    throw new NotStoredError(`the store ${end}, and wrote nothing`);
  if (end !== "exited with 0") throw new Error(`the store ${end}`);
}

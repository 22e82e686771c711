import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { type CreatedApiToken, NotStoredError } from "../index.js";
import { passThrough } from "./pass-through.js";

/** A command that keeps a secret, and how it is run. */
export interface Store {
  /** For the user's shell. */
  readonly command: string;
  readonly timeoutMs: number;
  /** Ends the command before its time. */
  readonly signal: AbortSignal;
  readonly mask: (text: string) => string;
  readonly write: (text: string) => unknown;
}

/** EX_TEMPFAIL of sysexits.h. */
const NOTHING_WRITTEN = 75;

/** How long a command has to end itself, and its last words to arrive. */
const GRACE_MS = 2000;

const isWindows = process.platform === "win32";

/** Starts the command in a session of its own, which Ctrl-C in the terminal does not end half way. */
async function start(command: string, { created, label }: CreatedApiToken) {
  const environment = Object.entries(process.env).filter(([name]) => !/^MAKE_API_KEY$/i.test(name));
  const child = spawn(command, {
    shell: true,
    detached: !isWindows,
    windowsHide: true,
    env: {
      ...Object.fromEntries(environment),
      // No environment can hold a NUL.
      MAKE_TOKEN_CREATED: created.replaceAll("\0", ""),
      MAKE_TOKEN_LABEL: label.replaceAll("\0", ""),
    },
  });
  await once(child, "spawn");
  return child;
}

/** Sends a signal to the command and to whatever it has started. */
function kill({ pid }: ChildProcessWithoutNullStreams, signal: NodeJS.Signals): void {
  try {
    if (pid) process.kill(isWindows ? pid : -pid, signal);
  } catch {
    // The process has ended already.
  }
}

/** Says how the command ended by itself, or why it was ended. */
async function endOf(child: ChildProcessWithoutNullStreams, { timeoutMs, signal }: Store) {
  const stop = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  const end = () => {
    kill(child, "SIGTERM");
    setTimeout(kill, GRACE_MS, child, "SIGKILL").unref();
  };
  stop.addEventListener("abort", end);
  const [code, killedBy] = await once(child, "exit");
  stop.removeEventListener("abort", end);
  if (!stop.aborted || code === NOTHING_WRITTEN)
    return code === null ? `was ended by ${killedBy}` : `exited with ${code}`;
  kill(child, "SIGKILL");
  return signal.aborted ? "was ended by a signal" : `was ended after ${timeoutMs / 1000} s`;
}

/**
 * Gives a secret to a command's standard input. It resolves once the command says that the secret is
 * stored.
 *
 * @throws NotStoredError if nothing was written: the command says so, or did not start
 * @throws Error if nobody knows
 */
export async function runStore(token: CreatedApiToken, store: Store): Promise<void> {
  if (store.signal.aborted) throw new NotStoredError("the store was not started");
  const child = await start(store.command, token).catch((error) => {
    throw new NotStoredError(`the store could not be started (${error?.code})`);
  });
  const { stdin, stdout, stderr } = child;
  const printed = [stdout, stderr].map((it) => passThrough(it, store.mask, store.write));
  const delivery = new Promise<boolean>((resolve) => {
    stdin.on("error", () => resolve(false));
    // A write that the end of the process has cut off has no error.
    stdin.write(token.token, (error) => resolve(!error && !stdin.destroyed));
    stdin.end();
  });

  const end = await endOf(child, store);
  // A process that the command has left behind may keep its pipes open.
  const timer = setTimeout(() => [stdin, stdout, stderr].map((it) => it.destroy()), GRACE_MS);
  await Promise.all(printed);
  clearTimeout(timer);

  if (child.exitCode === NOTHING_WRITTEN)
    throw new NotStoredError(`the store ${end}: nothing was written`);
  if (end !== "exited with 0") throw new Error(`the store ${end}`);
  if (!(await delivery)) throw new Error("the store exited with 0, but closed its input unread");
}

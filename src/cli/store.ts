import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";
import { type CreatedApiToken, NotStoredError } from "../index.js";
import { say } from "./output.js";
import type { Values } from "./usage.js";

const isWindows = process.platform === "win32";

/**
 * `read` waits for an empty line, which comes in one piece with the secret: if this process is killed
 * before, no store begins. `cat` makes a pipe, which can be opened as `/dev/stdin`: Node's own is a
 * socket.
 */
const SCRIPT = 'read -r _ && cat | /bin/sh -c "$1"';

/** Starts the command in a session of its own, which no signal of the terminal reaches. */
async function start(command: string, { token, created, label }: CreatedApiToken) {
  const [program, args] = isWindows ? [command, []] : ["/bin/sh", ["-c", SCRIPT, "sh", command]];
  const own = { MAKE_TOKEN_CREATED: created, MAKE_TOKEN_LABEL: label, MAKE_API_KEY: undefined };
  const child = spawn(program, args, {
    shell: isWindows,
    detached: !isWindows,
    windowsHide: true,
    env: { ...process.env, ...own },
  });
  // One that reads nothing is judged by its exit code too.
  child.stdin.on("error", () => {}).end(isWindows ? token : `\n${token}`);
  await once(child, "spawn");
  return child;
}

/** Ends the command and whatever it has started. */
function kill({ pid }: ChildProcess, timeout: string): void {
  say(`the store takes longer than ${timeout} s, and is ended`);
  try {
    process.kill(isWindows ? Number(pid) : -Number(pid), "SIGKILL");
  } catch {
    // The processes have ended already.
  }
}

/**
 * Resolves once the user's command has stored a secret.
 *
 * @throws NotStoredError if nothing was written, or the command did not start; Error if nobody knows
 */
export async function store(token: CreatedApiToken, values: Values): Promise<void> {
  say(`waiting for the store of the token created ${token.created}`);
  const { store: command = "", timeout = "60" } = values;
  const child = await start(command, token).catch((error) => {
    throw new NotStoredError(`the store could not be started (${error?.code})`);
  });
  for (const input of [child.stdout, child.stderr]) createInterface({ input }).on("line", say);
  const closed = once(child, "close");

  // Where this process was suspended, it learns of an end only after the time is up.
  const onTime = () => setImmediate(() => child.exitCode ?? kill(child, timeout));
  const timer = setTimeout(onTime, Number(timeout) * 1000);
  const [code, signal] = await once(child, "exit");
  clearTimeout(timer);
  // Its last words may still come, but a process that it has left behind may keep its pipes open.
  await Promise.race([closed, wait(2000)]);

  // EX_TEMPFAIL of sysexits.h.
  if (code === 75) throw new NotStoredError("the store wrote nothing (exit code 75)");
  if (code !== 0) throw new Error(`the store failed (${signal ?? `exit code ${code}`})`);
}

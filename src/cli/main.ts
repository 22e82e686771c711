#!/usr/bin/env node
import { fstatSync, writeFileSync } from "node:fs";
import { createMakeClient, MakeError, NotStoredError } from "../index.js";
import { PRODUCT } from "../product.js";
import { withoutSecrets } from "../redact.js";
import { COMMANDS, NOTHING, type Output, Session, type Store } from "./commands.js";
import { runStore } from "./store.js";
import { HELP, readArguments } from "./usage.js";

const { stderr } = process;
const session = new Session();
const { token: key, stop } = session;
/** Why nothing more is begun. */
let stopped: Error | undefined;
/** Whether a change has been sent, and not been answered. */
let isInFlight = false;
/** Undefined until the last line is written. */
let exitCode: number | undefined;

/** No secret, and no character that steers a terminal: it stands there as an escape of JSON. */
const printable = (text: string): string =>
  withoutSecrets(text, key).replace(/[^\P{C}\t\n]|[\p{Zl}\p{Zp}\p{DI}]/gu, (character) =>
    character.replace(/[^]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`),
  );
const onOneLine = (text: string): string => printable(text.replace(/[\t\n]/g, " "));
const toJson = (value: unknown): string => printable(`${JSON.stringify(value)}\n`);
const say = (text: string): void => void stderr.write(`${onOneLine(text)}\n`);
const progress = stderr.isTTY ? say : () => {};

/** Writes to standard output, and returns what prevents it; a reader that has left does not. */
async function print(text: string): Promise<string | undefined> {
  try {
    // A stream takes the part of a text that a full disk had room for as all of it.
    if (fstatSync(1).isFile()) return void writeFileSync(1, text);
    const failure = await new Promise((resolve) => process.stdout.write(text, resolve));
    if (failure) throw failure;
  } catch (error) {
    const { code } = Object(error);
    if (code !== "EPIPE" && code !== "EIO") return `${code}`;
  }
  return undefined;
}

const keep: Store = async (token) => {
  progress(`waiting for the store of the token created ${token.created}`);
  await runStore(token, session.values, (line) => void stderr.write(`${printable(line)}\n`));
};

/** Ends the process at once, or a signal would end it while Node cleans up. */
const end = (): void => void stderr.write("", () => process.exit());

async function finish({ lines, json, done }: Output): Promise<void> {
  const text = lines.map((cells) => `${cells.map(onOneLine).join("\t")}\n`).join("");
  const problem = await print(json && session.values.json ? toJson(json) : text);
  exitCode = !problem ? 0 : done ? 3 : 1;
  if (problem) say(`${done ?? NOTHING.message} Standard output could not be written (${problem}).`);
  else if (done) say(done);
  end();
}

/** Ends a command that has failed, at once: the process may be about to end. */
function fail(error: unknown): void {
  const { name, message = error, operation, outcome, status, code, requestId } = Object(error);
  const isRefused = error instanceof MakeError && outcome !== "unknown" && !error.successor;
  const isUndone = isRefused || error instanceof NotStoredError;
  const truth = (isUndone && session.now.otherwise) || session.now;
  ({ exitCode } = truth);
  const shown = { name, message: `${message}`, operation, outcome, status, code, requestId };
  const json = { exitCode, message: truth.message, ...truth.tokens, error: shown };
  const printed = print(session.values.json ? toJson(json) : "");
  say(`${message}`);
  say(truth.message);
  void printed.then(end);
}

function connect() {
  const { zone, "base-url": baseUrl } = session.values;
  if (!/^[!-~]+$/.test(key))
    throw new Error('MAKE_API_KEY: set it to the token alone, without "Token " or spaces');
  return createMakeClient({
    ...(baseUrl === undefined ? { zone } : { baseUrl }),
    token: () => session.token,
    async fetch(url, init) {
      progress(`waiting for ${init.method} ${url}`);
      if (init.method === "POST" && stopped) throw stopped;
      isInFlight = init.method !== "GET";
      if (isInFlight) session.now = session.ifSent;
      return await fetch(url, init);
    },
    onAttempt({ operation, status, error, retryInMs }) {
      isInFlight = false;
      if (retryInMs === undefined) return;
      progress(`${operation}: ${status ?? error}, again in ${Math.ceil(retryInMs / 1000)} s`);
      // A create is sent again only where it has certainly not happened.
      if (operation.startsWith("POST ")) session.now = session.now.otherwise ?? session.now;
      if (stopped) stop.abort(stopped);
    },
  });
}

// Standard error changes no exit code, and what prevents standard output is known from its writing.
for (const stream of [process.stdout, stderr]) stream.on("error", () => {});
for (const name of ["SIGINT", "SIGTERM"])
  process.on(name, () => {
    if (stopped || exitCode !== undefined) return;
    stopped = new Error(`ended by ${name}`);
    say(`${name}: nothing more is begun, and what was begun is finished`);
    if (!isInFlight) stop.abort(stopped);
  });
// Node forgets at its start that nohup ignored it.
process.on("SIGHUP", () => {});
process.on("uncaughtException", (error) => {
  if (exitCode === undefined) fail(error);
  process.exit();
});
// Others may end the process, or leave it nothing to wait for.
process.prependListener("exit", () => {
  if (exitCode === undefined) fail(new Error("the process has ended before the command"));
  process.exitCode = exitCode;
});

try {
  const { name, values } = readArguments(process.argv.slice(2));
  const text = values.version ? PRODUCT.replace(/.*\//, "") : HELP;
  session.values = values;
  if (!name) finish({ lines: text.split("\n").map((line) => [line]) }).catch(fail);
  else if (typeof fetch !== "function") fail(new Error("this Node has no global fetch"));
  else COMMANDS[name](connect().apiTokens, session, keep).then(finish).catch(fail);
} catch (error) {
  exitCode = 2;
  // The client names its own options.
  const message = `${Object(error).message}`.replaceAll("baseUrl", "--base-url");
  say(message.replace(/^zone\b/, "--zone"));
  say('Wrong usage: see "make-api-tokens --help".');
  end();
}

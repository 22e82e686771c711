#!/usr/bin/env node
import { fstatSync, writeSync } from "node:fs";
import { createMakeClient, type MakeClient, MakeError, NotStoredError } from "../index.js";
import { PRODUCT } from "../product.js";
import { withoutSecrets } from "../redact.js";
import { COMMANDS, type Session, type Truth } from "./commands.js";
import { runStore } from "./store.js";
import { HELP, readArguments } from "./usage.js";

const { stderr } = process;
const NOTHING: Truth = { exitCode: 1, message: "Nothing has changed." };
const stop = new AbortController();
/** Why nothing more is begun. */
let stopped: Error | undefined;
/** Whether a change has been sent, and not been answered. */
let isInFlight = false;
/** Undefined until the last line is written. */
let exitCode: number | undefined;

const session: Session = {
  now: NOTHING,
  ifSent: NOTHING,
  token: process.env["MAKE_API_KEY"] ?? "",
  values: {},
  signal: stop.signal,
  async store(token) {
    secrets.push(token.token);
    progress(`waiting for the store of the token created ${token.created}`);
    await runStore(token, session.values, (line) => void stderr.write(`${printable(line)}\n`));
  },
};
/** The command's own token, and those that it has created. */
const secrets = [session.token];

/** No secret, and no character that steers a terminal: it stands there as an escape of JSON. */
const printable = (text: string): string =>
  secrets
    .reduce((masked, secret) => withoutSecrets(masked, secret), text)
    .replace(/[^\P{C}\t\n]|[\p{Zl}\p{Zp}\p{DI}]/gu, (character) =>
      character.replace(/[^]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`),
    );
const onOneLine = (text: string): string => printable(text.replace(/\s+/g, " "));
const toJson = (value: unknown): string => printable(`${JSON.stringify(value)}\n`);
const say = (text: string): void => void stderr.write(`${onOneLine(text)}\n`);
/** For a person who waits. */
const progress = (text: string): void => void (stderr.isTTY && say(text));

/** Writes to standard output, and returns what prevents it; a reader that has left does not. */
async function print(text: string): Promise<string | undefined> {
  try {
    // Node takes the part of a text that a full disk had room for as all of it.
    if (fstatSync(1).isFile())
      for (let rest = Buffer.from(text); rest.length;) rest = rest.subarray(writeSync(1, rest));
    else
      await new Promise<void>((resolve, reject) =>
        process.stdout.write(text, (error) => (error ? reject(error) : resolve())),
      );
    return undefined;
  } catch (error) {
    const { code } = Object(error);
    return code === "EPIPE" || code === "EIO" ? undefined : `${code}`;
  }
}

/** Ends a command that is done. */
async function finish(text: string, done?: string): Promise<void> {
  const problem = await print(text);
  exitCode = !problem ? 0 : done ? 3 : 1;
  if (problem) say(`${done ?? NOTHING.message} Standard output could not be written (${problem}).`);
  else if (done) say(done);
}

/** Ends a command that has failed, at once: the process may be about to end. */
function fail(error: unknown): void {
  const { name, message = error, operation, outcome, status, code, requestId } = Object(error);
  const facts = error instanceof MakeError && { operation, outcome, status, code, requestId };
  const isRefused = facts && outcome !== "unknown" && error.successor === undefined;
  const isUndone = isRefused || error instanceof NotStoredError;
  const truth = (isUndone && session.now.otherwise) || session.now;
  ({ exitCode } = truth);
  const shown = { name, message: `${message}`, ...facts };
  const json = { exitCode, message: truth.message, ...truth.tokens, error: shown };
  if (session.values.json) void print(toJson(json));
  say(`${message}`);
  say(truth.message);
}

function connect(): MakeClient {
  const { zone, "base-url": baseUrl } = session.values;
  if (!/^[!-~]+$/.test(session.token))
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

async function run(name: keyof typeof COMMANDS, { apiTokens }: MakeClient): Promise<void> {
  const { lines, json, done } = await COMMANDS[name](apiTokens, session);
  const text = lines.map((cells) => `${cells.map(onOneLine).join("\t")}\n`).join("");
  await finish(session.values.json ? toJson(json) : text, done);
}

function start(args: string[]): void {
  try {
    const { name, values } = readArguments(args);
    const version = `${PRODUCT.replace(/.*\//, "")}\n`;
    session.values = values;
    if (!name) finish(values.version ? version : HELP).catch(fail);
    else if (typeof fetch !== "function") fail(new Error("this Node has no global fetch"));
    else run(name, connect()).catch(fail);
  } catch (error) {
    exitCode = 2;
    // The client names its own options.
    const { message } = Object(error);
    say(`${message}`.replace(/^zone\b/, "--zone").replaceAll("baseUrl", "--base-url"));
    say('Wrong usage: see "make-api-tokens --help".');
  }
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
start(process.argv.slice(2));

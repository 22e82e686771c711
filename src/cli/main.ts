#!/usr/bin/env node
import { createMakeClient, type MakeClient } from "../index.js";
import { PRODUCT } from "../product.js";
import { readable, withoutSecrets } from "../redact.js";
import { COMMANDS, type Context, type Done } from "./commands.js";
import { factsOf, Failed, isUnchanged } from "./failed.js";
import { listenToSignals, type Signals } from "./signals.js";
import { runStore } from "./store.js";
import { createTerminal, toJson } from "./terminal.js";
import { type CommandLine, help, readArguments, type Values } from "./usage.js";

const { stdout, stderr } = process;
const terminal = createTerminal(process);
const apiKey = process.env["MAKE_API_KEY"];
const printable = (text: unknown): string => readable(String(text), apiKey, Infinity);

function connect({ zone, "base-url": baseUrl }: Values): MakeClient {
  return createMakeClient({
    ...(baseUrl === undefined ? { zone } : { baseUrl }),
    onAttempt({ operation, status, error, retryInMs }) {
      const wait = retryInMs === undefined ? "" : `, again in ${Math.ceil(retryInMs / 1000)} s`;
      terminal.progress(printable(`${operation}: ${status ?? error}${wait}`));
    },
  });
}

const createStore =
  ({ store: command = "", timeout = "60" }: Values, { wait }: Signals): Context["store"] =>
  async (token) => {
    terminal.progress(printable(`storing the secret of the token created ${token.created}`));
    const write = (text: string) => stderr.write(text);
    const mask = (text: string) => withoutSecrets(withoutSecrets(text, apiKey), token.token);
    await runStore(token, { command, timeoutMs: +timeout * 1000, signal: wait, mask, write });
  };

function show({ output, json, last }: Done, asJson = false): void {
  const lines = asJson ? [toJson(json)] : output.map((parts) => parts.map(printable).join("\t"));
  stdout.write(lines.map((line) => `${line}\n`).join(""));
  if (last) terminal.say(printable(last));
}

function showFailed({ exitCode, message, cause, facts }: Failed, asJson = false): void {
  const error = factsOf(cause, printable);
  if (asJson) stdout.write(`${toJson({ exitCode, message, ...facts, error })}\n`);
  terminal.fail(error.message);
  terminal.say(printable(message));
}

/** Returns the exit code. */
async function run({ name, values }: CommandLine): Promise<number> {
  if (name === undefined || values.help || values.version) {
    stdout.write(values.version ? `${PRODUCT.replace(/.*\//, "")}\n` : help(name));
    return 0;
  }
  const signals = listenToSignals(terminal.say);
  const { execute, look } = COMMANDS[name];
  try {
    const { apiTokens } = connect(values);
    const store = createStore(values, signals);
    show(await execute({ apiTokens, values, signals, store }), values.json);
    return 0;
  } catch (cause) {
    if (cause instanceof TypeError) throw cause;
    const [code, last] = isUnchanged(cause)
      ? [1 as const, "Nothing has changed."]
      : [3 as const, look];
    const failed = cause instanceof Failed ? cause : new Failed(code, last, cause);
    showFailed(failed, values.json);
    return failed.exitCode;
  }
}

// A reader that has left, as in `| head`, must not end a rotation half way.
for (const stream of [stdout, stderr]) stream.on("error", () => {});
try {
  process.exitCode = await run(readArguments(process.argv.slice(2)));
} catch (error) {
  // parseArgs and the client throw TypeErrors, before anything is sent.
  terminal.fail(printable((error as Error).message));
  terminal.say('Wrong usage: see "make-api-tokens --help".');
  process.exitCode = 2;
}

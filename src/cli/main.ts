#!/usr/bin/env node
import { type ApiTokens, createMakeClient } from "../index.js";
import { checkToken, PRODUCT } from "../options.js";
import { COMMANDS, type Output } from "./commands.js";
import { KEY, print, say } from "./output.js";
import { State } from "./state.js";
import { HELP, readArguments } from "./usage.js";

const state = new State();

/** A client that tells the state of each request. */
function connect(): ApiTokens {
  const { zone, "base-url": baseUrl } = state.values;
  checkToken(KEY);
  const { apiTokens } = createMakeClient({
    ...(baseUrl === undefined ? { zone } : { baseUrl }),
    token: () => state.token,
    async fetch(url, init) {
      if (init.method !== "GET") state.sent();
      return await fetch(url, init);
    },
    onAttempt({ operation, status, error, retryInMs }) {
      if (retryInMs === undefined) return;
      say(`${operation}: ${status ?? error}, again in ${Math.ceil(retryInMs / 1000)} s`);
      // A create is sent again only where it has certainly not happened.
      if (operation.startsWith("POST ")) state.undone();
    },
  });
  return apiTokens;
}

function finish({ text, json }: Output): never {
  const problem = print(json && state.values.json ? JSON.stringify(json) : text);
  if (problem) fail(new Error(`standard output could not be written (${problem})`));
  const hasChanged = state.ending.exitCode === 3;
  end(0, hasChanged ? [state.ending.message] : []);
}

function fail(reason: unknown): never {
  state.failed(reason);
  const { exitCode, message, tokens } = state.ending;
  const { name, operation, outcome, status, code, requestId } = Object(reason);
  const why = `${Object(reason).message ?? reason}`;
  const error = { name, message: why, operation, outcome, status, code, requestId };
  if (state.values.json) print(JSON.stringify({ exitCode, message, ...tokens, error }));
  end(exitCode, [why, message]);
}

/** Ends the process at once, or a signal would end it while Node cleans up. */
function end(exitCode: number, lines: string[]): never {
  lines.forEach(say);
  // Or the listener below would fail once more.
  process.removeAllListeners("exit");
  process.exit(exitCode);
}

process.on("SIGINT", (name) => state.stop(name));
process.on("SIGTERM", (name) => state.stop(name));
// Node forgets at its start that nohup ignored it.
process.on("SIGHUP", () => {});
process.on("uncaughtException", fail);
// Others may end the process, or leave it nothing to wait for.
process.prependListener("exit", () => fail(new Error("the process has ended before the command")));

try {
  const { name, values } = readArguments(process.argv.slice(2));
  state.values = values;
  if (!name) finish({ text: values.version ? PRODUCT.replace(/.*\//, "") : HELP });
  if (typeof fetch !== "function") fail(new Error("this Node has no global fetch"));
  COMMANDS[name](connect(), state).then(finish).catch(fail);
} catch (error) {
  // The client names its own options.
  const why = `${Object(error).message}`.replaceAll("baseUrl", "--base-url");
  end(2, [why.replace(/^zone\b/, "--zone"), 'Wrong usage: see "make-api-tokens --help".']);
}

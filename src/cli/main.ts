#!/usr/bin/env node
import { type Attempt, createMakeClient } from "../index.js";
import { checkToken } from "../options.js";
import { PRODUCT } from "../product.js";
import { COMMANDS, type Output } from "./commands.js";
import { MESSAGES } from "./messages.js";
import { KEY, print, say, sayAtTerminal } from "./output.js";
import { State } from "./state.js";
import { HELP, readArguments } from "./usage.js";

const state = new State();

/** What it throws is wrong usage; how the command fails is not. */
function start(args: string[]): void {
  const { name, values } = readArguments(args);
  state.values = values;
  if (!name) {
    finish({ text: values.version ? PRODUCT.replace(/.*\//, "") : HELP });
  } else if (typeof fetch !== "function") {
    fail(new Error("this Node has no global fetch"));
  } else {
    const { apiTokens: api } = connect();
    COMMANDS[name](api, state).then(finish).catch(fail);
  }
}

/** A client that tells the state of each request. */
function connect() {
  const { zone, "base-url": baseUrl } = state.values;
  checkToken(KEY);
  return createMakeClient({
    ...(baseUrl === undefined ? { zone } : { baseUrl }),
    token: () => state.token,
    async fetch(url, init) {
      sayAtTerminal(`waiting for ${init.method} ${url}`);
      if (init.method !== "GET") state.sent();
      return await fetch(url, init);
    },
    onAttempt,
  });
}

function onAttempt({ operation, status, error, retryInMs }: Attempt): void {
  if (retryInMs === undefined) return;
  sayAtTerminal(`${operation}: ${status ?? error}, again in ${Math.ceil(retryInMs / 1000)} s`);
  // A create is sent again only where it has certainly not happened.
  if (operation.startsWith("POST ")) state.undone();
}

/** Ends a command that is done. */
function finish({ text, json, done }: Output): void {
  const problem = print(json && state.values.json ? JSON.stringify(json) : text);
  if (problem) {
    say(`${done ?? MESSAGES.unchanged} Standard output could not be written (${problem}).`);
    end(done ? 3 : 1);
  }
  if (done) say(done);
  end(0);
}

/** Ends a command that has failed. */
function fail(reason: unknown): void {
  const { exitCode, message, tokens } = state.ending;
  const { name, operation, outcome, status, code, requestId } = Object(reason);
  const why = `${Object(reason).message ?? reason}`;
  const error = { name, message: why, operation, outcome, status, code, requestId };
  if (state.values.json) print(JSON.stringify({ exitCode, message, ...tokens, error }));
  say(why);
  say(message);
  end(exitCode);
}

/** Ends a command that was not understood. */
function refuse(error: unknown): void {
  // The client names its own options.
  const message = `${Object(error).message}`.replaceAll("baseUrl", "--base-url");
  say(message.replace(/^zone\b/, "--zone"));
  say('Wrong usage: see "make-api-tokens --help".');
  end(2);
}

/** Ends the process at once, or a signal would end it while Node cleans up. */
function end(exitCode: number): never {
  state.exitCode = exitCode;
  process.exit(exitCode);
}

/** Listens to whatever may end the process from outside of the command. */
function listen(): void {
  process.on("SIGINT", (name) => state.stop(name));
  process.on("SIGTERM", (name) => state.stop(name));
  // Node forgets at its start that nohup ignored it.
  process.on("SIGHUP", () => {});
  process.on("uncaughtException", fail);
  // Others may end the process, or leave it nothing to wait for.
  process.prependListener("exit", () => {
    if (state.exitCode === undefined) fail(new Error("the process has ended before the command"));
    process.exit(state.exitCode);
  });
}

listen();
try {
  start(process.argv.slice(2));
} catch (error) {
  refuse(error);
}

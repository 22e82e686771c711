import { type ApiToken, type CreatedApiToken, type MakeClient, NotStoredError } from "../index.js";
import { toTimestamp } from "../timestamp.js";
import { Failed, isUnchanged, Unchanged } from "./failed.js";
import type { Signals } from "./signals.js";
import type { Values } from "./arguments.js";
import type { CommandName } from "./usage.js";

/** Whatever a command works with. */
export interface Context {
  readonly make: MakeClient;
  readonly values: Values;
  /** The timestamp that `delete` is given. */
  readonly created: string;
  readonly signals: Signals;
  /** Resolves once the secret is stored; a NotStoredError says that nothing was written. */
  readonly store: (token: CreatedApiToken) => Promise<void>;
}

/** What a command that is done says. */
export interface Done {
  /** The lines of standard output, and their parts. */
  readonly output: readonly (readonly string[])[];
  /** Printed instead with --json. */
  readonly json?: unknown;
  /** The last line on standard error. */
  readonly last?: string;
}

const LOOK = 'look with "make-api-tokens list"';
const remedy = (created: string): string => `"make-api-tokens delete ${created}"`;

async function list({ make, signals }: Context): Promise<Done> {
  const tokens = await make.apiTokens.list({ signal: signals.begin });
  const output = tokens.map((it) => [it.created, it.token, it.label, it.scope.join(" ")]);
  return { output, json: tokens };
}

async function create({ make, values, signals, store }: Context): Promise<Done> {
  const { label = "", scope = [] } = values;
  signals.begin.throwIfAborted();
  const token = await make.apiTokens.create({ label, scope }, { signal: signals.wait });
  const { created } = token;
  await store(token).catch((cause) => takeBack(make, created, cause));
  return { output: [[created]], last: `Done: the store holds the token created ${created}.` };
}

/** Deletes a new token that nobody holds; one that the store may hold stays alive. */
async function takeBack({ apiTokens }: MakeClient, created: string, cause: unknown) {
  if (!(cause instanceof NotStoredError)) {
    const what = `Alive: the token created ${created}. See whether the store holds it`;
    throw new Failed(3, `${what}, and if not, run ${remedy(created)}.`, cause);
  }
  try {
    const bearers = (await apiTokens.list()).filter((it) => isSameTime(it.created, created));
    if (bearers.length > 1) throw new Error("another token bears the same timestamp");
    await apiTokens.delete(created);
  } catch (error) {
    const what = `Alive, perhaps: the token created ${created}, and nobody holds its secret`;
    throw new Failed(3, `${what}; run ${remedy(created)}.`, error);
  }
  throw new Failed(1, "Nothing has changed: the new token is deleted again.", cause);
}

async function remove({ make, created, signals }: Context): Promise<Done> {
  signals.begin.throwIfAborted();
  return { output: [[await make.apiTokens.delete(created, { signal: signals.wait })]] };
}

/** Timestamps are the only identifier, and one moment can be written in several ways. */
const isSameTime = (a: string, b: string): boolean => a === b || Date.parse(a) === Date.parse(b);

/** The one token that is to be replaced. */
async function find({ make, values, signals }: Context): Promise<ApiToken> {
  const options = { signal: signals.begin };
  if (values.own) return make.apiTokens.own(options);
  const time = values.created === undefined ? undefined : toTimestamp(values.created);
  const tokens = await make.apiTokens.list(options);
  const found = tokens.filter((it) =>
    time === undefined ? it.label === values.label : isSameTime(it.created, time),
  );
  const [old, another] = found;
  if (!old || another) {
    const way = time === undefined ? "have that label; choose with --created" : "were created then";
    throw new Unchanged(`${found.length} tokens ${way}`);
  }
  return old;
}

/** How far a rotation has come. */
interface Progress {
  successor: string | null;
  held: "by the store" | "by nobody" | "nobody knows";
}

async function rotate(context: Context): Promise<Done> {
  const { created: old } = await find(context);
  const progress: Progress = { successor: null, held: "nobody knows" };
  const store = async (token: CreatedApiToken) => {
    progress.successor = token.created;
    await context.store(token).catch((error) => {
      if (error instanceof NotStoredError) progress.held = "by nobody";
      throw error;
    });
    progress.held = "by the store";
  };
  const { created: successor } = await context.make.apiTokens
    .rotate(old, { store }, { signal: context.signals.begin })
    .catch((cause) => {
      throw failedRotation(old, progress, cause);
    });
  const last = `Done: the store holds the token created ${successor}; the one created ${old} is deleted.`;
  const json = { exitCode: 0, message: last, old, successor, alive: [successor] };
  return { output: [[successor]], json, last };
}

function failedRotation(old: string, { successor, held }: Progress, cause: unknown): Failed {
  const isStored = successor !== null && !(cause instanceof NotStoredError);
  if (isUnchanged(cause) && !isStored) {
    const facts = { old, successor: null, alive: [old] };
    return new Failed(1, `Nothing has changed: the token created ${old} is alive.`, cause, facts);
  }
  const alive = [old, ...(successor === null ? [] : [successor])];
  const last =
    successor === null
      ? `the token created ${old}, and perhaps a successor, whose secret nobody holds: ${LOOK}.`
      : {
          "by the store": `the token created ${successor}, which the store holds, and perhaps the old one still: run ${remedy(old)}.`,
          "by nobody": `the token created ${old}, and perhaps its successor, whose secret nobody holds: run ${remedy(successor)}.`,
          "nobody knows": `the tokens created ${old} and ${successor}: see which of them the store holds, and run ${remedy("<created>")} for the other.`,
        }[held];
  return new Failed(3, `Alive: ${last}`, cause, { old, successor, alive });
}

interface Command {
  readonly execute: (context: Context) => Promise<Done>;
  /** What to do where something may have changed, and the command itself does not say it. */
  readonly look: string;
}

export const COMMANDS: Readonly<Record<CommandName, Command>> = {
  list: { execute: list, look: `Alive: ${LOOK}.` },
  create: {
    execute: create,
    look: `Alive, perhaps: a token with that label, whose secret nobody holds: ${LOOK}, and delete it.`,
  },
  delete: { execute: remove, look: `Alive or deleted: ${LOOK}, and run the same command again.` },
  rotate: { execute: rotate, look: `Alive: ${LOOK}.` },
};

import { type ApiToken, type CreatedApiToken, type MakeClient, NotStoredError } from "../index.js";
import { Failed, isUnchanged, Unchanged } from "./failed.js";
import type { Signals } from "./signals.js";
import type { CommandName, Values } from "./usage.js";

/** The client and the options of a command. */
export interface Context {
  readonly apiTokens: MakeClient["apiTokens"];
  readonly values: Values;
  readonly signals: Signals;
  /** Resolves once the secret is stored; a NotStoredError says that nothing was written. */
  readonly store: (token: CreatedApiToken) => Promise<void>;
}

/** The output of a command that is done. */
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

async function list({ apiTokens, signals }: Context): Promise<Done> {
  const tokens = await apiTokens.list({ signal: signals.begin });
  const output = tokens.map((it) => [it.created, it.token, it.label, it.scope.join(" ")]);
  return { output, json: tokens };
}

async function create({ apiTokens, values, signals, store }: Context): Promise<Done> {
  const { label = "", scope = [] } = values;
  signals.begin.throwIfAborted();
  const token = await apiTokens.create({ label, scope }, { signal: signals.wait });
  const { created } = token;
  await store(token).catch((cause) => takeBack(apiTokens, created, cause));
  return { output: [[created]], last: `Done: the store holds the token created ${created}.` };
}

/** Deletes a new token that nobody holds; one that the store may hold stays alive. */
async function takeBack(apiTokens: Context["apiTokens"], created: string, cause: unknown) {
  if (!(cause instanceof NotStoredError)) {
    const what = `Alive: the token created ${created}. See whether the store holds it`;
    throw new Failed(3, `${what}, and if not, run ${remedy(created)}.`, cause);
  }
  try {
    const isBearer = (it: ApiToken) => Date.parse(it.created) === Date.parse(created);
    const bearers = (await apiTokens.list()).filter(isBearer);
    if (bearers.length > 1) throw new Error("another token bears the same timestamp");
    await apiTokens.delete(created);
  } catch (error) {
    const what = `Alive, perhaps: the token created ${created}, and nobody holds its secret`;
    throw new Failed(3, `${what}; run ${remedy(created)}.`, error);
  }
  throw new Failed(1, "Nothing has changed: the new token is deleted again.", cause);
}

async function remove({ apiTokens, values, signals }: Context): Promise<Done> {
  signals.begin.throwIfAborted();
  const { created = "" } = values;
  return { output: [[await apiTokens.delete(created, { signal: signals.wait })]] };
}

/** The timestamp of the one token that is to be replaced. */
async function find({ apiTokens, values, signals }: Context): Promise<string> {
  const options = { signal: signals.begin };
  if (values.created !== undefined) return values.created;
  if (values.own) return (await apiTokens.own(options)).created;
  const found = (await apiTokens.list(options)).filter((it) => it.label === values.label);
  const [old, another] = found;
  if (old && !another) return old.created;
  throw new Unchanged(`${found.length} tokens have that label; choose with --created`);
}

async function rotate(context: Context): Promise<Done> {
  const { apiTokens, store, signals } = context;
  const old = await find(context);
  const { created: successor } = await apiTokens
    .rotate(old, { store }, { signal: signals.begin })
    .catch((cause) => {
      throw cause instanceof TypeError ? cause : failedRotation(old, cause);
    });
  const last = `Done: the store holds the token created ${successor}; the one created ${old} is deleted.`;
  const json = { exitCode: 0, message: last, old, successor, alive: [successor] };
  return { output: [[successor]], json, last };
}

/** `successor` is set only if it is alive; `operation` is the call that failed. */
function failedRotation(old: string, error: unknown): Failed {
  const { successor = null, operation, cause } = Object(error);
  const alive = successor === null ? [old] : [old, successor];
  const facts = { old, successor, alive };
  if (isUnchanged(error))
    return new Failed(1, `Nothing has changed: the token created ${old} is alive.`, error, facts);
  const last =
    successor === null
      ? `the token created ${old}, and perhaps a successor, whose secret nobody holds: ${LOOK}.`
      : cause instanceof NotStoredError
        ? `the token created ${old}, and perhaps its successor, whose secret nobody holds: run ${remedy(successor)}.`
        : `${operation}`.startsWith("DELETE")
          ? `the token created ${successor}, which the store holds, and perhaps the old one still: run ${remedy(old)}.`
          : `the tokens created ${old} and ${successor}: see which of them the store holds, and run ${remedy("<created>")} for the other.`;
  return new Failed(3, `Alive: ${last}`, error, facts);
}

interface Command {
  readonly execute: (context: Context) => Promise<Done>;
  /** The remedy if something may have changed and the command itself names none. */
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

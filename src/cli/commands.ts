import { type ApiToken, type ApiTokens, type CreatedApiToken, NotStoredError } from "../index.js";
import type { CommandName, Values } from "./usage.js";

/** What is true of the tokens if the process ends now. */
export interface Truth {
  /** 1: certainly nothing has changed; 3: something may have changed. */
  readonly exitCode: 1 | 3;
  /** What may be alive, and what to do about it. */
  readonly message: string;
  /** The tokens of a rotation, by the times of their creation. */
  readonly tokens?: { old: string; successor: string | null; alive: string[] };
  /** True instead, once the change that was sent has certainly not happened. */
  readonly otherwise?: Truth | undefined;
}

/** What a command works with. */
export interface Session {
  now: Truth;
  /** True from the moment that the next change is sent. */
  ifSent: Truth;
  /** What calls go out with. */
  token: string;
  values: Values;
  readonly signal: AbortSignal;
  /** Resolves once the secret is stored; a NotStoredError says that nothing was written. */
  readonly store: (token: CreatedApiToken) => Promise<void>;
}

/** Returns the lines of standard output, and their parts. */
type Command = (api: ApiTokens, session: Session) => Promise<Output>;
export interface Output {
  readonly lines: readonly (readonly string[])[];
  /** With --json, instead of the lines. */
  readonly json?: object;
  /** The last line, where something has changed. */
  readonly done?: string;
}

const LOOK = `look with "make-api-tokens list", and delete it.`;
const AGAIN = "Run the same command again";
const remedy = (created: string): string => `run "make-api-tokens delete ${created}"`;
const isSameTime = (a: string, b: string): boolean => Date.parse(a) === Date.parse(b);

const list: Command = async (api, { signal }) => {
  const json = await api.list({ signal });
  return { lines: json.map((it) => [it.created, it.token, it.label, it.scope.join(" ")]), json };
};

const create: Command = async (api, session) => {
  const { now: otherwise, signal, values } = session;
  const { label = "", scope = [] } = values;
  const sent = `Alive, perhaps: a token with that label, whose secret nobody holds: ${LOOK}`;
  session.ifSent = { exitCode: 3, message: sent, otherwise };
  const token = await api.create({ label, scope }, { signal });
  const { created } = token;
  const it = `the token created ${created}`;
  const both = `Alive: ${it}, which the store may hold. ${AGAIN}, and then ${remedy(created)}.`;
  session.now = { exitCode: 3, message: both };
  try {
    await session.store(token);
  } catch (error) {
    if (!(error instanceof NotStoredError)) throw error;
    const orphan = `Alive, perhaps: ${it}, whose secret nobody holds: ${remedy(created)}.`;
    session.now = session.ifSent = { exitCode: 3, message: orphan };
    const bearers = (await api.list()).filter((it) => isSameTime(it.created, created));
    if (bearers.length > 1) throw new Error("another token bears the same timestamp");
    await api.delete(created);
    session.now = otherwise;
    throw error;
  }
  return { lines: [[created]], done: `Done: the store holds ${it}.` };
};

const remove: Command = async (api, session) => {
  const { now: otherwise, signal, values } = session;
  const { created = "" } = values;
  const message = `Alive or deleted: the token created ${created}. ${AGAIN}: 404 says that it is deleted, and so does 401 if it is the one in MAKE_API_KEY.`;
  session.ifSent = { exitCode: 3, message, otherwise };
  const deleted = await api.delete(created, { signal });
  return { lines: [[deleted]], done: `Done: the token created ${created} is deleted.` };
};

/** The one token that is to be replaced, as the list shows it. */
async function find(api: ApiTokens, { signal, values }: Session): Promise<ApiToken> {
  const { own, label, created } = values;
  if (own) return await api.own({ signal });
  const found = (await api.list({ signal })).filter((it) =>
    created === undefined ? it.label === label : isSameTime(it.created, created),
  );
  const [old, another] = found;
  if (old && !another) return old;
  const what = created === undefined ? "have that label" : "were created at that time";
  throw new Error(`${found.length} tokens ${what}${another ? ": choose one with --created" : ""}`);
}

const rotate: Command = async (api, session) => {
  const { signal } = session;
  const token = await find(api, session);
  const old = token.created;
  const tokens = { old, successor: null, alive: [old] };
  const unchanged = `Nothing has changed: the token created ${old} is alive.`;
  const otherwise: Truth = { exitCode: 1, message: unchanged, tokens };
  session.now = otherwise;
  const message = `Alive: the token created ${old}, and perhaps a successor, whose secret nobody holds: ${LOOK}`;
  session.ifSent = { exitCode: 3, message, tokens, otherwise };
  const store = (successor: CreatedApiToken) => keep(session, token, successor);
  const { created } = await api.rotate(old, { store }, { signal });
  const done = `Done: the store holds the token created ${created}; the one created ${old} is deleted.`;
  const json = { exitCode: 0, message: done, old, successor: created, alive: [created] };
  return { lines: [[created]], json, done };
};

/** Stores a successor, and says at each moment what is alive. */
async function keep(session: Session, token: ApiToken, successor: CreatedApiToken): Promise<void> {
  const { created: old } = token;
  const { created } = successor;
  const { otherwise } = session.now;
  const tokens = { old, successor: created, alive: [old, created] };
  const setAlive = (what: string, otherwise?: Truth): void => {
    session.now = session.ifSent = { exitCode: 3, message: `Alive: ${what}.`, tokens, otherwise };
  };
  const more = session.values.label === undefined ? "" : `, with --created ${old} for --label`;
  const rest = `${AGAIN}${more}, and then delete the one of both that "make-api-tokens list" still shows`;
  setAlive(`the tokens created ${old} and ${created}; nobody knows which the store holds. ${rest}`);
  try {
    await session.store(successor);
  } catch (error) {
    const orphan = `and perhaps its successor, whose secret nobody holds: ${remedy(created)}`;
    if (error instanceof NotStoredError) setAlive(`the token created ${old}, ${orphan}`, otherwise);
    throw error;
  }
  // The successor of another token may lack the scopes.
  const isOwn = token.token.slice(0, 8) === session.token.slice(0, 8);
  if (isOwn) session.token = successor.token;
  const stored = `the token created ${created}, which the store holds, and perhaps the old one`;
  setAlive(`${stored}: ${remedy(old)}${isOwn ? ", with the new token" : ""}`);
}

export const COMMANDS: Record<CommandName, Command> = { list, create, delete: remove, rotate };

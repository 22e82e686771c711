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

export const NOTHING: Truth = { exitCode: 1, message: "Nothing has changed." };

/** What is known of a command, also to whatever ends its process. */
export class Session {
  now = NOTHING;
  /** True from the moment that the next change is sent. */
  ifSent = NOTHING;
  /** What calls go out with. */
  token = process.env["MAKE_API_KEY"] ?? "";
  values: Values = {};
  readonly stop = new AbortController();
}

/** Resolves once a secret is stored; a NotStoredError says that nothing was written. */
export type Store = (token: CreatedApiToken) => Promise<void>;

/** The lines and their parts, or with --json a value; and the last line, after a change. */
export interface Output {
  readonly lines: readonly (readonly string[])[];
  readonly json?: object;
  readonly done?: string;
}

type Command = (api: ApiTokens, session: Session, keep: Store) => Promise<Output>;

const LOOK = `look with "make-api-tokens list", and delete it.`;
const AGAIN = "Run the same command again";
const remedy = (created: string): string => `run "make-api-tokens delete ${created}"`;
const isSameTime = (a: string, b: string): boolean => Date.parse(a) === Date.parse(b);

const list: Command = async (api, { stop: { signal } }) => {
  const json = await api.list({ signal });
  return { lines: json.map((it) => [it.created, it.token, it.label, it.scope.join(" ")]), json };
};

const create: Command = async (api, session, keep) => {
  const { now: otherwise, stop } = session;
  const { label = "", scope = [] } = session.values;
  const sent = `Alive, perhaps: a token with that label, whose secret nobody holds: ${LOOK}`;
  session.ifSent = { exitCode: 3, message: sent, otherwise };
  const token = await api.create({ label, scope }, { signal: stop.signal });
  const { created } = token;
  const it = `the token created ${created}`;
  const both = `Alive: ${it}, which the store may hold. ${AGAIN}, and then ${remedy(created)}.`;
  session.now = { exitCode: 3, message: both };
  await keep(token).catch(async (error) => {
    if (!(error instanceof NotStoredError)) throw error;
    const orphan = `Alive, perhaps: ${it}, whose secret nobody holds: ${remedy(created)}.`;
    session.now = session.ifSent = { exitCode: 3, message: orphan };
    const bearers = (await api.list()).filter((it) => isSameTime(it.created, created));
    if (bearers.length > 1) throw new Error("another token bears the same timestamp");
    await api.delete(created);
    session.now = otherwise;
    throw error;
  });
  return { lines: [[created]], done: `Done: the store holds ${it}.` };
};

const remove: Command = async (api, session) => {
  const { now: otherwise, stop } = session;
  const { created = "" } = session.values;
  const message = `Alive or deleted: the token created ${created}. ${AGAIN}: 404 says that it is deleted, and so does 401 if it is the one in MAKE_API_KEY.`;
  session.ifSent = { exitCode: 3, message, otherwise };
  const deleted = await api.delete(created, { signal: stop.signal });
  return { lines: [[deleted]], done: `Done: the token created ${created} is deleted.` };
};

/** The one token that is to be replaced, as the list shows it. */
async function find(api: ApiTokens, { stop: { signal }, values }: Session): Promise<ApiToken> {
  const { own, label, created } = values;
  if (own) return await api.own({ signal });
  const fits = (it: ApiToken) => (created ? isSameTime(it.created, created) : it.label === label);
  const found = (await api.list({ signal })).filter(fits);
  const [old, another] = found;
  if (old && !another) return old;
  throw new Error(`${found.length} tokens fit: choose the one to replace with --created`);
}

const rotate: Command = async (api, session, keep) => {
  const { created: old, token } = await find(api, session);
  const unchanged = `Nothing has changed: the token created ${old} is alive.`;
  const tokens = { old, successor: null, alive: [old] };
  const otherwise: Truth = { exitCode: 1, message: unchanged, tokens };
  const sent = `Alive: the token created ${old}, and perhaps a successor, whose secret nobody holds: ${LOOK}`;
  session.now = otherwise;
  session.ifSent = { exitCode: 3, message: sent, tokens, otherwise };

  async function store(successor: CreatedApiToken): Promise<void> {
    const { created } = successor;
    const both = { old, successor: created, alive: [old, created] };
    const set = (message: string, ifGone?: Truth): void => {
      session.now = session.ifSent = { exitCode: 3, message, tokens: both, otherwise: ifGone };
    };
    const how = session.values.label === undefined ? "" : `, with --created ${old} for --label`;
    const again = `${AGAIN}${how}, and then delete the one of both that "make-api-tokens list" still shows.`;
    set(`Alive: the tokens created ${old} and ${created}; nobody knows which is stored. ${again}`);
    const nobody = `Alive: the token created ${old}, and perhaps its successor, whose secret nobody holds: ${remedy(created)}.`;
    await keep(successor).catch((error) => {
      if (error instanceof NotStoredError) set(nobody, otherwise);
      throw error;
    });
    // The successor of another token may lack the scopes.
    const isOwn = token.slice(0, 8) === session.token.slice(0, 8);
    if (isOwn) session.token = successor.token;
    const last = `${remedy(old)}${isOwn ? ", with the new token" : ""}`;
    set(
      `Alive: the token created ${created}, which the store holds, and perhaps the old: ${last}.`,
    );
  }

  const { created } = await api.rotate(old, { store }, { signal: session.stop.signal });
  const done = `Done: the store holds the token created ${created}; the one created ${old} is deleted.`;
  const json = { exitCode: 0, message: done, old, successor: created, alive: [created] };
  return { lines: [[created]], json, done };
};

export const COMMANDS: Record<CommandName, Command> = { list, create, delete: remove, rotate };

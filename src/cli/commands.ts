import { type ApiToken, type ApiTokens, type CreatedApiToken, NotStoredError } from "../index.js";
import { isSameTime } from "../timestamp.js";
import { MESSAGES } from "./messages.js";
import { readable } from "./output.js";
import type { State } from "./state.js";
import { store } from "./store.js";
import type { CommandName } from "./usage.js";

/** What a command prints once it is done. */
export interface Output {
  readonly text: string;
  /** Instead of the text, with --json. */
  readonly json?: object;
  /** The last line, after a change. */
  readonly done?: string;
}

type Command = (api: ApiTokens, state: State) => Promise<Output>;

const list: Command = async (api, { signal }) => {
  const json = await api.list({ signal });
  const cells = json.map((it) => [it.created, it.token, it.label, it.scope.join(" ")]);
  return { text: cells.map((it) => it.map(readable).join("\t")).join("\n"), json };
};

const create: Command = async (api, state) => {
  const { signal, values } = state;
  const { label = "", scope = [] } = values;
  const call = () => api.create({ label, scope }, { signal });
  const token = await state.change(MESSAGES.createSent, call);
  const { created } = token;
  state.became(MESSAGES.perhapsStored(created));
  try {
    await store(token, values);
  } catch (error) {
    if (error instanceof NotStoredError) {
      await deleteAgain(api, created);
      state.undone();
    }
    throw error;
  }
  return { text: created, done: MESSAGES.stored(created) };
};

/** Deletes a token that was not stored. */
async function deleteAgain(api: ApiTokens, created: string): Promise<void> {
  const bearers = (await api.list()).filter((it) => isSameTime(it.created, created));
  if (bearers.length > 1) throw new Error("another token bears the same timestamp");
  await api.delete(created);
}

const remove: Command = async (api, state) => {
  const { signal, values } = state;
  const { created = "" } = values;
  const call = () => api.delete(created, { signal });
  const deleted = await state.change(MESSAGES.deleteSent(created), call);
  return { text: deleted, done: MESSAGES.deleted(created) };
};

const rotate: Command = async (api, state) => {
  const token = await findToReplace(api, state);
  const old = token.created;
  const tokens = { old, successor: null, alive: [old] };
  state.ending = { exitCode: 1, message: MESSAGES.notRotated(old), tokens };
  const keep = (successor: CreatedApiToken) => storeSuccessor(state, token, successor);
  const call = () => api.rotate(old, { store: keep }, { signal: state.signal });
  const { created } = await state.change(MESSAGES.rotateSent(old), call);
  const done = MESSAGES.rotated(old, created);
  const json = { exitCode: 0, message: done, old, successor: created, alive: [created] };
  return { text: created, json, done };
};

/** The one token that fits the options, as the list shows it. */
async function findToReplace(api: ApiTokens, { signal, values }: State): Promise<ApiToken> {
  const { own, label, created } = values;
  if (own) return await api.own({ signal });
  const fits = (it: ApiToken) => (created ? isSameTime(it.created, created) : it.label === label);
  const found = (await api.list({ signal })).filter(fits);
  const [token, another] = found;
  if (token && !another) return token;
  throw new Error(`${found.length} tokens fit: choose the one to replace with --created`);
}

/** Stores the secret of a successor, while the old token is alive too. */
async function storeSuccessor(
  state: State,
  token: ApiToken,
  successor: CreatedApiToken,
): Promise<void> {
  const [old, created] = [token.created, successor.created];
  const tokens = { old, successor: created, alive: [old, created] };
  // Both have the label now.
  const instead = state.values.label === undefined ? "" : `, with --created ${old} for --label`;
  state.became(MESSAGES.perhapsRotated(old, created, instead), tokens);
  await store(successor, state.values);
  // The successor of another token may lack the scopes for the last calls.
  const isOwn = token.token.slice(0, 8) === state.token.slice(0, 8);
  if (isOwn) state.token = successor.token;
  const how = isOwn ? ", with the new token" : "";
  state.became(MESSAGES.successorStored(old, created, how), tokens);
}

export const COMMANDS: Record<CommandName, Command> = { list, create, delete: remove, rotate };

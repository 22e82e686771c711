import { type ApiToken, type ApiTokens, type CreatedApiToken, NotStoredError } from "../index.js";
import { isMaskOf } from "../calls.js";
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
}

type Command = (api: ApiTokens, state: State) => Promise<Output>;

const list: Command = async (api, { signal }) => {
  const json = await api.list({ signal });
  const cells = json.map((it) => [it.created, it.token, it.label, it.scope.join(" ")]);
  return { text: cells.map((it) => it.map(readable).join("\t")).join("\n"), json };
};

const create: Command = async (api, state) => {
  const { label = "", scope = [] } = state.values;
  state.begin(MESSAGES.createSent);
  const token = await api.create({ label, scope }, { signal: state.signal });
  const { created } = token;
  state.became(MESSAGES.perhapsStored(created));
  try {
    await store(token, state.values);
  } catch (error) {
    if (error instanceof NotStoredError) {
      await findOne(api, (it) => isSameTime(it.created, created));
      await api.delete(created);
    }
    throw error;
  }
  state.became(MESSAGES.stored(created));
  return { text: created };
};

const remove: Command = async (api, state) => {
  const { created = "" } = state.values;
  state.begin(MESSAGES.deleteSent(created));
  const text = await api.delete(created, { signal: state.signal });
  state.became(MESSAGES.deleted(created));
  return { text };
};

const rotate: Command = async (api, state) => {
  const { signal, values } = state;
  const { own, label, created } = values;
  const fits = (it: ApiToken) => (created ? isSameTime(it.created, created) : it.label === label);
  const token = await (own ? api.own({ signal }) : findOne(api, fits, signal));
  const old = token.created;
  state.begin(MESSAGES.rotateSent(old), { old, successor: null, alive: [old] });
  const keep = (successor: CreatedApiToken) => storeSuccessor(state, token, successor);
  const { created: successor } = await api.rotate(old, { store: keep }, { signal });
  const message = MESSAGES.rotated(old, successor);
  const tokens = { old, successor, alive: [successor] };
  state.became(message, tokens);
  return { text: successor, json: { exitCode: 0, message, ...tokens } };
};

/** Two tokens may have the same label, or even the same timestamp. */
async function findOne(
  api: ApiTokens,
  fits: (token: ApiToken) => boolean,
  signal?: AbortSignal,
): Promise<ApiToken> {
  const found = (await api.list({ signal })).filter(fits);
  const [token, another] = found;
  if (token && !another) return token;
  throw new Error(`exactly one token has to match, and ${found.length} do`);
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
  const isOwn = isMaskOf(token.token, state.token);
  if (isOwn) state.token = successor.token;
  const how = isOwn ? ", with the new token" : "";
  state.became(MESSAGES.successorStored(old, created, how), tokens);
}

export const COMMANDS: Record<CommandName, Command> = { list, create, delete: remove, rotate };

import type { ApiToken, Checked, NewApiToken } from "./api-tokens.js";
import { type Answered, CREATE, DELETE, LIST } from "./call.js";
import { failure, MakeError, MakeResponseError } from "./errors.js";
import type { Facade } from "./openapi/facade.js";
import { type CallOptions, check, isString } from "./options.js";
import { toTimestamp } from "./timestamp.js";

const isStrings = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every(isString);

const isChecked = <Token extends Partial<ApiToken>>(
  token: Token | undefined,
): token is Checked<Token> =>
  isString(token?.token) &&
  isString(token.created) &&
  isString(token.label) &&
  isStrings(token.scope);

export function checkNewToken(token: NewApiToken): void {
  const { label, scope }: Partial<NewApiToken> = Object(token);
  check(isString(label), "label", "pass a string");
  check(isStrings(scope), "scope", 'pass an array, such as ["user:read"]');
}

function checkAnswer(isRight: boolean, answered: Answered): asserts isRight {
  if (!isRight) throw failure(MakeResponseError, answered, "the answer is not as documented");
}

export async function list({ client, exchange }: Facade, options?: CallOptions) {
  const { data, answered } = await exchange(LIST, options, (init) =>
    client.GET("/users/me/api-tokens", init),
  );
  const tokens = data?.apiTokens;
  checkAnswer(Array.isArray(tokens) && tokens.every(isChecked), answered);
  return { tokens, answered };
}

/** The one token in the list that fits; `caller` is the secret that asked for the list. */
export async function find(
  facade: Facade,
  options: CallOptions | undefined,
  what: string,
  fits: (token: ApiToken, caller: string) => boolean,
): Promise<ApiToken> {
  const { tokens, answered } = await list(facade, options);
  const [found, another] = tokens.filter((it) => fits(it, answered.token));
  if (found && !another) return found;
  const why = `${found ? "more than one" : "no"} token in the list ${what}`;
  throw failure(MakeError, { ...answered, outcome: "not-sent" }, why);
}

/** Make's mask leaves the first eight characters. */
export const isMaskOf = (mask: string, secret: string) => mask.slice(0, 8) === secret.slice(0, 8);

export function own(facade: Facade, options?: CallOptions): Promise<ApiToken> {
  const fits = (it: ApiToken, caller: string) => isMaskOf(it.token, caller);
  return find(facade, options, "begins as the client's own", fits);
}

/** `finishes`: the signal counts only until the request is sent. */
export async function create(
  { client, exchange }: Facade,
  wanted: NewApiToken,
  options?: CallOptions,
  finishes?: boolean,
) {
  checkNewToken(wanted);
  // openapi-fetch's types do not know that it changes no scope.
  const body = { ...wanted, scope: [...wanted.scope] };
  const { data, answered } = await exchange(
    CREATE,
    options,
    (init) => client.POST("/users/me/api-tokens", { body, ...init }),
    finishes,
  );
  const token = data?.apiToken;
  checkAnswer(isChecked(token) && token.token !== "", answered);
  return { token, answered };
}

export async function remove(
  { client, exchange }: Facade,
  created: string | Date,
  options?: CallOptions,
): Promise<string> {
  const timestamp = toTimestamp(created);
  const params = { path: { timestamp } };
  try {
    const { data, answered } = await exchange(DELETE, options, (init) =>
      client.DELETE("/users/me/api-tokens/{timestamp}", { params, ...init }),
    );
    // There was no body. One of JSON may be null.
    if (data === undefined) return timestamp;
    const deleted = data?.apiToken;
    checkAnswer(isString(deleted), answered);
    return deleted;
  } catch (error) {
    const { status, outcome } = Object(error);
    // An earlier attempt may have succeeded, and now there is no such token.
    if (status === 404 && outcome === "unknown") return timestamp;
    throw error;
  }
}

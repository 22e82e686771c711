import type { ApiToken, CheckedFields, CreatedApiToken, NewApiToken } from "./api-tokens.js";
import type { Answered } from "./call.js";
import { failure, MakeApiError, MakeError, MakeResponseError } from "./errors.js";
import type { Facade } from "./openapi/facade.js";
import { CREATE, DELETE, LIST } from "./openapi/operation.js";
import { type CallOptions, check } from "./options.js";
import { toTimestamp } from "./timestamp.js";

/** A list of all tokens, and the answer that it stood in. */
export interface Listed {
  readonly tokens: ApiToken[];
  readonly answered: Answered;
}

const isStrings = (value: unknown): value is string[] =>
  // `every` would skip a hole.
  Array.isArray(value) && value.findIndex((it) => typeof it !== "string") < 0;

const hasCheckedFields = <Token extends Partial<CheckedFields>>(
  token: Token | undefined,
): token is Token & CheckedFields =>
  typeof token?.token === "string" &&
  typeof token.created === "string" &&
  typeof token.label === "string" &&
  isStrings(token.scope);

/** openapi-fetch's types do not know that it changes no scope. */
export function checkNewToken(
  token: NewApiToken,
): asserts token is NewApiToken & { scope: string[] } {
  const { label, scope }: Partial<NewApiToken> = Object(token);
  check(typeof label === "string", "label", "pass a string");
  check(isStrings(scope), "scope", 'pass an array, such as ["user:read"]');
}

function checkAnswer(isRight: boolean, answered: Answered): asserts isRight {
  if (!isRight) throw failure(MakeResponseError, answered, "the answer is not as documented");
}

export async function list({ client, exchange }: Facade, options?: CallOptions): Promise<Listed> {
  const { data, answered } = await exchange(LIST, options, (init) =>
    client.GET("/users/me/api-tokens", init),
  );
  const tokens = data?.apiTokens;
  checkAnswer(Array.isArray(tokens) && tokens.every(hasCheckedFields), answered);
  return { tokens, answered };
}

/** @throws MakeError where no token in the list fits, or more than one */
export function theOnly(
  { tokens, answered }: Listed,
  fits: (token: ApiToken) => boolean,
  what: string,
): ApiToken {
  const [found, another] = tokens.filter(fits);
  if (found && !another) return found;
  const count = found ? "more than one token" : "no token";
  throw failure(MakeError, { ...answered, outcome: "not-sent" }, `${count} in the list ${what}`);
}

export async function own(facade: Facade, options?: CallOptions): Promise<ApiToken> {
  const listed = await list(facade, options);
  // Make's mask leaves the first eight characters.
  const visible = listed.answered.token?.slice(0, 8);
  const fits = ({ token }: ApiToken): boolean => token.slice(0, 8) === visible;
  return theOnly(listed, fits, "begins as the client's own");
}

/** `finishes`: the signal counts only until the request is sent. */
export async function create(
  { client, exchange }: Facade,
  body: NewApiToken,
  options?: CallOptions,
  finishes?: boolean,
): Promise<CreatedApiToken> {
  checkNewToken(body);
  const { data, answered } = await exchange(
    CREATE,
    options,
    (init) => client.POST("/users/me/api-tokens", { body, ...init }),
    finishes,
  );
  const created = data?.apiToken;
  checkAnswer(hasCheckedFields(created) && created.token !== "", answered);
  return created;
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
    checkAnswer(typeof deleted === "string", answered);
    return deleted;
  } catch (error) {
    const isGone = error instanceof MakeApiError && error.status === 404;
    // An earlier attempt may have succeeded, and now there is no such token.
    if (isGone && error.outcome === "unknown") return timestamp;
    throw error;
  }
}

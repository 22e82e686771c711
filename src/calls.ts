import type {
  ApiToken,
  ApiTokens,
  CheckedFields,
  CreatedApiToken,
  NewApiToken,
} from "./api-tokens.js";
import type { Answered } from "./call.js";
import { failure, MakeApiError, MakeError, MakeResponseError } from "./errors.js";
import type { Facade } from "./openapi/client.js";
import { CREATE, DELETE, LIST } from "./openapi/operation.js";
import { type CallOptions, check } from "./options.js";
import { toTimestamp } from "./timestamp.js";

type Look = Promise<{ readonly tokens: ApiToken[]; readonly answered: Answered }>;

/** The documented calls, with what a rotation needs of them. */
export interface Calls extends Omit<ApiTokens, "rotate"> {
  /** A list, and the answer that it stood in. */
  look(options?: CallOptions): Look;
  /** `finishes`: the signal counts only until the request is sent. */
  create(token: NewApiToken, options?: CallOptions, finishes?: boolean): Promise<CreatedApiToken>;
}

const isStrings = (value: unknown): value is string[] =>
  // `every` would skip a hole, which is no string.
  Array.isArray(value) && value.findIndex((it) => typeof it !== "string") < 0;

const hasCheckedFields = <Token extends Partial<CheckedFields>>(
  token: Token | undefined,
): token is Token & CheckedFields =>
  typeof token?.token === "string" &&
  typeof token.created === "string" &&
  typeof token.label === "string" &&
  isStrings(token.scope);

/** Returns the token with a scope that is no longer readonly, as openapi-fetch's types want it. */
export function checkNewToken(token: NewApiToken): NewApiToken & { readonly scope: string[] } {
  const { scope, ...rest } = { ...token };
  check(typeof rest.label === "string", "label", "pass a string");
  check(isStrings(scope), "scope", 'pass an array, such as ["user:read"]');
  return { ...rest, scope };
}

/** Returns what was found in an answer. */
function expect<T>(found: T | undefined, answered: Answered): T {
  if (found !== undefined) return found;
  const what = "the answer is not what the specification documents";
  throw failure(MakeResponseError, answered, what);
}

/** The part of a masked token that Make shows: its first eight characters. */
const visibleOf = (masked: string): string => masked.replace(/-?\*[^]*/, "").slice(0, 8);

async function look({ client, exchange }: Facade, options?: CallOptions) {
  const { data, answered } = await exchange(LIST, options, (init) =>
    client.GET("/users/me/api-tokens", init),
  );
  const tokens = data?.apiTokens;
  const isList = Array.isArray(tokens) && tokens.every(hasCheckedFields);
  return { tokens: expect(isList ? tokens : undefined, answered), answered };
}

async function remove({ client, exchange }: Facade, created: string | Date, options?: CallOptions) {
  const timestamp = toTimestamp(created);
  const params = { path: { timestamp } };
  try {
    const { data, answered } = await exchange(DELETE, options, (init) =>
      client.DELETE("/users/me/api-tokens/{timestamp}", { ...init, params }),
    );
    if (answered.answer.body.length === 0) return timestamp;
    return expect(typeof data?.apiToken === "string" ? data.apiToken : undefined, answered);
  } catch (error) {
    const isGone = error instanceof MakeApiError && error.status === 404;
    // An earlier attempt may have succeeded, and now there is no such token.
    if (isGone && error.outcome === "unknown") return timestamp;
    throw error;
  }
}

export function createCalls(facade: Facade): Calls {
  const { client, exchange } = facade;
  return {
    look: (options) => look(facade, options),
    list: async (options) => (await look(facade, options)).tokens,

    async own(options) {
      const { tokens, answered } = await look(facade, options);
      const visible = answered.token?.slice(0, 8);
      const [found, another] = tokens.filter((it) => visibleOf(it.token) === visible);
      if (found && !another) return found;
      const what = `${found ? "more than one token" : "no token"} in the list begins as the client's own`;
      throw failure(MakeError, { ...answered, outcome: "not-sent" }, what);
    },

    async create(token, options, finishes) {
      const body = checkNewToken(token);
      const { data, answered } = await exchange(
        CREATE,
        options,
        (init) => client.POST("/users/me/api-tokens", { ...init, body }),
        finishes,
      );
      const created = data?.apiToken;
      return expect(hasCheckedFields(created) && created.token ? created : undefined, answered);
    },

    delete: (created, options) => remove(facade, created, options),
  };
}

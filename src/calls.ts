import type { ApiToken, CheckedFields, CreatedApiToken, NewApiToken } from "./api-tokens.js";
import { check } from "./check.js";
import { MakeApiError } from "./errors.js";
import type { Exchange, Facade } from "./openapi/client.js";
import { NO_PARAMS } from "./openapi/nothing.js";
import { CREATE, DELETE, LIST } from "./openapi/operation.js";
import type { CallOptions } from "./options.js";
import { own } from "./own.js";
import { toTimestamp } from "./timestamp.js";

/** The documented calls. */
export interface Calls {
  list(options?: CallOptions): Promise<ApiToken[]>;
  own(options?: CallOptions): Promise<ApiToken>;
  /** `finishes`: the signal counts only until the request is sent. */
  create(token: NewApiToken, options?: CallOptions, finishes?: boolean): Promise<CreatedApiToken>;
  delete(created: string | Date, options?: CallOptions): Promise<string>;
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

/** A copy, because the caller may change the original before it is sent. */
export function checkNewToken(token: NewApiToken): NewApiToken & { readonly scope: string[] } {
  const { scope, ...rest } = own({ ...token });
  check(typeof rest.label === "string", "label", "pass a string");
  check(isStrings(scope), "scope", 'pass an array, such as ["user:read"]');
  return { ...rest, scope: [...scope] };
}

/** The part of a masked token that Make shows: its first eight characters. */
const visibleOf = (masked: string): string => masked.replace(/-?\*[^]*/, "").slice(0, 8);

export function createCalls({ client, start }: Facade): Calls {
  async function fetchTokens({ init, expect }: Exchange): Promise<ApiToken[]> {
    const { data } = await client.GET("/users/me/api-tokens", init);
    const tokens = data?.apiTokens;
    return expect(Array.isArray(tokens) && tokens.every(hasCheckedFields) ? tokens : undefined);
  }

  return {
    async list(options) {
      return await fetchTokens(start(LIST, options));
    },

    async own(options) {
      const exchange = start(LIST, options);
      const tokens = await fetchTokens(exchange);
      const { tokenStart } = exchange.progress;
      const [found, another] = tokens.filter(({ token }) => visibleOf(token) === tokenStart);
      if (found && !another) return found;
      throw exchange.createError(
        `${found ? "more than one token" : "no token"} in the list begins as the client's own`,
      );
    },

    async create(token, options, finishes) {
      const body = checkNewToken(token);
      const { init, expect } = start(CREATE, options, finishes);
      const { data } = await client.POST("/users/me/api-tokens", { ...init, body });
      const created = data?.apiToken;
      return expect(hasCheckedFields(created) && created.token ? created : undefined);
    },

    async delete(created, options) {
      const timestamp = toTimestamp(created);
      const { init, expect } = start(DELETE, options);
      try {
        const { data } = await client.DELETE("/users/me/api-tokens/{timestamp}", {
          ...init,
          params: { ...NO_PARAMS, path: { timestamp } },
        });
        return expect(typeof data?.apiToken === "string" ? data.apiToken : undefined);
      } catch (error) {
        const isGone = error instanceof MakeApiError && error.status === 404;
        // An earlier attempt may have succeeded, and now there is no such token.
        if (isGone && error.outcome === "unknown") return timestamp;
        throw error;
      }
    },
  };
}

import type { paths } from "../generated/paths.js";
import { check } from "./check.js";
import { MakeApiError } from "./errors.js";
import type { OpenApi } from "./openapi/client.js";
import type { Rotation } from "./rotate.js";
import { toTimestamp } from "./timestamp.js";

type Json<Operation extends { responses: { 200: { content: { "application/json": unknown } } } }> =
  Operation["responses"][200]["content"]["application/json"];
type Collection = paths["/users/me/api-tokens"];
type Listed = NonNullable<Json<Collection["get"]>["apiTokens"]>[number];
type Created = NonNullable<Json<Collection["post"]>["apiToken"]>;

/** The specification requires no field of an answer; these are relied on, so each answer is checked. */
interface Relied {
  token: string;
  scope: string[];
  created: string;
  label: string;
}
type Checked<Token, Field extends keyof Token> = Token & Required<Pick<Token, Field>>;

/** A token as lists show it: `token` is masked. */
export interface ApiToken extends Checked<Listed, keyof Relied> {}

/** A token as its creation shows it: the only time that `token` can be read. */
export interface CreatedApiToken extends Checked<Created, keyof Relied> {}

/** The label and the scopes of a token to be. */
export type NewApiToken = NonNullable<
  Collection["post"]["requestBody"]
>["content"]["application/json"];

/** What every method takes last. */
export interface CallOptions {
  /** Ends the call, or a wait within it, at once: it rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
}

/** The calls on the API tokens of the authenticated user. */
export interface ApiTokens {
  /**
   * Lists the tokens, with their secrets masked. Needs the scope `user:read`.
   *
   * @throws MakeError
   * @example
   * const tokens = await make.apiTokens.list();
   * console.log(tokens.map(({ label, created }) => `${label}, created ${created}`).join("\n"));
   */
  list(options?: CallOptions): Promise<ApiToken[]>;

  /**
   * Creates a token. Needs the scope `user:write`. An aborted call may have created one all the
   * same, and so may one that fails with the outcome `"unknown"`: look for it with `list`.
   *
   * @throws TypeError where the label or the scope is missing
   * @throws MakeError
   * @example
   * const { token, created } = await make.apiTokens.create({ label: "ci", scope: ["user:read"] });
   * await secrets.write("MAKE_API_KEY", token);
   */
  create(token: NewApiToken, options?: CallOptions): Promise<CreatedApiToken>;

  /**
   * Deletes the token that was created at that time, and returns that timestamp. A string is sent
   * verbatim. Needs the scope `user:write`. Where a first attempt may have succeeded and the next
   * one finds nothing (404), the token is deleted.
   *
   * @throws TypeError where `created` is not a full RFC 3339 date-time
   * @throws MakeError
   * @example
   * for (const { label, created } of await make.apiTokens.list()) {
   *   if (label === "ci") await make.apiTokens.delete(created);
   * }
   */
  delete(created: string | Date, options?: CallOptions): Promise<string>;

  /**
   * Replaces a token: creates its successor, awaits `store`, and only then deletes the old one.
   * Where `store` fails, the successor is deleted again and the error passed on. The signal is
   * obeyed until the successor's creation is sent; from then on, the rotation finishes.
   *
   * It can replace the client's own token, where the option `token` is a function that reads what
   * `store` wrote. Needs the scopes `user:read` and `user:write`.
   *
   * @throws TypeError where an argument is wrong
   * @throws MakeError where a call fails; with `successor` where that token is left alive
   * @example
   * await make.apiTokens.rotate(old.created, {
   *   store: (successor) => secrets.write("MAKE_API_KEY", successor.token),
   * });
   */
  rotate(
    created: string | Date,
    rotation: Rotation,
    options?: CallOptions,
  ): Promise<CreatedApiToken>;
}

/** With what `rotate` needs: its create has to finish once it is sent. */
interface Sending extends CallOptions {
  readonly finish?: boolean;
}

function sending(options: Sending | undefined) {
  const { signal = null, finish } = options ?? {};
  check(!signal || typeof signal.throwIfAborted === "function", "signal", "pass an AbortSignal");
  return { signal, finish };
}

const isStrings = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((it) => typeof it === "string");

function isChecked<Token extends Partial<Relied>>(
  token: Token | undefined,
): token is Token & Relied {
  return (
    typeof token?.token === "string" &&
    typeof token.created === "string" &&
    typeof token.label === "string" &&
    isStrings(token.scope)
  );
}

/** @internal */
export function checkNewToken(token: NewApiToken): NewApiToken {
  const { label, scope } = Object(token) as NewApiToken;
  check(typeof label === "string", "label", "pass a string");
  check(isStrings(scope), "scope", 'pass an array of scopes, such as ["user:read"]');
  return token;
}

/** @internal */
export type DocumentedCalls = ReturnType<typeof createCalls>;

/** @internal */
export function createCalls({ lean, take }: OpenApi) {
  return {
    async list(options?: Sending): Promise<ApiToken[]> {
      const sent = sending(options);
      return await take(lean.GET("/users/me/api-tokens", sent), sent.signal, (data) => {
        const tokens = data?.apiTokens;
        return Array.isArray(tokens) && tokens.every(isChecked) ? tokens : undefined;
      });
    },

    async create(token: NewApiToken, options?: Sending): Promise<CreatedApiToken> {
      const sent = { ...sending(options), body: checkNewToken(token) };
      return await take(lean.POST("/users/me/api-tokens", sent), sent.signal, (data) =>
        data?.apiToken?.token && isChecked(data.apiToken) ? data.apiToken : undefined,
      );
    },

    async delete(created: string | Date, options?: Sending): Promise<string> {
      const timestamp = toTimestamp(created);
      const sent = { ...sending(options), params: { path: { timestamp } } };
      try {
        return await take(
          lean.DELETE("/users/me/api-tokens/{timestamp}", sent),
          sent.signal,
          (data) => (typeof data?.apiToken === "string" ? data.apiToken : undefined),
        );
      } catch (error) {
        if (error instanceof MakeApiError && error.status === 404 && error.outcome === "unknown") {
          return timestamp;
        }
        throw error;
      }
    },
  };
}

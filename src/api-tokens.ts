import type { paths } from "../generated/paths.js";
import type { CallOptions } from "./options.js";

type Calls = paths["/users/me/api-tokens"];
type Json<Method extends "get" | "post"> =
  Calls[Method]["responses"][200]["content"]["application/json"];

/** The specification marks no field of an answer as required. The client checks these in each. */
export type Checked<Token> = Token & {
  token: string;
  scope: string[];
  created: string;
  label: string;
};

/** A token as lists show it: `token` is masked. */
export interface ApiToken extends Checked<NonNullable<Json<"get">["apiTokens"]>[number]> {}

/** A token as its creation shows it: the only time that `token` can be read. */
export interface CreatedApiToken extends Checked<NonNullable<Json<"post">["apiToken"]>> {}

type NewToken = NonNullable<Calls["post"]["requestBody"]>["content"]["application/json"];

/** A token to be. */
export interface NewApiToken extends Readonly<Omit<NewToken, "scope">> {
  readonly scope: Readonly<NewToken["scope"]>;
}

/** The second argument of `rotate`. */
export interface Rotation {
  /** Keeps the successor where it will be read. The old token is deleted only after it resolved. */
  store: (successor: CreatedApiToken) => unknown;
  /** Default: the old token's. */
  label?: string | undefined;
  /** Default: the old token's. */
  scope?: readonly string[] | undefined;
}

/** The calls on the API tokens of the authenticated user. Each rejects with a `MakeError`. */
export interface ApiTokens {
  /**
   * Lists the tokens, with their secrets masked. Needs the scope `user:read`.
   *
   * @example
   * for (const { label, created } of await make.apiTokens.list()) console.log(label, created);
   */
  list(options?: CallOptions): Promise<ApiToken[]>;

  /**
   * The token that the call was sent with, as lists show it, known by its eight visible
   * characters. Needs the scope `user:read`.
   *
   * @throws MakeError where no token in the list fits, or more than one
   * @example
   * console.log((await make.apiTokens.own()).scope.join(", "));
   */
  own(options?: CallOptions): Promise<ApiToken>;

  /**
   * Creates a token. Needs the scope `user:write`. A call that is aborted, or fails with the outcome
   * `"unknown"`, may have created one: look for it with `list`.
   *
   * @throws TypeError where the label or the scope is missing
   * @example
   * const { token, created } = await make.apiTokens.create({ label: "ci", scope: ["user:read"] });
   * await secrets.write("MAKE_API_KEY", token);
   */
  create(token: NewApiToken, options?: CallOptions): Promise<CreatedApiToken>;

  /**
   * Deletes the token that was created at that time, and returns that timestamp. Needs the scope
   * `user:write`. A 404 after an attempt that may have succeeded is a success.
   *
   * @throws TypeError where `created` is not a full RFC 3339 date-time
   * @example
   * const { created } = await make.apiTokens.create({ label: "trial", scope: ["user:read"] });
   * await make.apiTokens.delete(created);
   */
  delete(created: string | Date, options?: CallOptions): Promise<string>;

  /**
   * Replaces a token: creates its successor, awaits `store`, and only then deletes the old one.
   * Both stay alive if `store` rejects; after a `NotStoredError`, the successor is deleted again and
   * that error passed on. The signal is obeyed until the successor's creation is sent. To replace
   * the client's own token, the option `token` has to be a function that reads what `store` wrote.
   * Needs the scopes `user:read` and `user:write`.
   *
   * @throws MakeError with `successor` if that token is left alive
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

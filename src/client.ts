import type { ApiTokens } from "./api-tokens.js";
import { create, list, own, remove } from "./calls.js";
import { createFacade } from "./openapi/facade.js";
import { createRaw, type RawClient } from "./openapi/raw.js";
import { type KnownZone, type MakeClientOptions, resolveOptions, type Zone } from "./options.js";
import { rotate } from "./rotate.js";

/** A client for one zone and one token. */
export interface MakeClient {
  /** The zone's name, or the host where `baseUrl` was given. */
  readonly zone: string;
  /** All before the paths of the specification, without a slash at its end. */
  readonly baseUrl: string;
  readonly apiTokens: ApiTokens;
  /**
   * The openapi-fetch client, typed by every path in the specification, with the authentication,
   * timeouts and retries of this client. It returns an error answer as `{ error, response }`, and
   * rejects with a `MakeError` where there is no usable answer.
   *
   * @example
   * const { data, error } = await make.raw.GET("/users/me/api-tokens");
   */
  readonly raw: RawClient;
}

/**
 * Makes a client. It sends nothing, and keeps the token where no inspection shows it.
 *
 * @throws TypeError where an option is wrong, or the zone or the token is missing
 * @example
 * const make = createMakeClient({ zone: "eu1", token: process.env.MAKE_API_KEY });
 */
export function createMakeClient<Name extends string = Zone>(
  options: MakeClientOptions & { zone?: KnownZone<Name> | undefined } = {},
): MakeClient {
  const resolved = resolveOptions(options);
  const { zone, baseUrl } = resolved;
  const facade = createFacade(resolved);
  const apiTokens: ApiTokens = {
    list: async (options) => (await list(facade, options)).tokens,
    own: (options) => own(facade, options),
    create: async (token, options) => (await create(facade, token, options)).token,
    delete: (created, options) => remove(facade, created, options),
    rotate: (created, rotation, options) => rotate(facade, created, rotation, options),
  };
  return { zone, baseUrl, apiTokens, raw: createRaw(resolved) };
}

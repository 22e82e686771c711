export type { paths } from "../generated/paths.js";
export type { ApiToken, ApiTokens, CreatedApiToken, NewApiToken, Rotation } from "./api-tokens.js";
export { createMakeClient, type MakeClient } from "./client.js";
export {
  MakeApiError,
  MakeConnectionError,
  MakeError,
  MakeResponseError,
  MakeTimeoutError,
  NotStoredError,
  type CallFacts,
  type Outcome,
} from "./errors.js";
export {
  type Attempt,
  type CallOptions,
  type FetchedResponse,
  type FetchInit,
  type MakeClientOptions,
  type Zone,
  type ZoneHost,
  zones,
} from "./options.js";

export type { paths } from "../generated/paths.js";
export type { ApiToken, ApiTokens, CreatedApiToken, NewApiToken, Rotation } from "./api-tokens.js";
export type { Outcome } from "./call.js";
export { createMakeClient, type MakeClient } from "./client.js";
export {
  type CallFacts,
  MakeApiError,
  MakeConnectionError,
  MakeError,
  MakeResponseError,
  MakeTimeoutError,
  NotStoredError,
} from "./errors.js";
export type {
  ClientMethod,
  ClientRequestMethod,
  DefaultParamsOption,
  Middleware,
  MiddlewareCallbackParams,
  RawClient,
} from "./openapi/raw.js";
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

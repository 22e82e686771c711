import createClient, { type Client, type ClientOptions } from "openapi-fetch";
import type { paths } from "../../generated/paths.js";
import { MakeError, MakeResponseError } from "../errors.js";
import type { Failures } from "../failure.js";
import { type Progress, startProgress } from "../http/call.js";
import type { Send } from "../http/send.js";
import { type CallOptions, type Resolved, resolveCallOptions } from "../options.js";
import { Lean, leanFetch } from "./lean.js";
import { NO_PARAMS, NOTHING } from "./nothing.js";
import type { Operation } from "./operation.js";

/** The openapi-fetch client of the facade, and a start for each of its calls. */
export interface Facade {
  readonly client: Client<paths>;
  /** `finishes`: the signal counts only until the request is sent. */
  readonly start: (operation: Operation, options?: CallOptions, finishes?: boolean) => Exchange;
}

/** One call through the client: down with the operation and the options, up with the data. */
export interface Exchange {
  readonly progress: Progress;
  /** For the call, beside its parameters and its body. */
  readonly init: { readonly fetch?: ClientOptions["fetch"] };
  /**
   * Returns what the caller found in the data.
   *
   * @throws MakeResponseError if that is undefined
   */
  readonly expect: <T>(found: T | undefined) => T;
  /** For a call that changes nothing, and whose answer is right but of no use. */
  readonly createError: (what: string) => MakeError;
}

export function createFacade(resolved: Resolved, send: Send, failures: Failures): Facade {
  const { createError, createApiError, parse } = failures;
  const querySerializer = () => "";
  const { baseUrl } = resolved;
  const settings = { ...NOTHING, baseUrl, querySerializer, Request: Lean, params: NO_PARAMS };

  function start(operation: Operation, given?: CallOptions, finishes?: boolean): Exchange {
    const options = resolveCallOptions(resolved, given);
    const progress = startProgress(operation, finishes);
    const fetch = leanFetch(async ({ method, url, headers, body }) => {
      const answer = await send({
        progress,
        method,
        url,
        headers,
        body,
        settings: undefined,
        options,
      });
      if (!answer.head.ok) throw createApiError(answer);
      return parse(answer);
    });
    return {
      progress,
      init: { ...settings, fetch },
      expect(found) {
        if (found !== undefined) return found;
        const what = "the answer is not what the specification documents";
        throw createError(MakeResponseError, progress, what);
      },
      createError: (what) => createError(MakeError, { ...progress, outcome: "not-sent" }, what),
    };
  }

  return { client: createClient<paths>(settings), start };
}

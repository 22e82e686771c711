import createClient, { type ClientOptions } from "openapi-fetch";
import type { paths } from "../../generated/paths.js";
import { type Answered, type Call, type Operation, textOf } from "../call.js";
import { apiError, failure, MakeResponseError, parseJson } from "../errors.js";
import { send } from "../http/send.js";
import { type CallOptions, type FetchInit, type Resolved, resolveCallOptions } from "../options.js";

type Fetch = NonNullable<ClientOptions["fetch"]>;

/**
 * A `Request` and a `Response` would cost a call more than all else that it does, so openapi-fetch
 * is given objects with no more than what it reads; the casts to `typeof Request` and `Fetch` are
 * the only ones.
 */
type LeanRequest = Pick<Call, "method" | "url" | "headers" | "settings">;

/** openapi-fetch calls it with `new`, which then gives the object that the function returns. */
function leanRequest(url: string, { method, body }: FetchInit): LeanRequest {
  const headers: Call["headers"] = body ? [["Content-Type", "application/json"]] : [];
  return { method, url, headers, settings: { body } };
}

/** The openapi-fetch client of the facade, and the way of each of its calls. */
export type Facade = ReturnType<typeof createFacade>;

export function createFacade(resolved: Resolved) {
  const { baseUrl } = resolved;
  const Request = leanRequest as unknown as typeof globalThis.Request;
  return {
    client: createClient<paths>({ baseUrl, Request, querySerializer: () => "" }),

    /**
     * Sends the one call that `run` makes with `init`. Resolves for a status of 2xx, also without
     * data.
     *
     * @throws MakeApiError, and what `send` throws
     */
    async exchange<Data>(
      operation: Operation,
      options: CallOptions | undefined,
      run: (init: { readonly fetch: Fetch }) => Promise<{ readonly data?: Data }>,
      finishes?: boolean,
    ) {
      const client = resolveCallOptions(resolved, options);
      const got: { answered?: Answered } = {};
      const fetch = (request: LeanRequest) => ({
        ok: true,
        // Any length makes openapi-fetch ask for `json()`. It passes on whatever that rejects with;
        // of `fetch` it would swallow what is falsy, as a signal's reason may be.
        headers: { get: () => "1" },
        async json() {
          got.answered = await send(Object.assign(request, { operation, client, finishes }));
          return dataOf(got.answered);
        },
      });
      // openapi-fetch sets the method: to replace a key of a copy is much faster than to add one.
      const init = { fetch: fetch as unknown as Fetch, method: "" };
      const { data } = await run(init);
      // openapi-fetch has called `fetch`, for nothing but the data.
      return { data, answered: got.answered! };
    },
  };
}

/** @throws MakeResponseError where it is not JSON */
function dataOf(answered: Answered): unknown {
  const { ok, body } = answered.answer;
  if (!ok) throw apiError(answered);
  if (body.length === 0) return undefined;
  const data = parseJson(textOf(answered));
  if (data === undefined) throw failure(MakeResponseError, answered, "the answer is not JSON");
  return data;
}

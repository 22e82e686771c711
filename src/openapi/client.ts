import createClient, { type ClientOptions } from "openapi-fetch";
import type { paths } from "../../generated/paths.js";
import { type Answered, textOf } from "../call.js";
import { apiError, failure, MakeResponseError } from "../errors.js";
import type { Send } from "../http/send.js";
import { type CallOptions, type Resolved, resolveCallOptions } from "../options.js";
import type { Operation } from "./operation.js";

type Fetch = NonNullable<ClientOptions["fetch"]>;

/** The openapi-fetch client of the facade, and the way of each of its calls. */
export type Facade = ReturnType<typeof createFacade>;

export function createFacade(resolved: Resolved, send: Send) {
  const { baseUrl } = resolved;
  return {
    client: createClient<paths>({ baseUrl, Request: Lean, querySerializer: () => "" }),

    /**
     * Sends the one call that `run` makes with `init`. Resolves for a status of 2xx, also without data.
     *
     * @throws MakeApiError, and what `send` throws
     */
    async exchange<Data>(
      operation: Operation,
      options: CallOptions | undefined,
      run: (init: { readonly fetch: Fetch }) => Promise<{ readonly data?: Data }>,
      finishes?: boolean,
    ) {
      const limits = resolveCallOptions(resolved, options);
      const got: { answered?: Answered } = {};
      const fetch = leanFetch(async (request) => {
        got.answered = await send({ ...request, operation, limits, finishes });
        return dataOf(got.answered);
      });
      const { data } = await run({ fetch });
      // openapi-fetch has called `fetch`, for nothing but the data.
      return { data, answered: got.answered! };
    },
  };
}

/** @throws MakeResponseError where it is not JSON; a `SyntaxError` quotes what may be a secret */
function dataOf(answered: Answered): unknown {
  const { ok, body } = answered.answer;
  if (!ok) throw apiError(answered);
  if (body.length === 0) return undefined;
  try {
    return JSON.parse(textOf(answered));
  } catch {
    throw failure(MakeResponseError, answered, "the answer is not JSON");
  }
}

/** A request as openapi-fetch makes it of a call: with JSON, or without a body. */
interface LeanRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: [name: string, value: string][];
  readonly body: string | undefined;
}

/** openapi-fetch calls it with `new`, which then gives the object that the function returns. */
function leanRequest(url: string, { method, body }: LeanRequest): LeanRequest {
  const headers: LeanRequest["headers"] = body ? [["Content-Type", "application/json"]] : [];
  return { url, method, headers, body };
}

/**
 * A `Request` and a `Response` would cost a call more than all else that it does, so openapi-fetch
 * is given objects with no more than what it reads; the casts here and in `leanFetch` are the only
 * ones.
 */
const Lean = leanRequest as unknown as typeof Request;

/**
 * It sends only when `json()` is asked for, because openapi-fetch passes on whatever that rejects
 * with, but swallows a falsy rejection of `fetch`, as a signal's reason may be.
 */
function leanFetch(send: (request: LeanRequest) => Promise<unknown>): Fetch {
  // Any length makes openapi-fetch ask for `json()`.
  const headers = { get: () => "1" };
  const fetch = async (request: LeanRequest) => {
    return { ok: true, status: 200, headers, json: () => send(request) };
  };
  return fetch as unknown as Fetch;
}

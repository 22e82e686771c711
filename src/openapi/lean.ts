/**
 * A `Request` and a `Response` would cost a call of the facade more than all else that it does. So
 * openapi-fetch is given objects with no more than what it reads; the casts here are the only ones.
 */
import type { ClientOptions } from "openapi-fetch";

/** A request as openapi-fetch makes it of a call. */
export interface LeanRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Headers;
  readonly body: string | undefined;
}

/** openapi-fetch calls it with `new`, which then gives the object that the function returns. */
function leanRequest(url: string, { method, headers, body }: LeanRequest): LeanRequest {
  return { url, method, headers, body };
}

/** For openapi-fetch's option `Request`. */
export const Lean = leanRequest as unknown as typeof Request;

type Fetch = NonNullable<ClientOptions["fetch"]>;

/** Any length makes openapi-fetch ask for `json()`. */
const headers = { get: () => "1" };

/**
 * For openapi-fetch's option `fetch`: a function that sends a request and returns the data of the
 * answer. It sends only when `json()` is asked for, because openapi-fetch passes on whatever that
 * rejects with, and of the rejections of `fetch` none that is falsy, as a signal's reason may be.
 */
export function leanFetch(send: (request: LeanRequest) => Promise<unknown>): Fetch {
  const fetch = async (request: LeanRequest) => {
    return { ok: true, status: 200, headers, json: () => send(request) };
  };
  return fetch as unknown as Fetch;
}

import type { Answer, Call, Progress } from "../call.js";
import { isControlFlow } from "../errors.js";
import type { FetchedResponse, FetchInit } from "../options.js";
import { EXPIRED, ignore, within } from "./deadline.js";
import { classify } from "./network.js";
import { type EndKind, retryAfterOf, waitAfter } from "./retry.js";

/** How an attempt ended. */
export interface End {
  readonly kind: EndKind;
  /** Set if there is no whole answer: for logs, such as `ECONNRESET`. */
  readonly code?: string;
  readonly cause?: unknown;
  /** Without its body if that broke off, or if the request is sent again. */
  readonly answer?: Answer | undefined;
  /** The wait before the next attempt, if there is one. */
  readonly retryInMs?: number | undefined;
}

/** What an attempt has got so far. */
interface Got {
  answer?: Answer;
  /** The body, or the reader of it. */
  open?: unknown;
}

/** An answer came, and nobody can use it. The message says why. */
class Unusable extends Error {}

/** Sends the request once. It never rejects: each way to end is a value. */
export async function attempt(call: Call, progress: Progress, timeout: number): Promise<End> {
  const { signal, maxBytes } = call.client;
  const got: Got = {};
  try {
    return await within(timeout, signal, async (inner) => {
      const response = await fetchOnce(call, progress.token, inner);
      got.open = Object(response).body;
      // A fetch that ignores its signal may answer when nobody waits any more.
      if (inner.aborted) discard(got);
      const answer = (got.answer = headOf(response));
      const { status: kind, ok, retryAfterMs } = answer;
      // Decided before the body is read, which nobody needs if there is another attempt.
      const retryInMs = ok ? undefined : waitAfter(kind, call, progress, retryAfterMs);
      if (retryInMs === undefined) answer.body = await read(response, maxBytes, got);
      else discard(got);
      return { kind, answer, retryInMs };
    });
  } catch (error) {
    discard(got);
    const { answer } = got;
    // An error keeps its status, and half a body could end in half a secret.
    if (answer?.ok === false && !signal?.aborted) return { kind: answer.status, answer };
    const [kind, code = `${kind}`] = reasonOf(error, got, signal);
    return { kind, code, cause: error, answer, retryInMs: waitAfter(kind, call, progress) };
  }
}

function fetchOnce(call: Call, token: string, signal: AbortSignal) {
  const { client, method, url, headers, settings } = call;
  // On workerd, the global one refuses to be called as a method.
  const { fetch, userAgent } = client;
  const own: FetchInit = {
    method,
    headers: [...headers, ["Authorization", `Token ${token}`], ["User-Agent", userAgent]],
    // To follow a redirect would turn a POST into a GET, or carry the request elsewhere.
    redirect: "manual",
    signal,
  };
  return fetch(url, Object.assign({}, client.settings, settings, own));
}

function reasonOf(error: unknown, { answer }: Got, signal?: AbortSignal): [EndKind, string?] {
  if (signal?.aborted || isControlFlow(error)) return ["aborted"];
  if (error === EXPIRED) return ["timeout"];
  if (error instanceof Unusable) return ["unusable"];
  const [failure, code] = classify(error);
  // The failure of a body proves nothing about the request.
  return [answer ? "network" : failure, code];
}

/** Checks the answer, because a mock may return anything. */
function headOf(response: FetchedResponse): Answer {
  const { status, headers }: Partial<FetchedResponse> = Object(response);
  if (typeof status !== "number" || typeof headers?.get !== "function")
    throw new Unusable("fetch returned no Response");
  const ok = status >= 200 && status < 300;
  const retryAfterMs = ok ? undefined : retryAfterOf(headers);
  return { status, ok, headers, retryAfterMs, body: new Uint8Array() };
}

/** Lets go of a body that nobody will read, be it a web stream or one of Node's. */
function discard({ open }: Got): void {
  const { cancel, destroy } = Object(open);
  (async () => (cancel ?? destroy)?.call(open))().catch(ignore);
}

type Bytes = Answer["body"];

/** @throws Unusable where there are more than `maxBytes`, or something else than bytes */
async function read(response: FetchedResponse, maxBytes: number, got: Got): Promise<Bytes> {
  const chunks: Bytes[] = [];
  let size = 0;
  const take = (chunk: Bytes): void => {
    if (!ArrayBuffer.isView(chunk)) throw new Unusable("the body of the answer is not bytes");
    size += chunk.byteLength;
    if (size > maxBytes) throw new Unusable(`the answer is larger than maxBytes, ${maxBytes}`);
    chunks.push(chunk);
  };
  const reader: ReadableStreamDefaultReader<Bytes> = Object(response.body).getReader?.();
  if (reader) {
    got.open = reader;
    for (let it = await reader.read(); !it.done; it = await reader.read()) take(it.value);
  } else take(new Uint8Array(await response.arrayBuffer()));
  const [only = new Uint8Array()] = chunks;
  return chunks.length < 2 ? only : new Uint8Array(await new Blob(chunks).arrayBuffer());
}

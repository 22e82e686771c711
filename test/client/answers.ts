import { CREATED, MADE, MASKED } from "./fixtures.js";

/** A request as an injected `fetch` gets it. */
export interface Sent {
  readonly url: string;
  readonly method: string;
  readonly headers: Headers;
  readonly init: RequestInit;
  readonly signal: AbortSignal;
}
export type Answering = (sent: Sent) => Response | Promise<Response>;

export const json = (body: unknown, init?: ResponseInit): Response => Response.json(body, init);
/** The documented answer to any of the calls. */
export const succeeding: Answering = ({ method }) =>
  json({ apiTokens: [MASKED], apiToken: method === "POST" ? MADE : CREATED });
export const answering =
  (status: number, headers: Record<string, string> = {}, body = ""): Answering =>
  () =>
    new Response([204, 304].includes(status) ? null : body, { status, headers });
export const rejecting =
  (reason: unknown): Answering =>
  () =>
    Promise.reject(reason);
export const throwing = (reason: unknown) => (): never => {
  throw reason;
};
/** A fetch that ignores its signal, and never answers. */
export const hanging: Answering = () => new Promise(() => {});

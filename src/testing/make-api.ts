import { randomUUID } from "node:crypto";
import { CREATE, DELETE, LIST, type Operation } from "../openapi/operation.js";

/** A token as the zone keeps it: `token` is the secret itself. */
export interface FakeToken {
  readonly token: string;
  readonly scope: string[];
  readonly created: string;
  readonly label: string;
}

/** An answer; `body` is sent as JSON unless it is a string. */
export interface FakeAnswer {
  /** Default: 200. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Default: empty for 2xx and 3xx, and Make's error body for the others. */
  readonly body?: unknown;
}

/** A request as it came over the wire. */
export interface FakeRequest {
  readonly method: string;
  /** The path with its percent-encoding, and the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** @internal */
export const BASE_PATH = "/api/v2";

/**
 * The form of the body, 403 with SC403 and the words of 429 are documented; other codes are assumed.
 *
 * @internal
 */
export const errorBody = (status: number, detail?: string, suberrors: string[] = []) => ({
  detail:
    detail ??
    (status === 429
      ? "Requests limit for organization exceeded, please try again later."
      : "Access denied."),
  message: status === 403 ? "Permission denied" : `Error ${status}`,
  code: `SC${status}`,
  ...(suberrors.length && { suberrors: suberrors.map((message) => ({ message })) }),
});

const refuse = (status: number, detail?: string, suberrors?: string[]): FakeAnswer => ({
  status,
  body: errorBody(status, detail, suberrors),
});

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** As in Make's example of a list. */
const mask = (token: string): string => `${token.slice(0, 8)}-****-****-****-************`;

function parseNewToken(text: string): Pick<FakeToken, "label" | "scope"> | undefined {
  try {
    const { label, scope } = JSON.parse(text);
    const isValid =
      typeof label === "string" &&
      Array.isArray(scope) &&
      scope.every((it) => typeof it === "string");
    return isValid ? { label, scope } : undefined;
  } catch {
    return undefined;
  }
}

/** An operation, and the zone's work for it. */
interface Route {
  readonly operation: Operation;
  readonly handle: (request: FakeRequest) => FakeAnswer;
}

/** The operation that a request would be, as the specification names it; "" outside of the API. */
function operationNameOf({ method, path }: FakeRequest): string {
  if (!path.startsWith(BASE_PATH)) return "";
  const template = path.slice(BASE_PATH.length).replace(/(\/api-tokens)\/[^/]+$/, "$1/{timestamp}");
  return `${method} ${template}`;
}

/**
 * The documented behaviour of one zone, in memory.
 *
 * @internal
 */
export class FakeMakeApi {
  readonly tokens: FakeToken[] = [];
  /** Times in milliseconds, those of deleted tokens included. */
  readonly #taken = new Set<number>();

  /** `created` is the only identifier, so no two tokens share one, even if the clock stands still. */
  add(label: string, scope: string[], token: string = randomUUID()): FakeToken {
    let time = Date.now();
    while (this.#taken.has(time)) time++;
    this.#taken.add(time);
    const added = { token, scope, created: new Date(time).toISOString(), label };
    this.tokens.push(added);
    return added;
  }

  /** Does what the request asks for, and answers as Make documents it. */
  answer(request: FakeRequest): FakeAnswer {
    const { headers } = request;
    // Assumed: that 401 and 404 are used, and that authentication comes first.
    const caller = this.tokens.find((it) => headers["authorization"] === `Token ${it.token}`);
    if (!caller) return refuse(401);
    const name = operationNameOf(request);
    const route = this.#routes.find(({ operation }) => operation.name === name);
    if (!route) return refuse(404, "Not found.");
    const isAllowed = route.operation.scopes.every((it) => caller.scope.includes(it));
    return isAllowed ? route.handle(request) : refuse(403);
  }

  /** Any other operation of the specification is answered with 404. */
  readonly #routes: readonly Route[] = [
    {
      operation: LIST,
      handle: () => ({
        body: { apiTokens: this.tokens.map((it) => ({ ...it, token: mask(it.token) })) },
      }),
    },
    {
      operation: CREATE,
      handle: ({ body }) => {
        const wanted = parseNewToken(body);
        // Assumed: that a wrong body is a 400 with suberrors.
        if (!wanted) return refuse(400, "Validation failed.", ["label and scope are required"]);
        return { body: { apiToken: this.add(wanted.label, wanted.scope) } };
      },
    },
    {
      operation: DELETE,
      handle: ({ path }) => {
        const created = decode(path.slice(path.lastIndexOf("/") + 1));
        const index = this.tokens.findIndex((it) => it.created === created);
        // Assumed: that an unknown timestamp is a 404.
        if (index < 0) return refuse(404, "Not found.");
        this.tokens.splice(index, 1);
        return { body: { apiToken: created } };
      },
    },
  ];
}

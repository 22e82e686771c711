import { randomUUID } from "node:crypto";
import { STATUS_CODES } from "node:http";
import {
  deleteUsersMeApiTokensByTimestamp as DELETE,
  getUsersMeApiTokens as LIST,
  postUsersMeApiTokens as CREATE,
} from "../../generated/operations.js";

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

/** A request as the zone received it. */
export interface FakeRequest {
  readonly method: string;
  /** The path with its percent-encoding, and the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export const BASE_PATH = "/api/v2";

/** The words that Make documents. Assumed: those of other statuses, which are HTTP's own. */
const DOCUMENTED_ERRORS: Readonly<Record<number, { detail: string; message?: string }>> = {
  403: { detail: "Access denied.", message: "Permission denied" },
  429: { detail: "Requests limit for organization exceeded, please try again later." },
};

/** Documented: the fields, and the code SC403. Assumed: that every code is made of the status. */
export function errorBody(status: number): object {
  const message = STATUS_CODES[status] ?? `Error ${status}`;
  return { detail: `${message}.`, message, code: `SC${status}`, ...DOCUMENTED_ERRORS[status] };
}

const refuse = (status: number): FakeAnswer => ({ status, body: errorBody(status) });

/** As in Make's example of a list. */
const mask = (token: string): string => `${token.slice(0, 8)}-****-****-****-************`;

/** The documented behaviour of one zone, in memory. */
export class FakeMakeApi {
  readonly tokens: FakeToken[] = [];
  /** In milliseconds, those of deleted tokens included. */
  readonly #timestamps = new Set<number>();

  /** `created` is the only identifier, so no two tokens share one, even if the clock stands still. */
  add(label: string, scope: string[], token: string = randomUUID()): FakeToken {
    let time = Date.now();
    while (this.#timestamps.has(time)) time++;
    this.#timestamps.add(time);
    const added = { token, scope, created: new Date(time).toISOString(), label };
    this.tokens.push(added);
    return added;
  }

  /** Does what the request asks for. Assumed: that authentication comes first, with 401. */
  answer(request: FakeRequest): FakeAnswer {
    const { authorization } = request.headers;
    const caller = this.tokens.find(({ token }) => authorization === `Token ${token}`);
    if (!caller) return refuse(401);
    const [path = ""] = request.path.split("?");
    const asked = `${request.method} ${path}`;
    const route = this.#routes.find(({ pattern }) => pattern.test(asked));
    // Assumed: that whatever is not there is a 404, an operation as well as a timestamp.
    if (!route) return refuse(404);
    const isAllowed = route.operation.scopes.every((it) => caller.scope.includes(it));
    if (!isAllowed) return refuse(403);
    const lastSegment = path.slice(path.lastIndexOf("/") + 1);
    return route.handle({ body: request.body, lastSegment });
  }

  readonly #routes: readonly Route[] = [
    route(LIST, () => ({
      body: { apiTokens: this.tokens.map((it) => ({ ...it, token: mask(it.token) })) },
    })),
    route(CREATE, ({ body }) => {
      const wanted = parseNewToken(body);
      if (wanted) return { body: { apiToken: this.add(wanted.label, wanted.scope) } };
      // Assumed: the status, and that suberrors say what is wrong.
      const suberrors = [{ message: "label and scope are required" }];
      return { status: 400, body: { ...errorBody(400), suberrors } };
    }),
    route(DELETE, ({ lastSegment }) => {
      const index = this.tokens.findIndex((it) => it.created === decode(lastSegment));
      if (index < 0) return refuse(404);
      const [deleted] = this.tokens.splice(index, 1);
      return { body: { apiToken: deleted?.created } };
    }),
  ];
}

interface Operation {
  /** Such as `DELETE /users/me/api-tokens/{timestamp}`. */
  readonly name: string;
  readonly scopes: readonly string[];
}

interface Route {
  readonly operation: Operation;
  /** Of the methods and paths that it answers. */
  readonly pattern: RegExp;
  readonly handle: (request: { body: string; lastSegment: string }) => FakeAnswer;
}

function route(operation: Operation, handle: Route["handle"]): Route {
  const template = operation.name.replace(" ", ` ${BASE_PATH}`).replace(/\{\w+\}/g, "[^/]+");
  const pattern = new RegExp(`^${template}$`);
  return { operation, pattern, handle };
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function parseNewToken(text: string): Pick<FakeToken, "label" | "scope"> | undefined {
  try {
    const { label, scope } = JSON.parse(text);
    const isList = Array.isArray(scope) && scope.every((it) => typeof it === "string");
    return typeof label === "string" && isList ? { label, scope } : undefined;
  } catch {
    return undefined;
  }
}

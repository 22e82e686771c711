import { Make } from "@makehq/sdk";
import createClient, { type Client } from "openapi-fetch";
import type { paths } from "../../generated/paths.js";
import { connectByHand } from "./by-hand.js";
import { loadOurs } from "./measure.js";

/** The work that is compared, written for each peer as its own documentation would. */
export interface Tokens {
  list(): Promise<unknown>;
  delete(created: string): Promise<unknown>;
}

export interface Zone {
  readonly baseUrl: string;
  readonly token: string;
}

interface Answer {
  readonly apiTokens?: unknown[];
}

const PATH = "/users/me/api-tokens";
const at = (created: string): string => `${PATH}/${encodeURIComponent(created)}`;

function byPaths(client: Client<paths>): Tokens {
  const check = <Data>({ data, response }: { data?: Data; response: Response }) => {
    if (!response.ok) throw new Error(`status ${response.status}`);
    return data;
  };
  return {
    list: async () => check(await client.GET(PATH))?.apiTokens,
    delete: async (timestamp) =>
      check(await client.DELETE(`${PATH}/{timestamp}`, { params: { path: { timestamp } } })),
  };
}

export const clients = {
  async "bare fetch"({ baseUrl, token }: Zone): Promise<Tokens> {
    const send = async (method: string, path: string): Promise<Answer> => {
      const headers = { Authorization: `Token ${token}` };
      const response = await fetch(baseUrl + path, { method, headers });
      if (!response.ok) throw new Error(`status ${response.status}`);
      return response.json();
    };
    return {
      list: async () => (await send("GET", PATH)).apiTokens,
      delete: (created) => send("DELETE", at(created)),
    };
  },

  "openapi-fetch": async ({ baseUrl, token }: Zone): Promise<Tokens> =>
    byPaths(createClient<paths>({ baseUrl, headers: { Authorization: `Token ${token}` } })),

  "by hand, through openapi-fetch": async ({ baseUrl, token }: Zone): Promise<Tokens> =>
    byPaths(connectByHand(baseUrl, token)),

  "make-api-tokens": async (zone: Zone): Promise<Tokens> =>
    (await loadOurs()).createMakeClient(zone).apiTokens,

  "make-api-tokens, raw": async (zone: Zone): Promise<Tokens> =>
    byPaths((await loadOurs()).createMakeClient(zone).raw),

  /** It has no calls for API tokens, so these go through the method that all its calls go through. */
  async "@makehq/sdk"({ baseUrl, token }: Zone): Promise<Tokens> {
    const { protocol, host } = new URL(baseUrl);
    const make = new Make(token, host);
    make.protocol = protocol.slice(0, -1);
    return {
      list: async () => (await make.fetch<Answer>(PATH)).apiTokens,
      delete: (created) => make.fetch(at(created), { method: "DELETE" }),
    };
  },
};

export type Name = keyof typeof clients;
export const names = Object.keys(clients) as Name[];

/** Every peer's client for a zone, by name. */
export async function connect(zone: Zone): Promise<Record<Name, Tokens>> {
  const made = names.map(async (name) => [name, await clients[name](zone)] as const);
  return Object.fromEntries(await Promise.all(made)) as Record<Name, Tokens>;
}

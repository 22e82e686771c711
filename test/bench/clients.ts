import { Make } from "@makehq/sdk";
import createClient from "openapi-fetch";
import type { paths } from "../../generated/paths.js";
import { connectByHand } from "./by-hand.js";
import { loadOurs } from "./measure.js";
import type { Tokens, Zone } from "./tokens.js";

interface Answer {
  readonly apiTokens?: unknown[];
}

const PATH = "/users/me/api-tokens";
const ONE = "/users/me/api-tokens/{timestamp}";
const at = (created: string): string => `${PATH}/${encodeURIComponent(created)}`;

export const OURS = "make-api-tokens";

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

  "by hand, through openapi-fetch": async (zone: Zone): Promise<Tokens> => connectByHand(zone),

  async "openapi-fetch"({ baseUrl, token }: Zone): Promise<Tokens> {
    const client = createClient<paths>({ baseUrl, headers: { Authorization: `Token ${token}` } });
    const check = <Data>({ data, response }: { data?: Data; response: Response }) => {
      if (!response.ok) throw new Error(`status ${response.status}`);
      return data;
    };
    return {
      list: async () => check(await client.GET(PATH))?.apiTokens,
      delete: async (timestamp) =>
        check(await client.DELETE(ONE, { params: { path: { timestamp } } })),
    };
  },

  [OURS]: async (zone: Zone): Promise<Tokens> =>
    (await loadOurs()).createMakeClient(zone).apiTokens,

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

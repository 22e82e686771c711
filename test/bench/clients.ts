import createClient from "openapi-fetch";
import type { paths } from "../../generated/paths.js";
import type * as Ours from "../../src/index.js";
import { connectByHand, connectThroughOpenapiFetch } from "./by-hand.js";
import type { Tokens, Zone } from "./tokens.js";

/** Loaded by name at run time, because the peers need not be there when types are checked. */
const load = async <Module>(name: string): Promise<Module> => (await import(name)) as Module;

interface Ky {
  create(
    options: object,
  ): Record<"get" | "delete", (path: string) => { json(): Promise<{ apiTokens?: unknown[] }> }>;
}

interface Axios {
  request(config: object): Promise<{ data: { apiTokens?: unknown[] } }>;
}

interface Sdk {
  Make: new (
    token: string,
    zone: string,
  ) => {
    protocol: string;
    fetch(path: string, options?: object): Promise<{ apiTokens?: unknown[] }>;
  };
}

const PATH = "/users/me/api-tokens";
const ONE = "/users/me/api-tokens/{timestamp}";

export const OURS = "make-api-tokens";

export const clients = {
  "bare fetch": async ({ baseUrl, token }: Zone): Promise<Tokens> => {
    const headers = { Authorization: `Token ${token}` };
    const send = async (method: string, path: string) => {
      const response = await fetch(baseUrl + path, { method, headers });
      if (!response.ok) throw new Error(`status ${response.status}`);
      return (await response.json()) as { apiTokens?: unknown[] };
    };
    return {
      list: async () => (await send("GET", PATH)).apiTokens,
      delete: (created) => send("DELETE", `${PATH}/${encodeURIComponent(created)}`),
    };
  },

  "by hand": async (zone: Zone): Promise<Tokens> => connectByHand(zone),

  "by hand, through openapi-fetch": async (zone: Zone): Promise<Tokens> =>
    connectThroughOpenapiFetch(zone),

  "openapi-fetch": async ({ baseUrl, token }: Zone): Promise<Tokens> => {
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

  [OURS]: async (zone: Zone): Promise<Tokens> => {
    const { createMakeClient } = await load<typeof Ours>(
      new URL("../../dist/index.js", import.meta.url).href,
    );
    return createMakeClient(zone).apiTokens;
  },

  /** It has no calls for API tokens, so these go through the method that all its calls go through. */
  "@makehq/sdk": async ({ baseUrl, token }: Zone): Promise<Tokens> => {
    const { Make } = await load<Sdk>("@makehq/sdk");
    const { protocol, host } = new URL(baseUrl);
    const make = new Make(token, host);
    make.protocol = protocol.slice(0, -1);
    return {
      list: async () => (await make.fetch(PATH)).apiTokens,
      delete: (created) =>
        make.fetch(`${PATH}/${encodeURIComponent(created)}`, { method: "DELETE" }),
    };
  },

  ky: async ({ baseUrl, token }: Zone): Promise<Tokens> => {
    const { default: ky } = await load<{ default: Ky }>("ky");
    const client = ky.create({ prefix: baseUrl, headers: { Authorization: `Token ${token}` } });
    return {
      list: async () => (await client.get(PATH).json()).apiTokens,
      delete: (created) => client.delete(`${PATH}/${encodeURIComponent(created)}`).json(),
    };
  },

  /** As OpenAPI Generator's typescript-axios writes it: the configuration of each call is built, then sent. */
  axios: async ({ baseUrl, token }: Zone): Promise<Tokens> => {
    const { default: axios } = await load<{ default: Axios }>("axios");
    const configuration = { apiKey: async (_name: string) => `Token ${token}` };
    const send = async (method: string, path: string) => {
      const url = new URL(path, "https://example.com");
      const headers = { Authorization: await configuration.apiKey("Authorization") };
      url.search = new URLSearchParams(url.search).toString();
      const config = { method, headers, url: `${baseUrl}${url.pathname}${url.search}${url.hash}` };
      return (await axios.request({ ...config, adapter: "fetch" })).data;
    };
    return {
      list: async () => (await send("GET", PATH)).apiTokens,
      delete: (created) => send("DELETE", ONE.replace("{timestamp}", encodeURIComponent(created))),
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

const created = (second: number): string =>
  new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();

/** A timestamp to delete, and what Make answers to it. */
export const CREATED = created(0);
export const DELETED = JSON.stringify({ apiToken: CREATED });

/** Twenty tokens, as Make lists them. */
export const LIST = JSON.stringify({
  apiTokens: Array.from({ length: 20 }, (_, at) => ({
    token: `${(at * 0x0f1e2d3).toString(16).padStart(8, "0")}-****-****-****-************`,
    scope: ["user:read", "user:write", "scenarios:read"],
    created: created(at),
    label: `The token of service ${at}`,
  })),
});

export const HEADERS = { "Content-Type": "application/json; charset=utf-8" };

/** Answers without a network; to be called before the peers are loaded, because some keep `fetch`. */
export function stubFetch(): void {
  globalThis.fetch = async (input, init) => {
    const { method = "GET" } = input instanceof Request ? input : (init ?? {});
    return new Response(method === "DELETE" ? DELETED : LIST, { headers: HEADERS });
  };
}

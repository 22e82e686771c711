import { createMakeClient, MakeApiError, MakeError } from "make-api-tokens";

/** A token, and base URLs of zones that hold it; nobody listens at `closed`. */
export type Zones = Record<
  "token" | "works" | "redirects" | "stalls" | "truncates" | "closed",
  string
>;

/** How each call failed: the class, the outcome, and the status or the code. */
export type Failures = Record<
  "forbidden" | "redirected" | "stalled" | "truncated" | "refused" | "aborted",
  string
>;

function expect(holds: boolean, what: string): void {
  if (!holds) throw new Error(`not so: ${what}`);
}

/** A client's life in any runtime: every call of the facade, and each way to fail. */
export async function live({ token, ...zones }: Zones): Promise<Failures> {
  const { apiTokens, raw } = createMakeClient({ baseUrl: zones.works, token });
  const before = await apiTokens.list();
  expect(
    before.every((it) => it.token.endsWith("****")),
    "lists are masked",
  );
  const { created, token: secret } = await apiTokens.create({ label: "ci", scope: ["user:read"] });
  const reader = createMakeClient({ baseUrl: zones.works, token: secret });
  expect((await reader.apiTokens.list()).length === before.length + 1, "the secret can be used");
  const forbidden = await failureOf(reader.apiTokens.create({ label: "no", scope: [] }));

  let stored = "";
  const store = (it: { token: string }): void => void (stored = it.token);
  const successor = await apiTokens.rotate(created, { store });
  expect(stored === successor.token && stored !== secret, "rotate stores a new secret");
  expect((await apiTokens.delete(successor.created)) === successor.created, "delete returns");
  const after = await raw.GET("/users/me/api-tokens");
  expect(JSON.stringify(after.data?.apiTokens) === JSON.stringify(before), "all is as before");

  const listAt = async (baseUrl: string, timeout = 10_000, signal?: AbortSignal) => {
    let code: string | undefined;
    const onAttempt = ({ error }: { error?: string }) => (code = error);
    const client = createMakeClient({ baseUrl, token, retries: 0, timeout, onAttempt });
    const failure = await failureOf(client.apiTokens.list(signal ? { signal } : {}));
    // Told in a microtask of its own.
    await Promise.resolve();
    return code ? `${failure} ${code}` : failure;
  };
  return {
    forbidden,
    redirected: await listAt(zones.redirects),
    stalled: await listAt(zones.stalls, 100),
    truncated: await listAt(zones.truncates),
    refused: await listAt(zones.closed),
    aborted: await listAt(zones.stalls, 10_000, AbortSignal.timeout(100)),
  };
}

async function failureOf(call: Promise<unknown>): Promise<string> {
  const error: unknown = await call.then(
    () => new Error("it succeeded"),
    (reason) => reason,
  );
  if (error instanceof MakeApiError) return `${error.name} ${error.outcome} ${error.status}`;
  if (error instanceof MakeError) return `${error.name} ${error.outcome}`;
  return error instanceof Error ? error.name : String(error);
}

import { deepEqual, equal } from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type * as Client from "make-api-tokens";
import type { Checks } from "./checks.js";
import { freePort, serve } from "./commands.js";
import { NAME, ROOT, tool } from "./paths.js";
import type { Workplace } from "./workplace.js";

const TIMESTAMP = "2020-03-27T05:53:27.368Z";

/** Prism serves the specification and validates what it is sent; its answers are made from the schemas. */
async function startPrism({ env }: Workplace) {
  const port = String(await freePort());
  const cli = tool("@stoplight/prism-cli/dist/index.js");
  const args = [cli, "mock", "--host", "127.0.0.1", "--port", port];
  const specification = join(ROOT, "spec/openapi.json");
  return serve(process.execPath, [...args, specification], /listening on (http:\S+)/, { env });
}

/** The client's calls, before a validating server that knows the specification alone. */
export async function askJudge(checks: Checks, folder: string, workplace: Workplace) {
  const entry = join(folder, `node_modules/${NAME}/dist/index.js`);
  const client = (await import(pathToFileURL(entry).href)) as typeof Client;
  const { createMakeClient, MakeApiError } = client;
  await using prism = await startPrism(workplace);
  const options = { baseUrl: prism.found, token: "secret", retries: 0 };
  const { apiTokens, raw } = createMakeClient(options);

  /** The calls of a client whose requests are changed on their way. */
  const tampered = (change: (init: RequestInit) => RequestInit) =>
    createMakeClient({ ...options, fetch: (url, init) => fetch(url, change({ ...init })) })
      .apiTokens;

  const refused = async (call: Promise<unknown>, status: number) => {
    const error: unknown = await call.then(
      () => new Error("it was accepted"),
      (reason) => reason,
    );
    if (!(error instanceof MakeApiError)) throw error;
    deepEqual([error.status, error.outcome], [status, "rejected"]);
    return error.detail;
  };

  await checks.check("Prism accepts list", async () => {
    const [token] = await apiTokens.list();
    deepEqual(Object.keys(token ?? {}).sort(), ["created", "label", "scope", "token"]);
  });
  await checks.check("Prism accepts create", async () => {
    const { token } = await apiTokens.create({ label: "ci", scope: ["user:read"] });
    equal(typeof token, "string");
  });
  await checks.check("Prism accepts delete", () => apiTokens.delete(TIMESTAMP));
  await checks.check("Prism accepts a call on raw", async () => {
    const { data, response } = await raw.GET("/users/me/api-tokens");
    equal(response.status, 200);
    equal(data?.apiTokens?.length, 1);
  });
  await checks.check("Prism refuses a wrong body: MakeApiError", async () => {
    const { create } = tampered((init) => ({ ...init, body: '{"label":1}' }));
    return refused(create({ label: "ci", scope: [] }), 422);
  });
  await checks.check("Prism refuses a missing token: MakeApiError", async () => {
    const { list } = tampered((init) => {
      const headers = new Headers(init.headers);
      headers.delete("Authorization");
      return { ...init, headers };
    });
    return refused(list(), 401);
  });
  await checks.check("Prism refuses a wrong timestamp: an error of raw", async () => {
    const params = { path: { timestamp: "yesterday" } };
    const { error, response } = await raw.DELETE("/users/me/api-tokens/{timestamp}", { params });
    equal(response.status, 422);
    equal(typeof error, "object");
  });
}

import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type * as Client from "../src/index.ts";
import type * as Testing from "../src/testing/index.ts";
import { runCommand } from "./lib/command.ts";

// The built package, as users import it.
const built = (file: string): string => new URL(`../dist/${file}`, import.meta.url).href;
const { createMakeClient } = (await import(built("index.cjs"))) as typeof Client;
const { startFakeZone } = (await import(built("testing.cjs"))) as typeof Testing;

/** The life of a token in the embedded zone, and each request as it went over the wire. */
async function showLife(zone: Testing.FakeZone): Promise<void> {
  const { apiTokens } = createMakeClient({ baseUrl: zone.baseUrl, token: zone.token });
  console.log(`A zone in this process, at ${zone.baseUrl}\n`);

  let shown = 0;
  const show = (call: string, result: string): void => {
    console.log(call);
    for (const { method, path, body } of zone.requests.slice(shown))
      console.log(`  → ${method} ${path} HTTP/1.1${body && `   ${body}`}`);
    console.log(`  ← ${result}\n`);
    shown = zone.requests.length;
  };
  const list = async (): Promise<void> => {
    const tokens = await apiTokens.list();
    const lines = tokens.map(({ label, created, token }) => `${label} (${created}) ${token}`);
    show("list()", lines.join("\n    "));
  };

  await list();
  const first = await apiTokens.create({ label: "demo", scope: ["user:read"] });
  const secret = `a secret of ${first.token.length} characters, readable this once`;
  show('create({ label: "demo", scope: ["user:read"] })', `${first.created}, and ${secret}`);
  const vault: string[] = [];
  const store = ({ token }: Client.CreatedApiToken) => void vault.push(token);
  const second = await apiTokens.rotate(first.created, { store });
  const order = "created, then stored, and only then is the old token deleted";
  show(`rotate("${first.created}", { store })`, `${second.created}: ${order}`);
  await list();
  const deleted = await apiTokens.delete(second.created);
  show(`delete("${second.created}")`, `${deleted}, deleted by a path that is encoded once`);
  await list();
}

/** Keeps the zone running, for the command in another terminal. */
async function serve({ baseUrl, token }: Testing.FakeZone): Promise<void> {
  console.log(`A zone without an account, until Ctrl-C. Paste into another terminal:

export MAKE_API_KEY=${token}
tokens() { node "${fileURLToPath(built("cli.js"))}" "$@" --base-url ${baseUrl}; }
tokens list
tokens create --label demo --scope user:read --store 'cat > demo-token'
tokens rotate --label demo --store 'cat > demo-token'
tokens --help`);
  await Promise.race(["SIGINT", "SIGTERM", "SIGHUP"].map((name) => once(process, name)));
}

await runCommand(["serve"], async ({ serve: isServed }) => {
  await using zone = await startFakeZone();
  await (isServed ? serve(zone) : showLife(zone));
});

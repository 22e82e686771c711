import { parseArgs } from "node:util";
import type * as Client from "../src/index.js";
import type * as Testing from "../src/testing/index.js";
import { printable } from "./lib/text.js";

// The built package, as users import it.
const built = (name: string): Promise<unknown> =>
  import(new URL(`../dist/${name}.js`, import.meta.url).href);
const { createMakeClient } = (await built("index")) as typeof Client;
const { startFakeZone } = (await built("testing")) as typeof Testing;

/** The life of a token in the embedded zone, and each request as it went over the wire. */
async function showLife(): Promise<void> {
  await using zone = await startFakeZone();
  const make = createMakeClient({ baseUrl: zone.baseUrl, token: zone.token });
  console.log(`A zone in this process, at ${zone.baseUrl}\n`);

  let shown = 0;
  const show = (call: string, result: string): void => {
    for (const { method, path, body } of zone.requests.slice(shown)) {
      console.log(`${call}\n  → ${method} ${path} HTTP/1.1${body && `   ${body}`}\n  ← ${result}`);
    }
    shown = zone.requests.length;
  };
  const list = async (): Promise<void> => {
    const tokens = await make.apiTokens.list();
    show(
      "list()",
      tokens.map(({ label, created, token }) => `${label} (${created}) ${token}`).join("\n    "),
    );
  };

  await list();
  const created = await make.apiTokens.create({ label: "demo", scope: ["user:read"] });
  show(
    'create({ label: "demo", scope: ["user:read"] })',
    `${created.created} and a secret of ${created.token.length} characters, readable this once`,
  );
  await list();
  show(
    `delete("${created.created}")`,
    `${await make.apiTokens.delete(created.created)}, deleted by a path that is encoded once`,
  );
  await list();
}

/** Lists the real tokens, and changes nothing. */
async function showLive(): Promise<void> {
  const make = createMakeClient();
  console.log(`The API tokens in zone ${make.zone}:`);
  for (const { label, created, scope, token } of await make.apiTokens.list()) {
    console.log(printable(`  ${created}  ${token}  ${label}  [${scope.join(" ")}]`));
  }
}

try {
  const { values } = parseArgs({ options: { live: { type: "boolean", default: false } } });
  await (values.live ? showLive() : showLife());
} catch (error) {
  const isUsage = error instanceof TypeError && "code" in error;
  console.error(printable((error as Error).message));
  console.error(
    isUsage
      ? "Usage: npm run demo, or npm run demo -- --live"
      : "With --live, MAKE_API_KEY and MAKE_ZONE name a token and its zone; without, nothing is needed.",
  );
  process.exitCode = isUsage ? 2 : 1;
}

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { expect, test } from "vitest";
import { run, serve } from "./commands.js";
import type { Failures } from "./consumer/life.js";
import { given } from "./given.js";
import { BUN, DENO, nodeOf, NODES, WORKERD } from "./tools.js";
import { openWorkplace } from "./workplace.js";
import { type Command, inZones, liveIn, NODE_FAILURES } from "./zones.js";

const { consumer } = given();
const { env } = await openWorkplace();

/** What failures look like where fetch tells no more than that there was one. */
const WITHOUT_CODES: Failures = {
  ...NODE_FAILURES,
  truncated: "MakeConnectionError unknown network",
  refused: "MakeConnectionError unknown network",
};

type Row = [name: string, command: Command, failures: Failures];
test.each<Row>([
  ...NODES.map((it): Row => [`Node ${it}`, [nodeOf(it)], NODE_FAILURES]),
  ["Bun", [BUN], { ...NODE_FAILURES, truncated: "MakeConnectionError unknown ECONNRESET" }],
  ["Deno", [DENO, "run", "--no-prompt", "--allow-net=127.0.0.1"], WITHOUT_CODES],
])("the client lives in %s", async (_, command, failures) => {
  expect(await liveIn(consumer, command, { ...env, DENO_NO_UPDATE_CHECK: "1" })).toEqual(failures);
});

test.each(NODES)("client and testing kit can be required on Node %i", async (major) => {
  await run(nodeOf(major), ["require.cjs"], { cwd: consumer, env });
});

/** One worker, which may reach loopback and private networks alone. */
const CONFIG = `using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "life", worker = (
      modules = [(name = "worker", esModule = embed "worker.js")],
      compatibilityDate = "2026-01-01",
    )),
    (name = "internet", network = (allow = ["private"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "life")],
);
`;

test("the client lives in workerd, bundled", async () => {
  const failures = await inZones(async (zones) => {
    const contents = `import { live } from "./life.js";
      const answer = async () => Response.json(await live(${JSON.stringify(zones)}));
      const refuse = (error) => new Response(error.stack, { status: 500 });
      export default { fetch: () => answer().catch(refuse) };`;
    await build({
      stdin: { contents, resolveDir: consumer },
      bundle: true,
      format: "esm",
      conditions: ["workerd", "worker"],
      outfile: join(consumer, "worker.js"),
    });
    await writeFile(join(consumer, "workerd.capnp"), CONFIG);
    const args = ["serve", "workerd.capnp", "--control-fd=1"];
    await using server = await serve(WORKERD, args, /"port":(\d+)/, { cwd: consumer, env });
    return (await fetch(`http://127.0.0.1:${server.found}/`)).text();
  });
  expect(JSON.parse(failures)).toEqual(WITHOUT_CODES);
});

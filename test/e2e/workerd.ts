import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { bundle } from "./bundle.js";
import { serve } from "./commands.js";
import type { Failures } from "./consumer/life.js";
import type { Place } from "./place.js";

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

/** Each request is a life. */
const workerOf = (zones: Place["zones"]): string =>
  `import { live } from "./life.js";
   const answer = async () => Response.json(await live(${JSON.stringify(zones)}));
   const refuse = (error) => new Response(error.stack, { status: 500 });
   export default { fetch: () => answer().catch(refuse) };`;

export async function liveInWorkerd({ folder, workplace, program, zones }: Place) {
  const { text } = await bundle(folder, workerOf(zones), { conditions: ["workerd", "worker"] });
  await writeFile(join(folder, "worker.js"), text);
  await writeFile(join(folder, "workerd.capnp"), CONFIG);
  const args = ["serve", "workerd.capnp", "--control-fd=1"];
  await using server = await serve(program, args, /"port":(\d+)/, {
    cwd: folder,
    env: workplace.env,
  });
  const answer = await fetch(`http://127.0.0.1:${server.found}/`);
  if (!answer.ok) throw new Error(await answer.text());
  return (await answer.json()) as Failures;
}

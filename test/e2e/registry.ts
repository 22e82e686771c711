import { appendFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { freePort, serve } from "./commands.js";
import { tool } from "./tools.js";
import type { Workplace } from "./workplace.js";

export interface Registry extends AsyncDisposable {
  /** Ends in a slash. */
  readonly url: string;
  /** Of its one user. */
  readonly token: string;
}

/**
 * Starts Verdaccio on loopback, as a company's own registry: it keeps the packages named, has others
 * fetched from the configured registry, and only its one user may publish. The workplace's npm is
 * logged in as that user.
 */
export async function startRegistry(workplace: Workplace, ...names: string[]): Promise<Registry> {
  const port = await freePort();
  const folder = await workplace.folder(`registry-${port}`);
  const url = `http://127.0.0.1:${port}/`;
  const own = { access: "$all", publish: "$authenticated" };
  const packages = names.map((name) => [name, own] as const);
  const settings = {
    storage: join(folder, "storage"),
    auth: { htpasswd: { file: join(folder, "htpasswd"), max_users: 1 } },
    uplinks: { upstream: { url: workplace.registry } },
    packages: { ...Object.fromEntries(packages), "**": { access: "$all", proxy: "upstream" } },
    web: { enable: false },
    log: { type: "stdout", format: "pretty", level: "http" },
  };
  // YAML is a superset of JSON.
  const config = join(folder, "config.yaml");
  await writeFile(config, JSON.stringify(settings));
  const args = [tool("verdaccio/bin/verdaccio"), "--config", config, "--listen", url];
  const server = await serve(process.execPath, args, /http address/, { env: workplace.env });

  const user = { name: "team", password: "on loopback only", type: "user", roles: [] };
  const answer = await fetch(`${url}-/user/org.couchdb.user:team`, {
    method: "PUT",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(user),
  });
  const { token } = (await answer.json()) as { token: string };
  await appendFile(workplace.npmrc, `${url.slice("http:".length)}:_authToken=${token}\n`);
  return { url, token, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

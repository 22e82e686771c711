import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { run } from "./commands.js";
import type { Workplace } from "./workplace.js";

/** Serves a repository on loopback as plain files, from which git can clone. */
export async function serveRepository({ folder, env }: Workplace, repository: string) {
  const bare = join(await folder("served"), "repository.git");
  await run("git", ["clone", "--quiet", "--bare", repository, bare], { env });
  await run("git", ["update-server-info"], { cwd: bare, env });
  const server = createServer((request, answer) => {
    const { pathname } = new URL(request.url ?? "/", "http://127.0.0.1");
    readFile(join(bare, pathname.replace("/repository.git", ""))).then(
      (content) => answer.end(content),
      () => answer.writeHead(404).end(),
    );
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/repository.git`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A documentation page on loopback, whose text can change. */
export async function servePage(text: string) {
  const page = { text };
  const server = createServer((_, response) => {
    response.setHeader("Content-Type", "text/markdown; charset=utf-8").end(page.text);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api-tokens.md`,
    page,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

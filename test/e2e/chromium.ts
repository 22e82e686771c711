import { EventEmitter, once } from "node:events";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { bundle } from "./bundle.js";
import { serve } from "./commands.js";
import type { Failures } from "./consumer/life.js";
import type { Place } from "./place.js";

/** Only the page: nothing that a browser does by itself in the background. */
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Passes a request on as it is, and breaks off where the answer does. */
async function forward(origin: string, from: IncomingMessage, to: ServerResponse): Promise<void> {
  const { method, url = "", headers } = from;
  const onward = request(new URL(url.replace(/^\/zone\/\w+/, ""), origin), { method, headers });
  to.on("close", () => onward.destroy());
  from.pipe(onward);
  const [answer] = (await once(onward, "response")) as [IncomingMessage];
  to.writeHead(answer.statusCode ?? 502, answer.headers);
  await pipeline(answer, to);
}

/** One server has the page and the zones, because a browser keeps a page to its own origin. */
export async function liveInChromium({ folder, workplace, program, zones }: Place) {
  const { token, closed, ...open } = zones;
  const page = new EventEmitter<{ told: [string] }>();
  let html = "";
  const server = createServer((incoming, answer) => {
    const { url = "/" } = incoming;
    const zone = /^\/zone\/(\w+)\//.exec(url)?.[1] as keyof typeof open | undefined;
    if (zone) forward(open[zone], incoming, answer).catch(() => answer.destroy());
    else if (url === "/told") void text(incoming).then((it) => page.emit("told", it));
    else answer.setHeader("Content-Type", "text/html").end(html);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const proxied = Object.keys(open).map((name) => [name, `${origin}/zone/${name}/api/v2`]);
    const { text: script } = await bundle(
      folder,
      `import { live } from "./life.js";
       const tell = (it) => fetch("/told", { method: "POST", body: JSON.stringify(it) });
       live(${JSON.stringify({ token, closed, ...Object.fromEntries(proxied) })})
         .then(tell, (error) => tell(error.stack));`,
    );
    html = `<!doctype html><script type="module">${script}</script>`;

    const profile = await workplace.folder("chromium");
    const args = [...FLAGS, `--user-data-dir=${profile}`, origin];
    const told = once(page, "told", { signal: AbortSignal.timeout(60_000) });
    await using browser = await serve(program, args, /^/, { env: workplace.env });
    void browser;
    const failures: Failures | string = JSON.parse((await told)[0]);
    if (typeof failures === "string") throw new Error(failures);
    return failures;
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { type FakeZone, type Fault, startFakeZone } from "../../src/testing/index.js";
import { run } from "./commands.js";
import type { Failures, Zones } from "./consumer/life.js";

/** Starts the zones of a life, and returns how it ended, once its requests have been looked at. */
export async function inZones<T>(live: (zones: Zones) => Promise<T>): Promise<T> {
  const works = await startFakeZone();
  const { token } = works;
  const open = [works];
  async function startBroken(fault: Fault): Promise<FakeZone> {
    const zone = await startFakeZone({ token });
    open.push(zone);
    zone.fail(fault, { times: Infinity });
    return zone;
  }
  const closed = await startBroken("close");
  await closed.close();
  const zones = {
    token,
    works: works.baseUrl,
    redirects: (await startBroken("redirect")).baseUrl,
    stalls: (await startBroken("stall-headers")).baseUrl,
    truncates: (await startBroken("truncate")).baseUrl,
    closed: closed.baseUrl,
  };
  const result = await live(zones);
  await Promise.all(open.map((zone) => zone.close()));
  const seen = works.requests.map(({ method }) => method);
  expect(seen.join(" ")).toBe("GET POST GET POST GET POST GET DELETE DELETE GET");
  expect(works.tokens).toHaveLength(1);
  return result;
}

/** A program that runs a script, and its arguments before the script's name. */
export type Command = readonly [program: string, ...args: string[]];

/** Lives in a folder where the package is installed; how the life's calls failed. */
export const liveIn = (
  folder: string,
  [program, ...args]: Command,
  env: NodeJS.ProcessEnv,
): Promise<Failures> =>
  inZones(async (zones) => {
    const script = `live-${zones.works.replace(/\D/g, "")}.js`;
    await writeFile(
      join(folder, script),
      `import { live } from "./life.js";
       console.log(JSON.stringify(await live(${JSON.stringify(zones)})));`,
    );
    return JSON.parse(await run(program, [...args, script], { cwd: folder, env, seconds: 60 }));
  });

/** How they fail on Node. */
export const NODE_FAILURES: Failures = {
  forbidden: "MakeApiError rejected 403",
  redirected: "MakeApiError unknown 307",
  stalled: "MakeTimeoutError unknown timeout",
  truncated: "MakeConnectionError unknown UND_ERR_SOCKET",
  refused: "MakeConnectionError not-sent ECONNREFUSED",
  aborted: "TimeoutError aborted",
};

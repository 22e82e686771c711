import { access, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Checks, Skip } from "./checks.js";
import { liveInChromium } from "./chromium.js";
import { run } from "./commands.js";
import type { Failures } from "./consumer/life.js";
import type * as ConsumerZones from "./consumer/zones.js";
import { runOnNode } from "./consumer.js";
import { nodeOf, NODES, PLATFORM, tool } from "./paths.js";
import type { Place } from "./place.js";
import type { Workplace } from "./workplace.js";
import { liveInWorkerd } from "./workerd.js";

/** What failures look like where fetch tells no more than that there was one. */
const WITHOUT_CODES: Failures = {
  forbidden: "MakeApiError rejected 403",
  redirected: "MakeApiError unknown 307",
  stalled: "MakeTimeoutError unknown timeout",
  truncated: "MakeConnectionError unknown network",
  refused: "MakeConnectionError unknown network",
  aborted: "TimeoutError aborted",
};

interface Runtime {
  readonly name: string;
  /** In test/e2e/node_modules, or absolute. */
  readonly program: string;
  readonly live: (place: Place) => Promise<Failures>;
  readonly failures: Failures;
}

export const RUNTIMES: readonly Runtime[] = [
  {
    name: "Bun",
    program: tool(`bun-${PLATFORM}/bin/bun`),
    live: (place) => liveInScript(place, []),
    failures: {
      ...WITHOUT_CODES,
      truncated: "MakeConnectionError unknown ECONNRESET",
      refused: "MakeConnectionError not-sent ECONNREFUSED",
    },
  },
  {
    name: "Deno",
    program: tool(`deno-${PLATFORM}/deno`),
    live: (place) => liveInScript(place, ["run", "--no-prompt", "--allow-net=127.0.0.1"]),
    failures: WITHOUT_CODES,
  },
  {
    name: "workerd",
    program: tool(`workerd-${PLATFORM}/bin/workerd`),
    live: liveInWorkerd,
    failures: WITHOUT_CODES,
  },
  {
    name: "Chromium",
    program: "/usr/bin/chromium",
    live: liveInChromium,
    // A browser hides a redirect that is not followed.
    failures: { ...WITHOUT_CODES, redirected: "MakeApiError unknown 0" },
  },
];

/** A script that prints how it failed. */
async function liveInScript({ folder, workplace, program, zones }: Place, args: string[]) {
  await writeFile(
    join(folder, "script.js"),
    `import { live } from "./life.js";
     console.log(JSON.stringify(await live(${JSON.stringify(zones)})));`,
  );
  const env = { ...workplace.env, DENO_NO_UPDATE_CHECK: "1" };
  return JSON.parse(await run(program, [...args, "script.js"], { cwd: folder, env, seconds: 60 }));
}

/** The version that a program says it is, or the reason to skip it. */
export async function versionOf(program: string): Promise<string> {
  await access(program).catch(() => {
    throw new Skip(`${program} is not there, on ${PLATFORM}`);
  });
  const printed = await run(program, ["--version"]);
  return /\d{2,4}[\d.-]+|\d+\.[\d.]+/.exec(printed)?.[0] ?? printed.trim();
}

async function checkLife(
  { program, live, failures: wanted }: Runtime,
  place: Omit<Place, "program" | "zones">,
) {
  const url = pathToFileURL(join(place.folder, "zones.js")).href;
  const { startZones } = (await import(url)) as typeof ConsumerZones;
  const { zones, check, close } = await startZones();
  try {
    const failures = await live({ ...place, program, zones });
    check();
    const text = JSON.stringify(failures, undefined, 2);
    if (text !== JSON.stringify(wanted, undefined, 2)) throw new Error(`it failed thus: ${text}`);
    return `closed port: ${failures.refused}`;
  } finally {
    await close();
  }
}

/** The life of a client, and its failures, wherever the package says that it runs. */
export async function runEverywhere(checks: Checks, folder: string, workplace: Workplace) {
  for (const major of NODES) {
    const program = nodeOf(major);
    await checks.check(`Node ${major}: import`, async () => {
      const version = await versionOf(program);
      await runOnNode(folder, workplace, program);
      return version;
    });
    await checks.check(`Node ${major}: require`, async () => {
      await versionOf(program);
      await run(program, ["require.cjs"], { cwd: folder, env: workplace.env });
    });
  }
  for (const runtime of RUNTIMES) {
    await checks.check(runtime.name, async () => {
      const version = await versionOf(runtime.program);
      return `${version}; ${await checkLife(runtime, { folder, workplace })}`;
    });
  }
}

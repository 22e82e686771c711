import { deepEqual, equal } from "node:assert/strict";
import { cp, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type FakeZone, startFakeZone } from "../../../src/testing/index.js";
import type { Checks } from "../../e2e/checks.js";
import { freePort, run, serve } from "../../e2e/commands.js";
import type { Packed } from "../../e2e/pack.js";
import { copyConsumer } from "../../e2e/paths.js";
import type { Workplace } from "../../e2e/workplace.js";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const NEXT = "node_modules/next/dist/bin/next";

/** An installed application, and the zone that its pages talk to. */
interface Application {
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly zone: FakeZone;
}

/** The pages of ./app, with the Next.js of the folder `major` and the packed package. */
async function install(workplace: Workplace, packed: Packed, major: string): Promise<string> {
  const folder = await workplace.folder(`next-${major}`);
  await cp(join(HERE, major), folder, { recursive: true });
  await copyConsumer(join(HERE, "app"), join(folder, "app"));
  await workplace.npm(["ci"], { cwd: folder, seconds: 600 });
  await workplace.npm(["install", "--no-save", packed.tarball], { cwd: folder, seconds: 600 });
  return folder;
}

/** Builds, and returns the version; neither a page nor an answer of the zone may be kept. */
async function build({ folder, env, zone }: Application): Promise<string> {
  await run(process.execPath, [NEXT, "build"], { cwd: folder, env, seconds: 600 });
  const kept = await readFile(join(folder, ".next/prerender-manifest.json"), "utf8");
  const pages = Object.keys(JSON.parse(kept).routes).filter((it) => !it.startsWith("/_"));
  deepEqual(pages, ["/sign-in"]);
  equal(zone.tokens.length, 1);
  const manifest = await readFile(join(folder, "node_modules/next/package.json"), "utf8");
  return JSON.parse(manifest).version;
}

/** What stands on a page. */
async function read(url: string, headers: Record<string, string> = {}): Promise<string> {
  const response = await fetch(url, { headers, redirect: "manual" });
  const body = await response.text();
  return (
    /<p>(.*?)<\/p>/.exec(body)?.[1] ?? `${response.status} ${response.headers.get("location")}`
  );
}

async function checkPages(checks: Checks, name: string, { zone }: Application, at: string) {
  for (const page of ["list", "own-fetch", "counted"]) {
    await checks.check(`${name}: /${page} is as the zone is`, async () => {
      equal(await read(`${at}/${page}`), `${zone.tokens.length}`);
      const created = await read(`${at}/create`);
      equal(created, zone.tokens.at(-1)?.created);
      equal(await read(`${at}/${page}`), `${zone.tokens.length}`);
    });
  }
  await checks.check(`${name}: the token function may redirect, and read a cookie`, async () => {
    equal(await read(`${at}/session`), "307 /sign-in");
    const count = await read(`${at}/session`, { cookie: `make=${zone.token}` });
    equal(count, `${zone.tokens.length}`);
  });
}

const atob64 = (text: string): string => Buffer.from(text, "base64").toString("latin1");

/** No file that Next.js has written holds a secret of the zone. */
async function searchSecrets({ folder, zone }: Application): Promise<string> {
  const at = join(folder, ".next");
  const entries = await readdir(at, { recursive: true, withFileTypes: true });
  const files = entries.filter((it) => it.isFile());
  for (const file of files) {
    const content = await readFile(join(file.parentPath, file.name), "latin1");
    // In its cache of fetch, Next.js keeps bodies as base64.
    const decoded = content.replace(/[A-Za-z0-9+/]{40,}/g, atob64);
    const found = zone.tokens.some(({ token }) => `${content}${decoded}`.includes(token));
    if (found) throw new Error(`${file.name} holds a secret`);
  }
  return `${files.length} files, ${zone.tokens.length} secrets`;
}

export async function checkNext(
  checks: Checks,
  workplace: Workplace,
  packed: Packed,
  major: string,
): Promise<void> {
  const name = `Next.js ${major}`;
  const folder = await install(workplace, packed, major);
  await using zone = await startFakeZone();
  const env = {
    ...workplace.env,
    MAKE_BASE_URL: zone.baseUrl,
    MAKE_API_KEY: zone.token,
    NEXT_TELEMETRY_DISABLED: "1",
  };
  const application = { folder, env, zone };
  if (!(await checks.check(`${name}: build keeps no page`, () => build(application)))) return;
  const port = `${await freePort()}`;
  const args = [NEXT, "start", "--hostname", "127.0.0.1", "--port", port];
  await using _ = await serve(process.execPath, args, /Ready/, { cwd: folder, env });
  await checkPages(checks, name, application, `http://127.0.0.1:${port}`);
  await checks.check(`${name}: no secret on the disk`, () => searchSecrets(application));
}

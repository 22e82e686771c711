import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type FakeZone, startFakeZone } from "../../../src/testing/index.js";
import { freePort, run, serve } from "../commands.js";
import { copyConsumer } from "../consumer.js";
import { given } from "../given.js";
import { openWorkplace } from "../workplace.js";

const { packed } = given();
const workplace = await openWorkplace();

const NEXT = "node_modules/next/dist/bin/next";
const VERSIONS = [
  ["14", ["next@14.2.35", "react@18.3.1", "react-dom@18.3.1"]],
  ["16", ["next@16.4.6", "react@19.2.0", "react-dom@19.2.0"]],
] as const;

describe.each(VERSIONS)("in Next.js %s", (major, versions) => {
  let folder: string;
  let zone: FakeZone;
  let server: AsyncDisposable;
  let site: string;

  beforeAll(async () => {
    folder = await workplace.folder(`next-${major}`);
    await copyConsumer("heavy/next", folder);
    await writeFile(join(folder, "package.json"), JSON.stringify({ private: true }));
    const args = ["install", "--ignore-scripts", packed.tarball, ...versions];
    await workplace.npm(args, { cwd: folder, seconds: 600 });
    zone = await startFakeZone();
    const own = { MAKE_BASE_URL: zone.baseUrl, MAKE_API_KEY: zone.token };
    const env = { ...workplace.env, ...own, NEXT_TELEMETRY_DISABLED: "1" };
    await run(process.execPath, [NEXT, "build"], { cwd: folder, env, seconds: 600 });
    const port = await freePort();
    const start = [NEXT, "start", "--hostname", "127.0.0.1", "--port", port];
    server = await serve(process.execPath, start, /Ready/, { cwd: folder, env });
    site = `http://127.0.0.1:${port}`;
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await zone.close();
  });

  /** What stands on a page. */
  async function read(page: string, headers: Record<string, string> = {}): Promise<string> {
    const response = await fetch(`${site}/${page}`, { headers, redirect: "manual" });
    const [, text] = /<p>(.*?)<\/p>/.exec(await response.text()) ?? [];
    return text ?? `${response.status} ${response.headers.get("location")}`;
  }

  test("the build keeps no page, and has created no token", async () => {
    const kept = await readFile(join(folder, ".next/prerender-manifest.json"), "utf8");
    const pages = Object.keys(JSON.parse(kept).routes).filter((it) => !it.startsWith("/_"));
    expect(pages).toEqual(["/sign-in"]);
    expect(zone.tokens).toHaveLength(1);
  });

  test.each(["list", "own-fetch", "counted"])("/%s shows what is in the zone", async (page) => {
    expect(await read(page)).toBe(`${zone.tokens.length}`);
    expect(await read("create")).toBe(zone.tokens.at(-1)?.created);
    expect(await read(page)).toBe(`${zone.tokens.length}`);
  });

  test("the token function may redirect, and read a cookie", async () => {
    expect(await read("session")).toBe("307 /sign-in");
    const count = await read("session", { cookie: `make=${zone.token}` });
    expect(count).toBe(`${zone.tokens.length}`);
  });

  test("no file that Next.js has written holds a secret", async () => {
    const all = await readdir(join(folder, ".next"), { recursive: true, withFileTypes: true });
    const secrets = zone.tokens.map(({ token }) => token);
    const decode = (it: string): string => Buffer.from(it, "base64").toString("latin1");
    for (const file of all.filter((it) => it.isFile())) {
      const text = await readFile(join(file.parentPath, file.name), "latin1");
      // In its cache of fetch, Next.js keeps bodies as base64.
      const whole = `${text}${text.replace(/[A-Za-z0-9+/]{40,}/g, decode)}`;
      expect([file.name, secrets.filter((it) => whole.includes(it))]).toEqual([file.name, []]);
    }
  });
});

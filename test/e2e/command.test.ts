import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type FakeZone, startFakeZone } from "../../src/testing/index.js";
import { begin } from "./commands.js";
import { given } from "./given.js";
import { BUN, nodeOf } from "./tools.js";
import { openWorkplace } from "./workplace.js";

const { consumer } = given();
const workplace = await openWorkplace();
const folder = await workplace.folder("vaults");

/** What is found first by its name, and what runs the command of an installed package. */
const RUNNERS: [name: string, program: string, command: string[]][] = [
  ["npx on Node 20", nodeOf(20), ["npx", "--no-install", "make-api-tokens"]],
  ["npx on Node 26", nodeOf(26), ["npx", "--no-install", "make-api-tokens"]],
  ["bunx --bun", BUN, ["bun", "x", "--no-install", "--bun", "make-api-tokens"]],
];

const KEEP = 'cat > "$VAULT"';
const WAIT = `${KEEP}; : > "$VAULT.begun"; until [ -e "$VAULT.go" ]; do sleep 0.05; done`;

describe.each(RUNNERS)("the command by %s", (name, program, [runner = "", ...first]) => {
  const vault = join(folder, name);
  let zone: FakeZone;
  beforeEach(async () => {
    zone = await startFakeZone();
  });
  afterEach(() => zone.close());

  /** Starts the command as a terminal does: in a group of its own. */
  function start(...args: string[]) {
    const PATH = [dirname(program), workplace.env["PATH"]].join(delimiter);
    const env = { ...workplace.env, PATH, VAULT: vault, MAKE_API_KEY: zone.token };
    const all = [...first, ...args, "--base-url", zone.baseUrl];
    return begin(runner, all, { cwd: consumer, env });
  }
  async function use(...args: string[]) {
    const { ended, output } = start(...args);
    const [code] = await ended;
    return { code, stdout: output.stdout };
  }

  test("lists and creates, and has an exit code for each end", async () => {
    const listed = await use("list", "--json");
    expect([listed.code, JSON.parse(listed.stdout).length]).toEqual([0, 1]);
    const created = await use("create", "--label", "ci", "--scope", "user:read", "--store", KEEP);
    const token = zone.tokens[1];
    expect(created).toMatchObject({ code: 0, stdout: `${token?.created}\n` });
    expect(await readFile(vault, "utf8")).toBe(token?.token);
    expect(await use("rotate", "--own", "--store", "exit 75")).toHaveProperty("code", 1);
    expect(await use("rotate", "--own", "--store", "exit 1")).toHaveProperty("code", 3);
    expect(await use("list", "--store", "cat")).toHaveProperty("code", 2);
  });

  test("finishes a rotation that Ctrl-C, which reaches its runner too, meets in its store", async () => {
    const { child, ended, output } = start("rotate", "--own", "--store", WAIT);
    await vi.waitUntil(() => existsSync(`${vault}.begun`), { timeout: 60_000 });
    process.kill(-(child.pid ?? 0), "SIGINT");
    await new Promise((resolve) => setTimeout(resolve, 100));
    await writeFile(`${vault}.go`, "");
    // npm itself ends by the signal, once the command has ended.
    await ended;
    expect(output.all).toMatch(/^Done: .*\n$/m);
    expect(zone.tokens.map(({ token }) => token)).toEqual([await readFile(vault, "utf8")]);
  });
});

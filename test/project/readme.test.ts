import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import * as everything from "make-api-tokens";
import * as kit from "make-api-tokens/testing";
import MarkdownIt from "markdown-it";
import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { FAULTS } from "../../src/testing/faults.js";
import { runHere } from "../commands.js";
import { allBlocks, blocks, commands, kindOf, kinds, readme, table } from "./readme.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const read = (name: string): Promise<string> => readFile(join(ROOT, name), "utf8");

afterEach(() => void vi.restoreAllMocks());

/** The waits of a call whose attempts all meet this status, where random numbers are `random`. */
async function waitsAfter(status: number, random: number): Promise<number[]> {
  await using zone = await kit.startFakeZone();
  zone.fail({ status }, { times: 7 });
  vi.spyOn(Math, "random").mockReturnValue(random);
  const waits: number[] = [];
  const make = everything.createMakeClient({
    baseUrl: zone.baseUrl,
    token: zone.token,
    retries: 6,
    retryDelay: (ms) => (waits.push(ms / 1000), 0),
  });
  await make.apiTokens.list().catch(() => undefined);
  return waits;
}

describe("the README", () => {
  it("is shorter than 250 lines", () => {
    expect(readme.trimEnd().split("\n").length).toBeLessThan(250);
  });

  it("has no code block that no test runs", () => {
    expect(allBlocks.filter((block) => !kindOf(block))).toEqual([]);
    for (const kind of kinds) expect(blocks(kind)).not.toEqual([]);
  });

  it("names no version of this package and no zone's whole list, so that a release leaves it alone", async () => {
    const { version } = JSON.parse(await read("package.json"));
    expect(readme).not.toContain(version);
    expect(readme).not.toContain(everything.zones.join(" "));
  });

  it.each(["README.md", "CONTRIBUTING.md", "src/cli/usage.ts"])(
    "fetches the package by a scope alone, as %s shows",
    async (name) => {
      const fetching =
        /(?:npm (?:install|i|add|exec)|(?:pnpm|yarn|bun) add|pnpm dlx|yarn dlx|bunx|npx) [^\n]*/g;
      const lines = (await read(name)).match(fetching) ?? [];
      for (const line of lines) {
        expect(line.replace("npx --no-install make-api-tokens", "")).not.toMatch(
          /(?<![/@\w.-])make-api-tokens(?![-\w]*\.(?:tgz|git)|-\*)/,
        );
      }
    },
  );

  it("has the two commands of the gate", async () => {
    const gate = await read(".ci/run");
    expect(commands("repository")).toEqual(["npm ci && npm run demo", "npm ci && npm test"]);
    for (const command of ["npm ci", "npm run demo", "npm test"]) {
      expect(gate).toMatch(new RegExp(`(?:^|&& )${command}(?: &&|$)`, "m"));
    }
  });

  it("shows what the demo prints", async () => {
    const { stdout, code } = await runHere(join(ROOT, "scripts/demo.ts"), []);
    expect(code).toBe(0);
    const steady = (text: string): string =>
      text
        .replace(/[0-9a-f]{8}(?=-)/g, "xxxxxxxx")
        .replace(/\d{4}-\d\d-\d\dT[\d:.]+(?:%3A[\d.]+)*Z?/g, "<time>")
        .replace(/127\.0\.0\.1:\d+/g, "127.0.0.1:<port>");
    for (const { code: shown } of blocks("demo")) {
      expect(steady(stdout)).toContain(steady(shown).trim());
    }
  });

  it("has a demo that keeps a zone running, in which the pasted lines work", async () => {
    const args = ["--import", "tsx", "scripts/demo.ts", "--serve"];
    const demo = spawn(process.execPath, args, { cwd: ROOT, stdio: ["ignore", "pipe", "inherit"] });
    onTestFinished(async () => {
      const ended = once(demo, "exit");
      demo.kill();
      await ended;
    });
    let said = "";
    for await (const chunk of demo.stdout) {
      said += String(chunk);
      if (said.includes("--help")) break;
    }
    const [lines = ""] = /^export [^]*^tokens list$/m.exec(said) ?? [];
    const { stdout } = await promisify(execFile)("sh", ["-c", lines]);
    expect(stdout).toMatch(/^\S+\t[\da-f]{8}-\S+\tfake zone\t/);
  });

  it("says how long the client waits before it sends a request again", async () => {
    const [, most, longest, first, second] =
      /up to ([\d.]+) s, doubling to (\d+) s; after a 429, (\d+ to \d+) s and then (\d+ to \d+) s/.exec(
        readme,
      ) ?? [];
    const waits = async (status: number): Promise<string[]> => {
      const [shortest, longer] = [await waitsAfter(status, 0), await waitsAfter(status, 1)];
      return shortest.map((seconds, i) => `${seconds} to ${longer[i]}`);
    };
    const after503 = await waits(503);
    expect(after503.slice(0, 2)).toEqual([`0 to ${most}`, `0 to ${2 * Number(most)}`]);
    expect(after503.slice(4)).toEqual([`0 to ${longest}`, `0 to ${longest}`]);
    expect((await waits(429)).slice(0, 3)).toEqual([first, second, second]);
  });

  it("has each option of a client", () => {
    const known = table("option").map(([option]) => option);
    const wrong: object = { none: 1 };
    expect(() => everything.createMakeClient(wrong as everything.MakeClientOptions)).toThrow(
      known.join(", "),
    );
  });

  it("has a row for each outcome", () => {
    const outcomes: Record<everything.Outcome, true> = {
      "not-sent": true,
      rejected: true,
      unknown: true,
    };
    expect(table("outcome").map(([outcome]) => outcome)).toEqual(Object.keys(outcomes));
  });

  it("quotes a job and its test as they are run", async () => {
    const job = join(ROOT, "test/rotation-job");
    const names = await readdir(job);
    const files = await Promise.all(names.map((name) => readFile(join(job, name), "utf8")));
    expect(blocks("quoted").length).toBeGreaterThan(1);
    for (const { code } of blocks("quoted")) {
      const parts = code.trim().split(/\n\n(?=test\()/);
      expect(files.some((file) => parts.every((part) => file.includes(part)))).toBe(true);
    }
  });

  it("names every value that the package exports, and every fault of the testing kit", () => {
    for (const name of [...Object.keys(everything), ...Object.keys(kit)]) {
      expect(readme).toMatch(new RegExp(`\\b${name}\\b`));
    }
    for (const name of Object.keys(FAULTS)) expect(readme).toContain(`\`${name}\``);
  });

  it("links to nothing that is not published, and to no heading that is not there", async () => {
    const { files } = JSON.parse(await read("package.json"));
    const tokens = new MarkdownIt().parse(readme, {}).flatMap(({ children }) => children ?? []);
    const links = tokens
      .filter(({ type }) => type === "link_open")
      .map((link) => String(link.attrGet("href")));
    const headings = [...readme.matchAll(/^#+ (.*)/gm)].map(
      ([, text = ""]) =>
        `#${text
          .toLowerCase()
          .replace(/[^\w -]/g, "")
          .replaceAll(" ", "-")}`,
    );
    expect(links.length).toBeGreaterThan(3);
    for (const link of links) {
      if (!link.startsWith("https://")) expect([...headings, ...files, "LICENSE"]).toContain(link);
    }
  });
});

import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { printable } from "../../scripts/lib/text.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "command-"));
  const stdin = {
    contents: 'export { runCommand } from "./command.js"; export { Refusal } from "./refusal.js";',
    resolveDir: fileURLToPath(new URL("../../scripts/lib", import.meta.url)),
  };
  const outfile = join(folder, "command.mjs");
  await build({ stdin, outfile, bundle: true, platform: "node", format: "esm" });
});
afterAll(() => rm(folder, { recursive: true }));

let programs = 0;

/** Runs `body` under runCommand in a real process. */
async function run(body: string, ...args: string[]) {
  const program = join(folder, `${programs++}.mjs`);
  const source = `import { runCommand, Refusal } from "./command.mjs";
    await runCommand(["root", "check", "json"], async (flags) => { ${body} });`;
  await writeFile(program, source);
  const child = spawn(process.execPath, [program, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const exit = new Promise<number | null>((done) => child.on("close", done));
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), exit]);
  return { stdout, stderr, code, lastLine: stderr.trimEnd().split("\n").at(-1) };
}

describe("a command", () => {
  test.concurrent("exits with 0 when its work is done", async () => {
    const body = "console.log(JSON.stringify(flags));";
    const { code, stdout, stderr } = await run(body, "--root", "/somewhere", "--check", "--json");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(JSON.parse(stdout)).toMatchObject({ root: "/somewhere", check: true, json: true });
  });

  test.concurrent("prints its usage on --help, and does nothing", async () => {
    const { code, stdout, stderr } = await run("console.log('ran');", "--check", "--help");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^Usage: \[--root <dir>\] \[--check\] \[--json\]/);
    expect(stdout).toMatch(/\n {2}--check +only looks; /);
    expect(stdout).not.toContain("ran");
  });

  const refusal = `throw new Refusal("page.md:3: \\u001b[31mbad\\nsecond line", "Mend it.");`;
  test.concurrent.each([
    ["a refusal", refusal, /^page\.md:3: \\x1b\[31mbad\nsecond line\nMend it\.\n$/],
    ["a fault of the system", `process.chdir("/nowhere");`, /^ENOENT.*\nCorrect what .*\n$/],
    ["a fault of its own", "null.length;", /^Cannot read.*\nThis is a fault in scripts.*\n$/],
  ])("shows %s as message and remedy, without a stack, and exits with 1", async (_, body, said) => {
    const { code, stderr } = await run(body);
    expect(code).toBe(1);
    expect(stderr).toMatch(said);
  });

  test.concurrent.each(["--nonsense", "somewhere", "--root", "--check=1"])(
    "exits with 2 on %s",
    async (arg) => {
      const { code, lastLine, stdout } = await run("console.log('ran');", arg);
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      expect(lastLine).toMatch(/^Usage: \[--root <dir>\] \[--check\] \[--json\]/);
    },
  );
});

describe("printable", () => {
  test.each([
    ["\u001b[2J\u009b31m", "\\x1b[2J\\x9b31m"],
    ["a\r\nb\tc", "a\\x0d\\x0ab\\x09c"],
    ["\u202egnp.exe\u2028\ufeff\u200b\ud800", "\\u202egnp.exe\\u2028\\ufeff\\u200b\\ud800"],
    ["##[error]a", "##\\x5berror]a"],
    ["  ::error::a", "  \\x3a:error::a"],
    ["a ::b Größe 😀 \\ \" ' `${x}` */", "a ::b Größe 😀 \\ \" ' `${x}` */"],
  ])("shows %j as %j", (text, shown) => expect(printable(text)).toBe(shown));

  test("leaves nothing that steers a terminal, and changes nothing twice", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const shown = printable(text);
        expect(shown).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Cs}]/u);
        expect(printable(shown)).toBe(shown);
      }),
    );
  });
});

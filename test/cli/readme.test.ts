import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { OPTIONS, USAGE } from "../../src/cli/usage.js";
import { blocks, commands, readme } from "../project/readme.js";
import { type CommandLine, startCommandLine, useCommandFolder } from "./command-line.js";

useCommandFolder();

/** The vault holds a token that is alive, and that another run can list tokens with. */
async function expectStored({ zone, vault }: CommandLine): Promise<void> {
  const secret = await readFile(vault, "utf8");
  expect(zone.tokens.map(({ token }) => token)).toContain(secret);
  expect(secret).not.toBe(zone.token);
}

describe("the README", () => {
  test("has a workflow of ten lines, whose step replaces the token that it runs with", async () => {
    const [workflow = "", ...others] = blocks("workflow").map(({ code }) => code);
    expect([others, workflow.trim().split("\n").length]).toEqual([[], 10]);
    const line = /- run: (.*)/.exec(workflow)?.[1] ?? "";
    const it = await startCommandLine();
    expect(await it.shell(line)).toMatchObject({
      code: 0,
      lastLine: expect.stringMatching(/^Done: /),
    });
    await expectStored(it);
    expect(it.zone.tokens).toHaveLength(1);
    const again = await it.run(["list"], { MAKE_API_KEY: await readFile(it.vault, "utf8") });
    expect(again.code).toBe(0);
  });

  test("has command lines that work", async () => {
    const lines = commands("shell");
    expect(lines.length).toBeGreaterThan(2);
    for (const line of lines) {
      const it = await startCommandLine();
      expect(await it.shell(line)).toMatchObject({ code: 0 });
      if (line.includes("--store")) await expectStored(it);
      else expect(it.zone.requests).toHaveLength(1);
    }
  });

  test("speaks of no option that there is not", () => {
    const section = /^## From a shell\n([^]*?)^## /m.exec(readme)?.[1] ?? "";
    const known = [...Object.keys(OPTIONS), "yes"];
    for (const [, name] of section.matchAll(/--([a-z][a-z-]*)/g)) expect(known).toContain(name);
    for (const name of Object.keys(USAGE)) expect(section).toContain(name);
  });
});

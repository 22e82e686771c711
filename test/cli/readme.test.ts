import { beforeAll, beforeEach, expect, test } from "vitest";
import type { Fault } from "../../src/testing/index.js";
import { blocks, commands } from "../project/readme.js";
import * as commandLine from "./command-line.js";

commandLine.useCommandFolder();
let it: commandLine.CommandLine;
beforeEach(async () => {
  it = await commandLine.startCommandLine();
});
beforeAll(async () => {
  const { KEEP, writeProgram } = commandLine;
  await writeProgram("npm", '[ "$1" = ci ]');
  const isPinned = '[ "$1 $2" = "--no-install make-api-tokens" ] && shift 2 || exit 9';
  await writeProgram("npx", `${isPinned}; make-api-tokens "$@" --base-url "$ZONE"`);
  await writeProgram("vault", `[ "$*" = "kv put secret/make api_key=-" ] && ${KEEP}`);
  // A test says in the environment what goes wrong before and after.
  const isSet = '[ "$*" = "secret set MAKE_API_KEY" ] || exit 9';
  await writeProgram("gh", `${isSet}; eval "$GH_FIRST"; ${KEEP}; eval "$GH_THEN"`);
});

const [workflow = ""] = blocks("workflow").map(({ code }) => code);
const [before, ...steps] = workflow.split("- run: ");

/** Runs the lines of the steps as a runner does. */
const runWorkflow = (env: NodeJS.ProcessEnv = {}) =>
  it.shell(steps.map((step) => step.split("\n")[0]).join("\n"), env);

/** The store holds a token that is alive. */
async function expectStored(): Promise<void> {
  expect(it.zone.tokens.map(({ token }) => token)).toContain(await it.held());
}

/** How the workflow ends, how many tokens are alive then, and the fault of gh or of the zone. */
const ENDS: [code: number, alive: number, gh: NodeJS.ProcessEnv, method: string, fault?: Fault][] =
  [
    [0, 1, {}, ""],
    [0, 1, { GH_FIRST: "exec < /dev/stdin" }, ""],
    [0, 1, {}, "DELETE", "reset"],
    [1, 1, {}, "GET", { status: 401 }],
    [3, 2, {}, "POST", "reset"],
    [3, 2, { GH_FIRST: "exit 1" }, ""],
    [3, 2, { GH_THEN: "exit 1" }, ""],
  ];
test.each(ENDS)("the README's workflow ends with %d, %d alive: %j %s %j", async (...row) => {
  const [code, alive, gh, method, fault] = row;
  if (fault) it.zone.fail(fault, { method, done: fault === "reset" });
  const ended = await runWorkflow(gh);
  expect([ended.code, it.alive().length]).toEqual([code, alive]);
  expect(ended.stdout + ended.stderr).not.toMatch(/\w{8}-\w{4}-\w{4}-\w{4}-\w{12}/);
  if (code === 0) return await expectStored();

  // The next run goes out with what the secret holds, and needs nobody to look at it.
  const again = await runWorkflow({ MAKE_API_KEY: (await it.held()) || it.zone.token });
  expect([again.code, it.alive().length]).toEqual([0, alive]);
  await expectStored();
});

test("the README's workflow gives the token to one step alone, after the package is installed", () => {
  expect([before?.includes("MAKE_API_KEY"), steps.length]).toEqual([false, 2]);
  expect(steps[0]).toMatch(/^npm ci/);
  expect(steps[1]).toMatch(/^npx --no-install make-api-tokens rotate[^]*MAKE_API_KEY: \$/);
});

test("the README's command lines work", async () => {
  for (const line of commands("shell")) {
    it = await commandLine.startCommandLine();
    expect(await it.shell(line)).toMatchObject({ code: 0 });
    if (line.includes("--store")) await expectStored();
    else expect(it.methods()).toBe("GET");
  }
});

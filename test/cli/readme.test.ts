import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Fault } from "../../src/testing/index.js";
import { HELP } from "../../src/cli/usage.js";
import { blocks, commands, readme } from "../project/readme.js";
import {
  type CommandLine,
  KEEP,
  startCommandLine,
  useCommandFolder,
  writeProgram,
} from "./command-line.js";

useCommandFolder();
let it: CommandLine;
beforeEach(async () => {
  it = await startCommandLine();
});
beforeAll(async () => {
  // Installed by `npm ci`, as in the workflow before it runs.
  const command = 'make-api-tokens "$@" --base-url "$ZONE"';
  const withoutZone =
    'for it; do shift; [ "$it" = --zone ] || [ "$it" = eu1 ] || set -- "$@" "$it"; done';
  await writeProgram(
    "npx",
    `[ "$1 $2" = "--no-install make-api-tokens" ] && shift 2 || exit 9
${withoutZone}\n${command}`,
  );
  await writeProgram("npm", '[ "$1" = ci ]');
  await writeProgram("vault", `[ "$*" = "kv put secret/make api_key=-" ] && ${KEEP}`);
  // What a test says in the environment goes before and after.
  await writeProgram(
    "gh",
    `[ "$*" = "secret set MAKE_API_KEY" ] || exit 9
eval "$GH_FIRST"; ${KEEP}; eval "$GH_THEN"`,
  );
});

/** The lines of the workflow's steps, run as a runner does. */
function runWorkflow(env: NodeJS.ProcessEnv = {}) {
  const [workflow = ""] = blocks("workflow").map(({ code }) => code);
  const lines = [...workflow.matchAll(/- run: (.*)/g)].map(([, line]) => line);
  return it.shell(lines.join("\n"), env);
}

/** The vault holds a token that is alive. */
async function expectStored(): Promise<void> {
  expect(it.zone.tokens.map(({ token }) => token)).toContain(await it.held());
}

/** How the step of the workflow ends, and how many tokens are alive then. */
const ENDS: [
  code: number,
  alive: number,
  what: string,
  gh: NodeJS.ProcessEnv,
  fault?: Fault,
  method?: string,
][] = [
  [0, 1, "nothing fails", {}],
  [0, 1, "the answer to the deletion is lost", {}, "reset", "DELETE"],
  [0, 1, "gh opens its input again", { GH_FIRST: "exec < /dev/stdin" }],
  [1, 1, "the token is refused", {}, { status: 401 }, "GET"],
  [1, 1, "the create is refused", {}, { status: 403 }, "POST"],
  [3, 2, "the answer to the create is lost", {}, "reset", "POST"],
  [3, 2, "gh is refused", { GH_FIRST: "exit 1" }],
  [3, 2, "gh fails after it wrote", { GH_THEN: "exit 1" }],
  [3, 2, "gh is killed", { GH_FIRST: "kill -9 $$" }],
  [3, 2, "there is no gh", { PATH: "" }],
];

describe("the README's workflow", () => {
  test.each(ENDS)("ends with %d, and %d alive, where %s", async (...row) => {
    const [code, alive, , gh, fault, method = ""] = row;
    const isRefused = Number(Object(fault).status) > 400;
    if (fault) it.zone.fail(fault, { method, done: !isRefused });
    const { PATH, ...env } = gh;
    if (PATH !== undefined) env["GH_FIRST"] = "no-such-command; exit 127";
    const ended = await runWorkflow(env);
    expect([ended.code, it.alive().length]).toEqual([code, alive]);
    expect(ended.stdout + ended.stderr).not.toMatch(/\w{8}-\w{4}-\w{4}-\w{4}-\w{12}/);
    if (code === 0) return await expectStored();

    // The next run goes out with what the secret holds, and needs nobody to look at it.
    const again = await runWorkflow({ MAKE_API_KEY: (await it.held()) || it.zone.token });
    expect([again.code, it.alive().length]).toEqual([0, alive]);
    await expectStored();
  });

  test("gives the token to one step alone, after the package is installed", () => {
    const [workflow = "", ...others] = blocks("workflow").map(({ code }) => code);
    const [before, ...steps] = workflow.split("- run: ");
    expect([others, before?.includes("MAKE_API_KEY")]).toEqual([[], false]);
    expect(steps).toEqual([
      expect.stringMatching(/^npm ci/),
      expect.stringMatching(/^npx --no-install make-api-tokens rotate[^]*MAKE_API_KEY: \$/),
    ]);
  });
});

test("the README's command lines work", async () => {
  for (const line of commands("shell")) {
    it = await startCommandLine();
    expect(await it.shell(line)).toMatchObject({ code: 0 });
    if (line.includes("--store")) await expectStored();
    else expect(it.methods()).toBe("GET");
  }
});

test("no line fetches the unscoped name from a registry to run it", () => {
  const runs = /(?:npx|npm exec|bunx?|pnpm|yarn)(?: (?:dlx|x))? [^`\n]*make-api-tokens/g;
  const lines = `${readme}\n${HELP}`.match(runs) ?? [];
  expect(lines.length).toBeGreaterThan(3);
  expect(lines.filter((line) => !line.startsWith("npx --no-install make-api-tokens"))).toEqual([]);
});

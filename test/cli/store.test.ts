import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import * as commandLine from "./command-line.js";

const { KEEP, until, writeHook } = commandLine;
commandLine.useCommandFolder();

/** A rotation of the zone's only token, by a store. */
async function startRotation(finished = onTestFinished) {
  const it = await commandLine.startCommandLine(finished);
  const start = (store: string, env: NodeJS.ProcessEnv = {}, ...more: string[]) =>
    it.start(["rotate", "--own", "--store", store, ...more], { env });
  return { ...it, start };
}

/** Each way to end, and which token is alive after it: the old one, its successor or both. */
const ENDS: [code: number, alive: string, what: string, store: string, ...more: string[]][] = [
  [0, "successor", "opens /dev/stdin", 'cp /dev/stdin "$VAULT"'],
  [0, "successor", "has several lines, and ends in a comment", `cd / && true\n\n${KEEP} # all`],
  [0, "successor", "reads nothing", "exec 0<&-; sleep 0.1"],
  [0, "successor", "leaves a process behind that keeps its pipes open", `${KEEP}; sleep 30 &`],
  [1, "old", "exits with 75", "cat; exit 75"],
  [3, "both", "takes too long", "sleep 30", "--timeout", "0.3"],
  [3, "both", "exits with 75 in the middle of a pipe that goes on", "(exit 75) | exit 1"],
  [3, "both", "exits with 1 after it wrote", `${KEEP}; exit 1`],
  [3, "both", "is not found", "no-such-command-here"],
  [3, "both", "kills its shell", "kill -KILL $$"],
];
test.concurrent.for(ENDS)("ends with %d, %s alive: it %s", async (row, { onTestFinished }) => {
  const [code, left, , store, ...more] = row;
  const { start, alive, zone, held } = await startRotation(onTestFinished);
  const [old = ""] = alive();
  const ended = await start(store, {}, ...more).ended;
  expect([ended.code, ended.stderr]).toEqual([code, expect.any(String)]);
  expect(alive()).toHaveLength(left === "both" ? 2 : 1);
  expect(alive().includes(old)).toBe(left !== "successor");
  if (store.includes("VAULT")) expect(await held()).toBe(zone.tokens.at(-1)?.token);
});

test("cannot be started, and nothing was written", async () => {
  const { apiTokens, alive, run } = await startRotation();
  // An environment takes no variable of that length.
  const { created } = await apiTokens.create({ label: "x".repeat(200_000), scope: [] });
  const { code, stderr } = await run(["rotate", "--created", created, "--store", KEEP]);
  const words = "the store could not be started (E2BIG)";
  expect([code, alive().length, stderr]).toEqual([1, 2, expect.stringContaining(words)]);
});

test("does not begin where the command is killed before it has given the secret", async () => {
  const { start, vault, held } = await startRotation();
  const hook = `import children from "node:child_process";
    import { syncBuiltinESMExports } from "node:module";
    children.spawn = (program, args, options) => {
      children.spawnSync(program, args, options);
      process.kill(process.pid, "SIGKILL");
    };
    syncBuiltinESMExports();`;
  await writeFile(vault, "what the store held");
  const { code } = await start(KEEP, await writeHook(hook)).ended;
  expect([code, await held()]).toEqual(["SIGKILL", "what the store held"]);
});

test("is judged by its exit code where it ended while the command was suspended", async () => {
  const { start, vault, alive } = await startRotation();
  const { child, ended } = start(`${KEEP}; : > "$VAULT.begun"; sleep 0.2`, {}, "--timeout", "0.5");
  await until(() => existsSync(`${vault}.begun`));
  child.kill("SIGSTOP");
  await setTimeout(1000);
  child.kill("SIGCONT");
  const { code, stderr } = await ended;
  expect([code, alive().length]).toEqual([0, 1]);
  expect(stderr).not.toContain("is ended");
});

test("prints to standard error, masked and printable", async () => {
  const store = `secret=$(cat); echo "plain $secret"; echo "the old one: $OLD" >&2
printf 'pieces %s' "\${secret%????????????}"; sleep 0.2; printf '%s\\n' "\${secret#????????????????????????}"
printf '\\033[2J\\r\\nno newline at the end'`;
  const { zone, start } = await startRotation();
  const { code, stderr } = await start(store, { OLD: zone.token }).ended;
  expect([code, stderr]).toEqual([0, expect.stringMatching(/^\[2J\nno newline at the end\n/m)]);
  for (const line of ["plain", "pieces", "the old one:"])
    expect(stderr).toMatch(new RegExp(`^${line} \\S*[^\\w\\s]\\S*$`, "m"));
  for (const secret of [zone.token, `${zone.tokens[0]?.token}`])
    expect(stderr).not.toMatch(`${secret.slice(0, 13)}|${secret.slice(-12)}`);
});

test("has the token's facts in its environment, and the secret is in no argument and no environment", async () => {
  const { zone, vault, start } = await startRotation();
  const show = 'for id in $$ $PPID; do cat "/proc/$id/environ" "/proc/$id/cmdline"; done';
  // bash as /bin/sh would print and export a secret that it holds.
  const env = { SHELLOPTS: "allexport:xtrace:verbose" };
  const store = `${KEEP}; { env; ${show}; } > "$VAULT.env"`;
  const { code, stdout, stderr } = await start(store, env).ended;
  const { token, created } = zone.tokens[0] ?? {};
  expect([code, stdout + stderr]).toEqual([0, expect.not.stringContaining(`${token}`)]);
  const shown = await readFile(`${vault}.env`, "utf8");
  expect(shown).toContain(`MAKE_TOKEN_CREATED=${created}\n`);
  expect(shown).toContain("MAKE_TOKEN_LABEL=fake zone\n");
  expect(shown).not.toMatch(/MAKE_API_KEY|-[0-9a-f]{4}-[0-9a-f]{4}-/);
});

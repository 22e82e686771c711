import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import { promisify } from "node:util";
import { describe, expect, onTestFinished, test } from "vitest";
import { createMakeClient } from "../../src/index.js";
import {
  KEEP,
  KEEP_AND_WAIT,
  startCommandLine,
  until,
  useCommandFolder,
  writeHook,
} from "./command-line.js";

useCommandFolder();

/** A rotation of the zone's only token, by a store. */
async function startRotation(finished = onTestFinished) {
  const it = await startCommandLine(finished);
  const [old] = it.alive();
  const args = (store: string, more: readonly string[]) => [
    ...["rotate", "--own", "--store", store],
    ...more,
  ];
  return {
    ...{ ...it, old },
    begin: (store: string, ...more: string[]) => it.start(args(store, more)),
    rotate: (store: string, env: NodeJS.ProcessEnv = {}, ...more: string[]) =>
      it.run(args(store, more), { env }),
  };
}

const TIME = ["--timeout", "0.3"];

/** Each way to end, and which token is alive after it: the old one, its successor or both. */
const ENDS: [code: number, alive: string, what: string, store: string, ...more: string[]][] = [
  [0, "successor", "exits with 0", KEEP],
  [0, "successor", "opens /dev/stdin", 'cp /dev/stdin "$VAULT"'],
  [0, "successor", "is a list of commands", `true && ${KEEP} && true`],
  [0, "successor", "has several lines", `cd /\n\n${KEEP}\n`],
  [0, "successor", "ends in a comment", `${KEEP} # and nothing more`],
  [0, "successor", "reads nothing", "true"],
  [0, "successor", "closes its input", "exec 0<&-; sleep 0.1"],
  [0, "successor", "leaves a process behind that keeps its pipes open", `${KEEP}; sleep 30 &`],
  [1, "old", "exits with 75", "cat; exit 75"],
  [1, "old", "exits with 75 when it is ended", "trap 'exit 75' TERM; sleep 30 & wait", ...TIME],
  [3, "both", "exits with 75 in the middle of a pipe that goes on", "(exit 75) | exit 1"],
  [3, "both", "exits with 1", "exit 1"],
  [3, "both", "exits with 1 after it wrote", `${KEEP}; exit 1`],
  [3, "both", "is not found", "no-such-command-here"],
  [3, "both", "is not a command", ")"],
  [3, "both", "kills its shell", "kill -KILL $$"],
  [3, "both", "hangs", "sleep 30", ...TIME],
  [3, "both", "hangs, and does not listen", "trap '' TERM; sleep 30 & wait; wait", ...TIME],
  [3, "both", "exits with 0 when it is ended", "trap 'exit 0' TERM; sleep 30 & wait", ...TIME],
];

describe("where the store", () => {
  test.concurrent.for(ENDS)("ends with %d, %s alive: %s", async (row, { onTestFinished }) => {
    const [code, left, , store, ...more] = row;
    const { old, rotate, alive, zone, held } = await startRotation(onTestFinished);
    const ended = await rotate(store, {}, ...more);
    expect([ended.code, ended.stderr]).toEqual([code, expect.any(String)]);
    expect([alive().length, alive().includes(old ?? "")]).toEqual([
      left === "both" ? 2 : 1,
      left !== "successor",
    ]);
    if (store.includes("VAULT")) expect(await held()).toBe(zone.tokens.at(-1)?.token);
    if (left === "both")
      expect(ended.lastLine).toContain(`the tokens created ${alive().join(" and ")}`);
  });

  test("cannot be started, nothing was written", async () => {
    const { zone, alive, run } = await startCommandLine();
    const { apiTokens } = createMakeClient({ baseUrl: zone.baseUrl, token: zone.token });
    // An environment takes no variable of that length.
    await apiTokens.create({ label: "x".repeat(200_000), scope: [] });
    const before = alive();
    const ended = await run(["rotate", "--created", `${before[1]}`, "--store", KEEP]);
    expect([ended.code, alive()]).toEqual([1, before]);
    expect(ended.stderr).toContain("the store could not be started (E2BIG)");
  });

  test("has ended by itself while the command was suspended, its exit code counts", async () => {
    const { begin, vault, alive } = await startRotation();
    const { child, ended } = begin(`${KEEP}; : > "$VAULT.begun"; sleep 0.2`, "--timeout", "0.5");
    await until(() => existsSync(`${vault}.begun`));
    child.kill("SIGSTOP");
    await setTimeout(1000);
    child.kill("SIGCONT");
    expect(await ended).toMatchObject({ code: 0 });
    expect(alive()).toHaveLength(1);
  });
});

test("does not run where the command is killed before it has given the secret", async () => {
  const { vault, rotate } = await startRotation();
  const hook = await writeHook(`
    import processes from "node:child_process";
    import { syncBuiltinESMExports } from "node:module";
    const { spawn } = processes;
    processes.spawn = (...args) =>
      spawn(...args).on("spawn", () => process.kill(process.pid, "SIGKILL"));
    syncBuiltinESMExports();`);
  const ended = await rotate(`: > "$VAULT.begun"; ${KEEP}`, hook);
  await setTimeout(200);
  expect([ended.code, existsSync(`${vault}.begun`)]).toEqual(["SIGKILL", false]);
});

test("has the token's facts in its environment, and no secret, even where bash traces", async () => {
  const { rotate, held, zone, old } = await startRotation();
  const SHELLOPTS = "allexport:xtrace:verbose";
  const ended = await rotate('{ env; cat /proc/self/environ; } > "$VAULT"', { SHELLOPTS });
  const [successor] = zone.tokens;
  const environment = await held();
  expect([ended.code, successor?.created === old]).toEqual([0, false]);
  expect(environment.split("\n")).toContain(`MAKE_TOKEN_CREATED=${successor?.created}`);
  expect(environment.split("\n")).toContain("MAKE_TOKEN_LABEL=fake zone");
  expect(environment).not.toMatch(/MAKE_API_KEY|-[0-9a-f]{4}-[0-9a-f]{4}-/);
});

test("prints to standard error, masked and printable", async () => {
  const store = `
secret=$(cat)
echo "plain $secret"
printf 'pieces %s' "\${secret%????????????}"; sleep 0.2; printf '%s\\n' "\${secret#????????????????????????}"
echo "on the other stream $secret" >&2
echo "the old one: $OLD"
printf '\\033[2J\\r\\n'
printf 'no newline at the end'`;
  const { zone, rotate } = await startRotation();
  const ended = await rotate(store, { OLD: zone.token }, "--json");
  expect(ended.code).toBe(0);
  for (const line of ["plain", "pieces", "on the other stream", "the old one:"])
    expect(ended.stderr).toMatch(new RegExp(`^${line} \\S*[^\\w\\s]\\S*$`, "m"));
  expect(ended.stderr).toMatch(/^\\u001b\[2J$/m);
  expect(ended.stderr).toMatch(/^no newline at the end$/m);
  for (const secret of [zone.token, `${zone.tokens[0]?.token}`])
    expect(ended.stderr).not.toMatch(`${secret.slice(0, 13)}|${secret.slice(-12)}`);
  expect(JSON.parse(ended.stdout)).toMatchObject({ exitCode: 0 });
});

/** The arguments and the environment of every process of this machine that may be read. */
async function ofEveryProcess(): Promise<string> {
  const ids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const files = ids.flatMap((id) => [`/proc/${id}/environ`, `/proc/${id}/cmdline`]);
  // A process may end meanwhile.
  const texts = await Promise.all(files.map((it) => readFile(it, "utf8").catch(() => "")));
  const { stdout } = await promisify(execFile)("ps", ["axeww"], { maxBuffer: 2 ** 26 });
  return [...texts, stdout].join("\n");
}

test("while it runs, no process shows the new secret", async () => {
  const { zone, vault, held, begin } = await startRotation();
  const { ended } = begin(KEEP_AND_WAIT);
  await until(() => existsSync(`${vault}.begun`));
  const secret = await held();
  expect(zone.tokens.at(-1)?.token).toBe(secret);
  const seen = await ofEveryProcess();
  expect(seen).toContain("MAKE_TOKEN_CREATED");
  expect(seen).not.toContain(secret);
  await writeFile(`${vault}.go`, "");
  const { code, stdout, stderr } = await ended;
  expect([code, stdout + stderr]).toEqual([0, expect.not.stringContaining(secret)]);
});

import { readFile } from "node:fs/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import { type CreatedApiToken, createMakeClient, NotStoredError } from "../../src/index.js";
import { runStore } from "../../src/cli/store.js";
import { KEEP, startCommandLine, useCommandFolder, writeProgram } from "./command-line.js";

useCommandFolder();

/** A zone with a token to rotate, and how its tokens are rotated. */
async function startRotation(finished = onTestFinished) {
  const { zone, vault, start } = await startCommandLine(finished);
  const { apiTokens } = createMakeClient({ baseUrl: zone.baseUrl, token: zone.token });
  const label = "ci's $(token)";
  const { created: old } = await apiTokens.create({ label, scope: ["user:read"] });
  return {
    ...{ zone, vault, old },
    rotate: (created: string, store: string, more: readonly string[] = [], env = {}) =>
      start(["rotate", "--created", created, "--store", store, ...more], env).ended,
    alive: () => zone.tokens.map(({ created }) => created),
  };
}

/** Each way to end, and which token is alive after it: the old one, its successor or both. */
const ENDS: [code: number, alive: string, what: string, store: string, ...more: string[]][] = [
  [0, "successor", "exits with 0", KEEP],
  [0, "successor", "leaves a process behind that keeps its pipes open", `${KEEP}; sleep 30 &`],
  [1, "old", "exits with 75", "exit 75"],
  [3, "both", "exits with 75 in the middle of a pipe that goes on", "(exit 75) | exit 1"],
  [3, "both", "exits with 1", "exit 1"],
  [3, "both", "exits with 1 after it wrote", `${KEEP}; exit 1`],
  [3, "both", "is not found", "no-such-command-here"],
  [3, "both", "is not a command", ")"],
  [3, "both", "is killed", "kill -KILL $$"],
  [3, "both", "hangs", "sleep 30", "--timeout", "0.2"],
  [
    3,
    "both",
    "hangs, and does not listen",
    "trap '' TERM; sleep 30 & wait; wait",
    "--timeout",
    "0.2",
  ],
  [
    3,
    "both",
    "exits with 0 when it is ended",
    "trap 'exit 0' TERM; sleep 30 & wait",
    "--timeout",
    "0.2",
  ],
];

describe("where the store", () => {
  test.concurrent.for(ENDS)("ends with %d, %s alive: %s", async (row, { onTestFinished }) => {
    const [code, left, , store, ...more] = row;
    const { zone, old, rotate, alive } = await startRotation(onTestFinished);
    const ended = await rotate(old, store, more);
    expect([ended.code, ended.stderr]).toEqual([code, expect.any(String)]);
    const [own, ...others] = alive();
    expect(own).toBe(zone.tokens[0]?.created);
    expect(others).toHaveLength(left === "both" ? 2 : 1);
    expect(others.includes(old)).toBe(left !== "successor");
    if (left === "both") {
      expect(ended.lastLine).toContain(`the tokens created ${others[0]} and ${others[1]}`);
      expect(ended.stdout).toBe("");
    }
  });
});

const TOKEN = { token: "", created: "", label: "", scope: [] };
const { signal } = new AbortController();
const give = (token: CreatedApiToken, command: string) =>
  runStore(token, { command, timeoutMs: 30_000, signal, mask: String, write: () => {} });

test("cannot be started, and nothing was written", async () => {
  // An environment takes no variable of that length.
  const given = give({ ...TOKEN, label: "x".repeat(200_000) }, "exit 0");
  await expect(given).rejects.toThrow(new NotStoredError("the store could not be started (E2BIG)"));
});

describe("a secret that fits into no pipe's buffer", () => {
  const token = { ...TOKEN, token: "x".repeat(2 ** 21) };

  test("is not taken for stored where the store says so, but has closed its input", async () => {
    await expect(give(token, "exec 0<&-; exit 0")).rejects.toThrow(/closed its input/);
  });

  test("is not taken for stored where a process that is left behind could still read it", async () => {
    await expect(give(token, "exec 3<&0; sleep 3 & exit 0")).rejects.toThrow(/closed its input/);
  });

  test("is stored where it was read", async () => {
    await expect(give(token, "cat >/dev/null")).resolves.toBeUndefined();
  });
});

test("finds the token in its environment, and neither the secret nor MAKE_API_KEY", async () => {
  const program = await writeProgram("environment.sh", 'env > "$VAULT"');
  const { zone, vault, old, rotate } = await startRotation();
  await rotate(old, program);
  const environment = (await readFile(vault, "utf8")).split("\n");
  const successor = zone.tokens.at(-1);
  expect(environment).toContain(`MAKE_TOKEN_CREATED=${successor?.created}`);
  expect(environment).toContain("MAKE_TOKEN_LABEL=ci's $(token)");
  expect(environment.join("\n")).not.toContain(successor?.token);
  expect(environment.join("\n")).not.toMatch(/MAKE_API_KEY|-[0-9a-f]{4}-[0-9a-f]{4}-/);
});

test("prints to standard error, each secret masked however it comes", async () => {
  // The dots keep the pieces apart long enough that they are read one by one.
  const secretInPieces = `
secret=$(cat)
echo "plain $secret"
printf 'pieces %s' "\${secret%????????????}"; sleep 0.2; printf '%s\\n' "\${secret#????????????????????????}" >&1
echo "on the other stream $secret" >&2
echo "the old one: $OLD"
printf 'no newline at the end'`;
  const { zone, old, rotate } = await startRotation();
  const ended = await rotate(old, secretInPieces, ["--json"], { OLD: zone.token });
  const secret = zone.tokens.at(-1)?.token ?? "";
  expect(ended.code).toBe(0);
  expect(ended.stderr).toContain("plain [redacted]\n");
  expect(ended.stderr).toContain("pieces [redacted]\n");
  expect(ended.stderr).toContain("on the other stream [redacted]\n");
  expect(ended.stderr).toContain("the old one: [redacted]\n");
  expect(ended.stderr).toContain("no newline at the end");
  for (const part of [secret, zone.token]) {
    expect(ended.stderr).not.toContain(part);
  }
  expect(Object.keys(JSON.parse(ended.stdout))).toContain("alive");
});

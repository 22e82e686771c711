import { beforeEach, describe, expect, test } from "vitest";
import { createMakeClient } from "../../src/index.js";
import type { Fault } from "../../src/testing/index.js";
import { type CommandLine, KEEP, startCommandLine, useCommandFolder } from "./command-line.js";

useCommandFolder();
let it: CommandLine;
beforeEach(async () => {
  it = await startCommandLine();
});

const create = (label: string) =>
  createMakeClient({ baseUrl: it.zone.baseUrl, token: it.zone.token }).apiTokens.create({
    label,
    scope: ["user:read"],
  });
const SEALED = "exit 75";

describe("list", () => {
  test("prints a line for each token, and nothing else", async () => {
    const { created, token } = await create("ci");
    const [first] = it.alive();
    expect(await it.run(["list"])).toMatchObject({
      code: 0,
      stdout: `${first}\t${it.zone.token.slice(0, 8)}-****-****-****-************\tfake zone\tuser:read user:write
${created}\t${token.slice(0, 8)}-****-****-****-************\tci\tuser:read\n`,
      stderr: "",
    });
  });

  test("prints with --json what the client returns", async () => {
    const { stdout, stderr } = await it.run(["list", "--json"]);
    const { apiTokens } = createMakeClient({ baseUrl: it.zone.baseUrl, token: it.zone.token });
    expect([JSON.parse(stdout), stderr]).toEqual([await apiTokens.list(), ""]);
  });

  test("lets no label steer the terminal, and keeps it whole in JSON", async () => {
    const label = "a\x1b[2Jb\u202ec\u200bd\u009b31me\tf\ng\u{e0041}";
    await create(label);
    const { stdout } = await it.run(["list"]);
    expect(stdout.trimEnd().split("\n")).toHaveLength(2);
    expect(stdout).not.toMatch(/[^\n\t\x20-\x7e]/);
    const json = (await it.run(["list", "--json"])).stdout;
    expect(json).not.toMatch(/[^\n\x20-\x7e]/);
    expect(JSON.parse(json)[1].label).toBe(label);
  });

  test("shows no secret, even where the zone does", async () => {
    const { token } = await create("ci");
    const body = { apiTokens: [{ token, created: "now", label: it.zone.token, scope: [] }] };
    it.zone.fail({ body }, { times: 2 });
    for (const args of [["list"], ["list", "--json"]]) {
      const { code, stdout } = await it.run(args);
      expect([code, stdout]).toEqual([0, expect.not.stringMatching(`${token}|${it.zone.token}`)]);
    }
  });

  test("that fails has changed nothing, whatever the zone does", async () => {
    it.zone.fail("html");
    const { code, stdout, stderr, lastLine } = await it.run(["list", "--json"]);
    expect([code, lastLine]).toEqual([1, "Nothing has changed."]);
    expect(JSON.parse(stdout)).toEqual({
      exitCode: 1,
      message: "Nothing has changed.",
      error: expect.objectContaining({
        name: "MakeResponseError",
        message: stderr.split("\n")[0],
        outcome: "unknown",
      }),
    });
  });
});

/** Faults of a create or of a deletion, and the exit codes that they come to. */
const ENDS: [code: number, fault: Fault][] = [
  [1, { status: 403 }],
  [3, { status: 408 }],
  [3, "html"],
  [3, "cut-json"],
];

describe("create", () => {
  const CREATE = ["create", "--label", "ci", "--scope", "user:read", "--scope", "user:write"];

  test("gives the secret, and no newline, to the store, and prints the timestamp alone", async () => {
    const { code, stdout, lastLine } = await it.run([...CREATE, "--store", KEEP]);
    const [, created] = it.zone.tokens;
    expect(created).toMatchObject({ label: "ci", scope: ["user:read", "user:write"] });
    expect([code, stdout]).toEqual([0, `${created?.created}\n`]);
    expect(lastLine).toBe(`Done: the store holds the token created ${created?.created}.`);
    expect(await it.held()).toBe(created?.token);
  });

  test("deletes the token again where nothing was written", async () => {
    const ended = await it.run([...CREATE, "--store", SEALED]);
    expect(ended).toMatchObject({ code: 1, stdout: "", lastLine: "Nothing has changed." });
    expect([it.alive().length, it.methods()]).toEqual([1, "POST GET DELETE"]);
  });

  test("says of a token that could not be deleted again that nobody holds it", async () => {
    it.zone.fail({ status: 403 }, { method: "DELETE" });
    const { code, lastLine } = await it.run([...CREATE, "--store", SEALED]);
    const line = `Alive, perhaps: .*nobody holds.*: run "make-api-tokens delete ${it.alive()[1]}"`;
    expect([code, lastLine]).toEqual([3, expect.stringMatching(line)]);
  });

  test.each(ENDS)("ends with %d after %j", async (code, fault) => {
    it.zone.fail(fault, { method: "POST", done: code === 3 });
    const ended = await it.run([...CREATE, "--store", KEEP]);
    const last = code === 1 ? /^Nothing has changed\.$/ : /^Alive, perhaps: .*nobody holds.*list/;
    expect([ended.code, ended.lastLine]).toEqual([code, expect.stringMatching(last)]);
    expect([it.alive().length, await it.held()]).toEqual([code === 1 ? 1 : 2, ""]);
  });
});

describe("delete", () => {
  test("prints the timestamp", async () => {
    const { created } = await create("ci");
    expect(await it.run(["delete", created])).toMatchObject({ code: 0, stdout: `${created}\n` });
    expect(it.alive()).toHaveLength(1);
  });

  test.each([...ENDS.filter(([, fault]) => fault !== "cut-json"), [1, { status: 404 }] as const])(
    "ends with %d after %j",
    async (code, fault) => {
      const { created } = await create("ci");
      it.zone.fail(fault, { method: "DELETE", times: Infinity });
      const last =
        code === 1 ? /^Nothing has changed\.$/ : `${created}. Run the same command again`;
      const ended = await it.run(["delete", created]);
      expect([ended.code, ended.lastLine]).toEqual([code, expect.stringMatching(last)]);
    },
  );
});

describe("rotate", () => {
  test.each([
    ["--label", () => "ci"],
    ["--created", (created: string) => created.replace("Z", "+00:00")],
  ])("replaces the token that %s names", async (option, value) => {
    await create("other");
    const old = await create("ci");
    const args = ["rotate", option, value(old.created), "--store", KEEP];
    const { code, stdout, lastLine } = await it.run(args);
    const successor = it.zone.tokens.at(-1);
    expect([code, stdout]).toEqual([0, `${successor?.created}\n`]);
    expect(lastLine).toMatch(/^Done: .* is deleted\.$/);
    expect(await it.held()).toBe(successor?.token);
    expect(it.zone.tokens.map(({ label }) => label)).toEqual(["fake zone", "other", "ci"]);
    expect(it.alive()).not.toContain(old.created);
  });

  test("creates nothing unless exactly one token bears the label", async () => {
    for (const words of ["0 tokens", undefined, "2 tokens have that label: choose"]) {
      const before = it.alive();
      if (words) {
        const ended = await it.run(["rotate", "--label", "ci", "--store", KEEP]);
        expect(ended).toMatchObject({ code: 1, stdout: "", lastLine: "Nothing has changed." });
        expect(ended.stderr).toContain(words);
        expect(it.alive()).toEqual(before);
      }
      await create("ci");
    }
  });

  test.each(["reset", "close", "garbage"] as const)(
    "--own survives that its deletion is answered by a %s: the successor's secret is asked again",
    async (fault) => {
      const [old] = it.alive();
      it.zone.fail(fault, { method: "DELETE", done: true });
      const { code, stdout } = await it.run(["rotate", "--own", "--store", KEEP, "--json"]);
      const [successor, ...others] = it.zone.tokens;
      expect(JSON.parse(stdout)).toEqual({
        exitCode: 0,
        message: expect.stringMatching(/^Done: /),
        old,
        successor: successor?.created,
        alive: [successor?.created],
      });
      expect([code, others, await it.held()]).toEqual([0, [], successor?.token]);
    },
  );

  test("of the own token by its label goes out with the successor too", async () => {
    await it.run(["rotate", "--label", "fake zone", "--store", KEEP]);
    const [post, look, deletion] = it.zone.requests
      .slice(-3)
      .map((one) => one.headers["authorization"]);
    expect(post).toBe(`Token ${it.zone.token}`);
    expect([look, deletion]).toEqual(Array(2).fill(`Token ${await it.held()}`));
  });

  const STAGES: [code: number, what: string, method: string, fault: Fault, last: RegExp][] = [
    [1, "the list is refused", "GET", { status: 403 }, /^Nothing has changed/],
    [1, "the list is no list", "GET", "html", /^Nothing has changed/],
    [1, "the create is refused", "POST", { status: 403 }, /^Nothing has changed.* is alive/],
    [3, "the create is unknown", "POST", "html", /and perhaps a successor/],
    [3, "the deletion is refused", "DELETE", { status: 403 }, /which the store holds/],
    [3, "the deletion is unknown", "DELETE", "html", /which the store holds/],
  ];
  test.each(STAGES)("ends with %d where %s", async (code, _, method, fault, last) => {
    const old = await create("ci");
    it.zone.fail(fault, { method, times: Infinity });
    const ended = await it.run(["rotate", "--label", "ci", "--store", KEEP, "--json"]);
    expect([ended.code, ended.lastLine]).toEqual([code, expect.stringMatching(last)]);
    expect(it.alive()).toContain(old.created);
    const json = JSON.parse(ended.stdout);
    expect(json).toMatchObject({ exitCode: code, message: ended.lastLine });
    expect(json.error).toMatchObject({ name: expect.stringMatching(/^Make/) });
    if (method !== "GET") expect(json.alive).toContain(old.created);
    if (method === "DELETE") expect(json).toMatchObject({ successor: it.alive().at(-1) });
  });

  test("says which token nobody holds where a successor that was not stored stays alive", async () => {
    const old = await create("ci");
    it.zone.fail({ status: 403 }, { method: "DELETE" });
    const ended = await it.run(["rotate", "--label", "ci", "--store", SEALED]);
    const line = `Alive: the token created ${old.created},.*run "make-api-tokens delete ${it.alive().at(-1)}"`;
    expect([ended.code, ended.lastLine]).toEqual([3, expect.stringMatching(line)]);
  });

  test.each([
    ["--own", "wrote", KEEP],
    ["--own", "did not write", "true"],
    ["--label", "wrote", KEEP],
    ["--created", "did not write", "true"],
  ])("%s leaves one token after its remedy, where a failed store %s", async (option, _, first) => {
    const { created } = option === "--own" ? it.zone.tokens[0]! : await create("ci");
    const before = it.alive().length;
    const value = { "--own": [], "--label": ["ci"], "--created": [created] }[option] ?? [];
    const args = ["rotate", option, ...value, "--store"];
    const { code, lastLine = "" } = await it.run([...args, `${first}; exit 1`]);
    expect([code, lastLine]).toEqual([3, expect.stringMatching("Run the same command again")]);
    const both = [created, it.alive().at(-1)];

    const instead = /with --created (\S+) for --label/.exec(lastLine)?.[1];
    const again = instead ? ["rotate", "--created", instead, "--store", KEEP] : [...args, KEEP];
    const key = async () => ({
      env: { MAKE_API_KEY: (option === "--own" && (await it.held())) || it.zone.token },
    });
    expect(await it.run(again, await key())).toMatchObject({ code: 0 });
    const [left = "", ...others] = both.filter((each) => it.alive().includes(`${each}`));
    expect([others, (await it.run(["delete", left], await key())).code]).toEqual([[], 0]);
    expect(it.alive()).toHaveLength(before);
    expect(it.zone.tokens.map(({ token }) => token)).toContain(await it.held());
  });
});

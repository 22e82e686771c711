import { readFile } from "node:fs/promises";
import { beforeEach, describe, expect, test } from "vitest";
import { createMakeClient } from "../../src/index.js";
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
const methods = () => it.zone.requests.map(({ method }) => method);
const alive = () => it.zone.tokens.map(({ created }) => created);
const SEALED = "exit 75";

describe("list", () => {
  test("prints a line for each token, and nothing else", async () => {
    const { created, token } = await create("ci");
    const first = it.zone.tokens[0];
    expect(await it.run(["list"])).toEqual({
      code: 0,
      stdout: `${first?.created}\t${it.zone.token.slice(0, 8)}-****-****-****-************\tfake zone\tuser:read user:write
${created}\t${token.slice(0, 8)}-****-****-****-************\tci\tuser:read\n`,
      stderr: "",
      lastLine: "",
    });
  });

  test("prints with --json what the client returns", async () => {
    const { stdout, stderr } = await it.run(["list", "--json"]);
    const { apiTokens } = createMakeClient({ baseUrl: it.zone.baseUrl, token: it.zone.token });
    expect(JSON.parse(stdout)).toEqual(await apiTokens.list());
    expect(stderr).toBe("");
  });

  test("lets no label steer the terminal, and keeps it whole in JSON", async () => {
    const label = "a\x1b[2Jb\u202ec\u200bd\u009b31me\nf\u{e0041}";
    await create(label);
    const { stdout } = await it.run(["list"]);
    expect(stdout.trimEnd().split("\n")).toHaveLength(2);
    expect(stdout).not.toMatch(/[^\n\t\x20-\x7e]/);
    const json = (await it.run(["list", "--json"])).stdout;
    expect(json).not.toMatch(/[^\n\x20-\x7e]/);
    expect(JSON.parse(json)[1].label).toBe(label);
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

describe("create", () => {
  const CREATE = ["create", "--label", "ci", "--scope", "user:read", "--scope", "user:write"];

  test("gives the secret, and no newline, to the store, and prints the timestamp alone", async () => {
    const { code, stdout, lastLine } = await it.run([...CREATE, "--store", KEEP]);
    const [, created] = it.zone.tokens;
    expect(created).toMatchObject({ label: "ci", scope: ["user:read", "user:write"] });
    expect([code, stdout]).toEqual([0, `${created?.created}\n`]);
    expect(lastLine).toBe(`Done: the store holds the token created ${created?.created}.`);
    expect(await readFile(it.vault, "utf8")).toBe(created?.token);
  });

  test("deletes the token again where nothing was written", async () => {
    const { code, stdout, lastLine } = await it.run([...CREATE, "--store", SEALED]);
    expect([code, stdout]).toEqual([1, ""]);
    expect(lastLine).toBe("Nothing has changed: the new token is deleted again.");
    expect(it.zone.tokens).toHaveLength(1);
  });

  test("says of a token that could not be deleted again that nobody holds it", async () => {
    it.zone.fail({ status: 403 }, { method: "DELETE" });
    const { code, lastLine } = await it.run([...CREATE, "--store", SEALED]);
    expect(code).toBe(3);
    expect(lastLine).toContain(`"make-api-tokens delete ${alive()[1]}"`);
    expect(lastLine).toContain("nobody holds its secret");
  });

  test("leaves a token alive that may be stored, and says so", async () => {
    const { code, lastLine } = await it.run([...CREATE, "--store", `${KEEP}; exit 1`]);
    expect(code).toBe(3);
    expect(lastLine).toContain(`Alive: the token created ${alive()[1]}`);
    expect(methods()).toEqual(["POST"]);
  });

  test.each([
    [1, { status: 403 }],
    [3, { status: 500 }],
    [3, "reset" as const],
    [3, "cut-json" as const],
  ])("ends with %d after %j", async (code, fault) => {
    it.zone.fail(fault, { method: "POST", done: true });
    const ended = await it.run([...CREATE, "--store", KEEP]);
    expect(ended.code).toBe(code);
    expect(ended.lastLine).toMatch(code === 1 ? /^Nothing has changed/ : /nobody holds.*list/);
    await expect(readFile(it.vault)).rejects.toThrow("ENOENT");
  });
});

describe("delete", () => {
  test("prints the timestamp", async () => {
    const { created } = await create("ci");
    expect(await it.run(["delete", created])).toMatchObject({ code: 0, stdout: `${created}\n` });
    expect(it.zone.tokens).toHaveLength(1);
  });

  test.each([
    [1, { status: 404 }],
    [3, "html" as const],
  ])("ends with %d after %j", async (code, fault) => {
    const { created } = await create("ci");
    it.zone.fail(fault, { method: "DELETE" });
    const ended = await it.run(["delete", created]);
    expect([ended.code, ended.stdout]).toEqual([code, ""]);
    expect(ended.lastLine).toMatch(code === 1 ? /^Nothing has changed/ : /list/);
  });
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
    expect(await readFile(it.vault, "utf8")).toBe(successor?.token);
    expect(it.zone.tokens.map(({ label }) => label)).toEqual(["fake zone", "other", "ci"]);
    expect(alive()).not.toContain(old.created);
  });

  test("replaces the command's own token, from list to last deletion", async () => {
    await create("ci");
    const { code, stdout } = await it.run(["rotate", "--own", "--store", KEEP, "--json"]);
    const successor = it.zone.tokens.at(-1);
    expect(JSON.parse(stdout)).toEqual({
      exitCode: 0,
      message: expect.stringContaining(successor?.created ?? ""),
      old: expect.any(String),
      successor: successor?.created,
      alive: [successor?.created],
    });
    expect(code).toBe(0);
    expect(await readFile(it.vault, "utf8")).toBe(successor?.token);
    expect(it.zone.tokens.map(({ label }) => label)).toEqual(["ci", "fake zone"]);
  });

  test.each([
    ["no token", []],
    ["two tokens", ["ci", "ci"]],
  ])("creates nothing where %s bear the label", async (_, labels) => {
    for (const label of labels) await create(label);
    const before = alive();
    const ended = await it.run(["rotate", "--label", "ci", "--store", KEEP]);
    expect(ended).toMatchObject({ code: 1, stdout: "", lastLine: "Nothing has changed." });
    expect(alive()).toEqual(before);
  });

  const STAGES: [code: number, what: string, method: string, fault: object | "html", RegExp][] = [
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
    expect(alive()).toContain(old.created);
    const json = JSON.parse(ended.stdout);
    expect(json).toMatchObject({ exitCode: code, message: ended.lastLine });
    expect(json.error).toMatchObject({ name: expect.stringMatching(/^Make/) });
    if (method !== "GET") expect(json.alive).toContain(old.created);
    if (method === "DELETE") expect(json).toMatchObject({ successor: alive().at(-1) });
  });

  test("says which token nobody holds where a successor that was not stored stays alive", async () => {
    const old = await create("ci");
    it.zone.fail({ status: 403 }, { method: "DELETE" });
    const ended = await it.run(["rotate", "--label", "ci", "--store", SEALED]);
    expect(ended.code).toBe(3);
    expect(ended.lastLine).toContain(`Alive: the token created ${old.created}`);
    expect(ended.lastLine).toContain(`run "make-api-tokens delete ${alive().at(-1)}"`);
  });
});

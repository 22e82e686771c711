import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as client from "make-api-tokens";
import * as testing from "make-api-tokens/testing";
import ts from "typescript";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createHost } from "../compiler-host.js";
import { blocks } from "./readme.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const documented = ["client", "api-tokens", "errors", "testing/fake-zone"];

interface Example {
  readonly title: string;
  readonly code: string;
}

/** What stands after `@example` in the comments of the public functions and types. */
function docExamples(name: string): Example[] {
  const text = readFileSync(join(root, `src/${name}.ts`), "utf8");
  return [...text.matchAll(/^ *\* @example\n((?: *\* .*\n)+)/gm)].map((match) => ({
    title: `src/${name}.ts:${text.slice(0, match.index).split("\n").length}`,
    code: match[1]!.replace(/^ *\* /gm, ""),
  }));
}

const examples: readonly Example[] = [...blocks("example"), ...documented.flatMap(docExamples)];

/** What the examples speak of without saying where it comes from. */
const context = `
import * as client from "make-api-tokens";
import * as testing from "make-api-tokens/testing";
declare global {
  const { createMakeClient, MakeError, NotStoredError }: typeof client;
  const { startFakeZone }: typeof testing;
  const make: client.MakeClient;
  const old: client.ApiToken;
  const zone: testing.FakeZone;
  const secrets: { write(name: string, value: string): Promise<void>; read(name: string): string };
}`;

const folder = join(root, "test/memory");
const files = new Map(
  examples.map(({ code }, i) => [join(folder, `example-${i}.ts`), `export {};\n${code}`]),
);
files.set(join(folder, "context.ts"), context);

/** The errors of a compilation with this project's strict options. */
function compile(): string[] {
  const { config } = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const consumer = { ...options, noUnusedLocals: false, noPropertyAccessFromIndexSignature: false };
  const host = createHost(consumer);
  const { fileExists, readFile, directoryExists } = host;
  host.fileExists = (name) => files.has(name) || fileExists(name);
  host.readFile = (name) => files.get(name) ?? readFile(name);
  host.directoryExists = (name) => name === folder || (directoryExists?.(name) ?? false);
  const program = ts.createProgram([...files.keys()], consumer, host);
  return [...files.keys()]
    .flatMap((name) => {
      const file = program.getSourceFile(name);
      return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
    })
    .map(({ file, messageText }) => {
      return `${file?.text}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
    });
}

/** Runs an example; what it imports or speaks of is among `known`. */
async function run(code: string, known: Record<string, unknown>): Promise<void> {
  const body = code.replace(/^import .*;$/gm, "");
  const script = ts.transpile(`async function example() {${body}}`, {
    target: ts.ScriptTarget.ES2022,
  });
  // oxlint-disable-next-line typescript/no-implied-eval
  const start = new Function(...Object.keys(known), `${script}; return example();`) as (
    ...values: unknown[]
  ) => Promise<void>;
  await start(...Object.values(known));
}

interface Trouble {
  readonly about: RegExp;
  readonly fault: testing.Fault;
  readonly method: string;
  /** To console.error. */
  readonly said: RegExp | undefined;
}

/** What an example that handles errors is about, and what it then says. */
const TROUBLES: readonly Trouble[] = [
  {
    about: /MakeApiError\b/,
    fault: { status: 403 },
    method: "GET",
    said: /^SC403: Access denied\.$/,
  },
  { about: /"unknown"/, fault: "reset", method: "POST", said: undefined },
  {
    about: /MakeTimeoutError\b/,
    fault: "stall-headers",
    method: "GET",
    said: /^gave up after 1 attempts$/,
  },
  { about: /MakeResponseError\b/, fault: "html", method: "GET", said: /^is http.* really Make\?$/ },
];

/** Each example as it goes well, or once for each trouble that it is about. */
const runs = examples.flatMap((example): (Example & { trouble?: Trouble })[] => {
  const troubles = TROUBLES.filter(({ about }) => about.test(example.code));
  if (troubles.length === 0) return [example];
  return troubles.map((trouble) => ({ ...example, trouble }));
});

describe("the examples of the README and of the documentation in the code", () => {
  let zone: testing.FakeZone;

  beforeEach(async () => {
    zone = await testing.startFakeZone();
    const { fetch } = globalThis;
    // What an example sends to a real zone reaches the fake one.
    vi.stubGlobal("fetch", (url: string, init: RequestInit) =>
      fetch(url.replace("https://eu1.make.com/api/v2", zone.baseUrl), init),
    );
    vi.stubEnv("MAKE_API_KEY", zone.token);
  });

  afterEach(async () => {
    vi.unstubAllGlobals();
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
    await zone.close();
  });

  it("compile as a consumer's code", () => {
    expect(compile()).toEqual([]);
  }, 120_000);

  it.each(runs)("$title runs, $trouble.fault", async ({ code, trouble }) => {
    const said: unknown[] = [];
    vi.spyOn(console, "log").mockImplementation(() => {});
    vi.spyOn(console, "error").mockImplementation((text) => void said.push(text));
    const { baseUrl, token } = zone;
    const timeout = trouble?.fault === "stall-headers" ? 200 : 30_000;
    const make = client.createMakeClient({ baseUrl, token, timeout, retries: 0 });
    const old = await make.apiTokens.own();
    const stored = new Map([["MAKE_API_KEY", token]]);
    const secrets = {
      write: async (name: string, value: string) => void stored.set(name, value),
      read: (name: string) => stored.get(name),
    };

    if (trouble) zone.fail(trouble.fault, { method: trouble.method, done: true });
    const before = zone.requests.length;
    const known = { ...client, ...testing, make, old, zone, secrets };
    await run(code, known);

    expect(said).toEqual(trouble?.said ? [expect.stringMatching(trouble.said)] : []);
    expect(zone.requests.length > before).toBe(/await make\./.test(code));
  });

  it("meet every trouble", () => {
    for (const each of TROUBLES) expect(runs.some(({ trouble }) => trouble === each)).toBe(true);
  });
});

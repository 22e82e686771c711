import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import ts from "typescript";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { createMakeClient } from "../../src/index.js";
import { type FakeZone, type Fault, startFakeZone } from "../../src/testing/index.js";
import { createHost } from "../compiler-host.js";
import { blocks } from "./readme.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const sources = ["client", "api-tokens", "errors", "testing/fake-zone"];

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

const examples: readonly Example[] = [...blocks("example"), ...sources.flatMap(docExamples)];

/** What the examples speak of without saying where it comes from. */
const context = `
import * as all from "make-api-tokens";
import * as testing from "make-api-tokens/testing";
export const { createMakeClient, MakeError, NotStoredError } = all;
export const { startFakeZone } = testing;
export interface Context {
  make: all.MakeClient;
  old: all.ApiToken;
  zone: testing.FakeZone;
  secrets: { write(name: string, value: string): Promise<void>; read(name: string): string };
  retryLater(): void;
}`;

function toModule({ code }: Example): string {
  const imports = code.match(/^import .*;$/gm) ?? [];
  const body = code.replace(/^import .*;$/gm, "");
  const given = ["make", "old", "zone", "secrets", "retryLater"].filter(
    (name) => !new RegExp(`(const|using) (\\[)?${name}\\b`).test(body),
  );
  const known = ["createMakeClient", "MakeError", "NotStoredError", "startFakeZone"].filter(
    (name) => !imports.some((line) => new RegExp(`\\b${name}\\b`).test(line)),
  );
  return `import { type Context, ${known.join(", ")} } from "./context.js";
export { createMakeClient as connect } from "./context.js";
${imports.join("\n")}
export default async ({ ${given.join(", ")} }: Context) => {
${body}
};`;
}

const folder = join(root, "test/memory");
const modules = new Map(examples.map((it, i) => [join(folder, `example-${i}.ts`), toModule(it)]));
modules.set(join(folder, "context.ts"), context);
const aliases = {
  "make-api-tokens": join(root, "src/index.ts"),
  "make-api-tokens/testing": join(root, "src/testing/index.ts"),
};

/** As a consumer under strict options would compile them. */
function compile(): string[] {
  const { config } = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const consumer: ts.CompilerOptions = {
    ...options,
    noPropertyAccessFromIndexSignature: false,
    noUnusedLocals: false,
    noUnusedParameters: false,
    paths: Object.fromEntries(Object.entries(aliases).map(([name, path]) => [name, [path]])),
  };
  const host = createHost(consumer);
  const { fileExists, readFile, directoryExists } = host;
  host.fileExists = (name) => modules.has(name) || fileExists(name);
  host.readFile = (name) => modules.get(name) ?? readFile(name);
  host.directoryExists = (name) => name === folder || (directoryExists?.(name) ?? false);
  const program = ts.createProgram([...modules.keys()], consumer, host);
  const diagnostics = [...modules.keys()].flatMap((name) => {
    const file = program.getSourceFile(name);
    return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
  });
  return diagnostics.map(({ file, start = 0, messageText }) => {
    const line = file?.text.slice(0, start).split("\n").length;
    return `${file?.fileName}:${line} ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
  });
}

interface Loaded {
  readonly default: (context: object) => Promise<void>;
  /** The example's own copy, whose error classes it knows. */
  readonly connect: typeof createMakeClient;
}

async function load(code: string): Promise<Loaded> {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: folder, loader: "ts" },
    bundle: true,
    write: false,
    format: "esm",
    platform: "node",
    target: "node20",
    alias: aliases,
    plugins: [
      {
        name: "context",
        setup({ onResolve, onLoad }) {
          onResolve({ filter: /^\.\/context\.js$/ }, () => ({ path: "context", namespace: "it" }));
          onLoad({ filter: /.*/, namespace: "it" }, () => ({
            contents: context,
            loader: "ts",
            resolveDir: root,
          }));
        },
      },
    ],
  });
  const url = `data:text/javascript;base64,${Buffer.from(outputFiles[0]!.contents).toString("base64")}`;
  return import(/* @vite-ignore */ url);
}

interface Trouble {
  readonly about: RegExp;
  readonly fault: Fault;
  readonly method: string;
  /** To console.error. */
  readonly said: RegExp | undefined;
}

/** How to make an example meet what it is about, and what it then says. */
const TROUBLES: readonly Trouble[] = [
  {
    about: /\bMakeApiError\b/,
    fault: { status: 403 },
    method: "GET",
    said: /^SC403: Access denied\.$/,
  },
  { about: /"unknown"/, fault: "reset", method: "POST", said: undefined },
  {
    about: /\bMakeTimeoutError\b/,
    fault: "stall-headers",
    method: "GET",
    said: /^gave up after 1 attempts$/,
  },
  {
    about: /\bMakeResponseError\b/,
    fault: "html",
    method: "GET",
    said: /^is http.* really Make\?$/,
  },
];

interface Run extends Example {
  readonly trouble?: Trouble;
}

/** Each example as it goes well, or once for each trouble that it is about. */
const runs = examples.flatMap((example): Run[] => {
  const troubles = TROUBLES.filter(({ about }) => about.test(example.code));
  if (troubles.length === 0) return [example];
  return troubles.map((trouble) => ({
    title: `${example.title}, ${trouble.about.source}`,
    code: example.code,
    trouble,
  }));
});

describe("the examples of the README and of the documentation in the code", () => {
  let zone: FakeZone;

  beforeEach(async () => {
    zone = await startFakeZone();
    const { fetch } = globalThis;
    // What an example sends to a real zone reaches the embedded one.
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

  it("are there", () => {
    expect(examples.length).toBeGreaterThan(12);
  });

  it("compile as a consumer's code", () => {
    expect(compile()).toEqual([]);
  }, 120_000);

  it.each(runs)("$title runs", async ({ title, code, trouble }) => {
    const said: unknown[] = [];
    vi.spyOn(console, "log").mockImplementation(() => {});
    vi.spyOn(console, "error").mockImplementation((text) => void said.push(text));
    const { default: run, connect } = await load(toModule({ title, code }));
    const { baseUrl, token } = zone;
    const [old] = await connect({ baseUrl, token }).apiTokens.list();
    const timeout = trouble?.fault === "stall-headers" ? 200 : 30_000;
    const make = connect({ baseUrl, token, timeout, retries: 0 });
    const stored = new Map([["MAKE_API_KEY", zone.token]]);
    const secrets = {
      write: async (name: string, value: string) => void stored.set(name, value),
      read: (name: string) => stored.get(name),
    };

    if (trouble) zone.fail(trouble.fault, { method: trouble.method, done: true });
    const before = zone.requests.length;
    await run({ make, old, zone, secrets, retryLater: () => {} });

    expect(said).toEqual(trouble?.said ? [expect.stringMatching(trouble.said)] : []);
    const sends = /await make\./.test(code);
    expect(zone.requests.length > before).toBe(sends);
  });

  it("meet every trouble", () => {
    for (const each of TROUBLES) expect(runs.some(({ trouble }) => trouble === each)).toBe(true);
  });
});

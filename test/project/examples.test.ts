import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import MarkdownIt from "markdown-it";
import ts from "typescript";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { createMakeClient } from "../../src/index.js";
import { type FakeZone, type Fault, startFakeZone } from "../../src/testing/index.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const sources = ["client", "api-tokens", "errors", "testing/fake-zone", "testing/skip-wait"];

interface Example {
  readonly title: string;
  readonly code: string;
}

/** The TypeScript blocks of the README but the testing kit's, which quote files that are run. */
function readmeExamples(): Example[] {
  const readme = readFileSync(join(root, "README.md"), "utf8");
  return new MarkdownIt()
    .parse(readme, {})
    .filter(({ type, info }) => type === "fence" && info === "ts")
    .map(({ content, map }) => ({ title: `README.md:${map?.[0]}`, code: content }))
    .filter(({ code }) => !/^export | from "(?!make-api-tokens")/m.test(code));
}

/** What stands after `@example` in the comments of the public functions and types. */
function docExamples(name: string): Example[] {
  const text = readFileSync(join(root, `src/${name}.ts`), "utf8");
  return [...text.matchAll(/^ *\* @example\n((?: *\* .*\n)+)/gm)].map((match) => ({
    title: `src/${name}.ts:${text.slice(0, match.index).split("\n").length}`,
    code: match[1]!.replace(/^ *\* /gm, ""),
  }));
}

const examples = [...readmeExamples(), ...sources.flatMap(docExamples)];

/** What the examples speak of without saying where it comes from. */
const context = `
import * as all from "make-api-tokens";
import * as testing from "make-api-tokens/testing";
export const { createMakeClient, MakeError, NotStoredError } = all;
export const { skipWait, startFakeZone } = testing;
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
  const known = [
    "createMakeClient",
    "MakeError",
    "NotStoredError",
    "skipWait",
    "startFakeZone",
  ].filter((name) => !imports.some((line) => new RegExp(`\\b${name}\\b`).test(line)));
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
  const host = ts.createCompilerHost(consumer);
  const { fileExists, readFile, directoryExists } = host;
  host.fileExists = (name) => modules.has(name) || fileExists(name);
  host.readFile = (name) => modules.get(name) ?? readFile(name);
  host.directoryExists = (name) => name === folder || (directoryExists?.(name) ?? false);
  const program = ts.createProgram([...modules.keys()], consumer, host);
  return ts.getPreEmitDiagnostics(program).map(({ file, start = 0, messageText }) => {
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

/** How to make an example meet what it is about, and what it then says. */
const troubles: readonly [about: RegExp, fault: Fault, method: string, said: RegExp | undefined][] =
  [
    [/MakeApiError/, { status: 403 }, "GET", /^SC403: Access denied\.$/],
    [/MakeConnectionError/, "reset", "POST", undefined],
    [/MakeTimeoutError/, "stall-headers", "GET", /^gave up after 1 attempts$/],
    [/MakeResponseError/, "html", "GET", /^is http.* really Make\?$/],
  ];

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
  });

  it.each(examples)("$title runs", async (example) => {
    const said: unknown[] = [];
    vi.spyOn(console, "log").mockImplementation(() => {});
    vi.spyOn(console, "error").mockImplementation((text) => void said.push(text));
    const { default: run, connect } = await load(toModule(example));
    const make = connect({
      baseUrl: zone.baseUrl,
      token: zone.token,
      timeout: 200,
      retries: 0,
    });
    const [old] = await make.apiTokens.list();
    const stored = new Map([["MAKE_API_KEY", zone.token]]);
    const secrets = {
      write: async (name: string, value: string) => void stored.set(name, value),
      read: (name: string) => stored.get(name),
    };

    const trouble = troubles.find(([about]) => about.test(example.code));
    if (trouble) zone.fail(trouble[1], { method: trouble[2], done: true });
    const before = zone.requests.length;
    await run({ make, old, zone, secrets, retryLater: () => {} });

    if (trouble?.[3]) expect(said).toEqual([expect.stringMatching(trouble[3])]);
    else expect(said).toEqual([]);
    const sends = /await make\./.test(example.code);
    expect(zone.requests.length > before).toBe(sends);
  });
});

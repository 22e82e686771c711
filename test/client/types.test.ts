import { join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import type { fetch as undiciFetchFunction } from "undici-types";
import { beforeAll, describe, expect, expectTypeOf, test } from "vitest";
import specification from "make-api-tokens/openapi.json" with { type: "json" };
import { generate } from "../../scripts/generate/emit.js";
import { zones as servers } from "../../generated/zones.js";
import { createHost } from "../compiler-host.js";
import {
  type ApiToken,
  type Attempt,
  createMakeClient,
  type CreatedApiToken,
  MakeApiError,
  type MakeClient,
  type MakeClientOptions,
  MakeConnectionError,
  MakeError,
  MakeResponseError,
  MakeTimeoutError,
  type Outcome,
  type paths,
  type Zone,
  zones,
} from "../../src/index.js";

/** The fetch of the package undici, as its own types have it. */
declare const undiciFetch: typeof undiciFetchFunction;

/** Holds what is compiled and not run: `npm run check` is the test. */
const compiles: (code: (make: MakeClient, token: string) => unknown) => void = () => {};

describe("options", () => {
  test("take a zone, its host, or a base URL, and not two of them", () => {
    compiles((_, token) => [
      createMakeClient({ zone: "eu1", token }),
      createMakeClient({ zone: "us1.celonis", token }),
      createMakeClient({ zone: "us1.make.celonis.com", token }),
      createMakeClient({ baseUrl: "https://make.example/api/v2", token }),
      createMakeClient({ zone: "eu1", baseUrl: undefined, token }),
      createMakeClient({ zone: undefined, baseUrl: "https://make.example/api/v2", token }),
      createMakeClient({ token }),
      createMakeClient(),
      // @ts-expect-error they exclude each other
      createMakeClient({ zone: "eu1", baseUrl: "https://make.example/api/v2", token }),
      // @ts-expect-error there is no such zone
      createMakeClient({ zone: "eu9", token }),
      // @ts-expect-error there is no such host
      createMakeClient({ zone: "eu9.make.com", token }),
    ]);
    expectTypeOf<Zone>().toEqualTypeOf<keyof typeof servers>();
    expectTypeOf(zones).toEqualTypeOf<readonly Zone[]>();
  });

  test("take a zone from the environment, to be checked at run time", () => {
    compiles((_, token) => {
      const read: MakeClientOptions = { zone: process.env["MAKE_ZONE"], token };
      const options = { zone: "eu1", token, timeout: 1000 };
      const known: Zone | undefined = zones[0];
      const baseUrl = "https://make.example/api/v2";
      return [
        createMakeClient({ zone: process.env["MAKE_ZONE"], token }),
        createMakeClient({ zone: String(token), token }),
        createMakeClient({ zone: known, token }),
        createMakeClient(read),
        createMakeClient(options),
        // @ts-expect-error they exclude each other
        createMakeClient({ zone: process.env["MAKE_ZONE"], baseUrl, token }),
        // @ts-expect-error no zone is a number
        createMakeClient({ zone: 1, token }),
      ];
    });
  });

  test("take the fetch of the runtime, of undici, or one of their kind", () => {
    compiles((_, token) => [
      createMakeClient({ token, fetch }),
      createMakeClient({ token, fetch: globalThis.fetch }),
      createMakeClient({ token, fetch: undiciFetch }),
      createMakeClient({ token, fetch: (url, init) => fetch(url, { ...init, cache: "no-cache" }) }),
      createMakeClient({ token, fetch: async (url, init) => Response.json([url, init.method]) }),
      createMakeClient({ token, fetch: undefined }),
      // @ts-expect-error an answer has a status
      createMakeClient({ token, fetch: async () => "" }),
      // @ts-expect-error it is a function
      createMakeClient({ token, fetch: {} }),
    ]);
  });

  test("take a token from the environment, as it is, or from a function", () => {
    compiles(() => [
      createMakeClient({ zone: "eu1", token: process.env["MAKE_API_KEY"] }),
      createMakeClient({ zone: "eu1", token: () => "x" }),
      createMakeClient({ zone: "eu1", token: async () => "x" }),
      // @ts-expect-error a function has to return a string
      createMakeClient({ zone: "eu1", token: () => process.env["MAKE_API_KEY"] }),
      // @ts-expect-error null is not undefined
      createMakeClient({ zone: "eu1", token: null }),
    ]);
  });

  test("do not take what does not exist, or the wrong type", () => {
    compiles((_, token) => [
      // @ts-expect-error there is no such option
      createMakeClient({ zone: "eu1", token, retry: 3 }),
      // @ts-expect-error a number of milliseconds
      createMakeClient({ zone: "eu1", token, timeout: "30s" }),
      createMakeClient({ zone: "eu1", token, fetch }),
      createMakeClient({ zone: "eu1", token, retries: undefined, userAgent: undefined }),
    ]);
    expectTypeOf<NonNullable<MakeClientOptions["onAttempt"]>>().parameters.toEqualTypeOf<
      [Attempt]
    >();
    expectTypeOf<Attempt["status"]>().toEqualTypeOf<number | undefined>();
  });
});

describe("results", () => {
  type Listed = paths["/users/me/api-tokens"]["get"]["responses"][200]["content"];
  type Documented = NonNullable<Listed["application/json"]["apiTokens"]>[number];

  test("have every field that the specification has, and the relied-on ones for certain", () => {
    expectTypeOf<MakeClient["apiTokens"]["list"]>().returns.resolves.toEqualTypeOf<ApiToken[]>();
    expectTypeOf<
      MakeClient["apiTokens"]["create"]
    >().returns.resolves.toEqualTypeOf<CreatedApiToken>();
    expectTypeOf<
      MakeClient["apiTokens"]["rotate"]
    >().returns.resolves.toEqualTypeOf<CreatedApiToken>();
    expectTypeOf<MakeClient["apiTokens"]["delete"]>().returns.resolves.toEqualTypeOf<string>();
    type Relied = { token: string; scope: string[]; created: string; label: string };
    expectTypeOf<ApiToken>().toExtend<Relied>();
    expectTypeOf<CreatedApiToken>().toExtend<Relied>();
    expectTypeOf<keyof ApiToken>().toEqualTypeOf<keyof Documented>();
  });

  test("of raw are typed by path", () => {
    compiles(async ({ raw }) => {
      const { data } = await raw.GET("/users/me/api-tokens");
      expectTypeOf(data?.apiTokens).toEqualTypeOf<Documented[] | undefined>();
      await raw.DELETE("/users/me/api-tokens/{timestamp}", { params: { path: { timestamp: "" } } });
      // @ts-expect-error the path parameter is missing
      await raw.DELETE("/users/me/api-tokens/{timestamp}");
      // @ts-expect-error there is no such path
      await raw.GET("/users/me");
      // @ts-expect-error the path has no such method
      await raw.PUT("/users/me/api-tokens");
      // @ts-expect-error the body needs a label
      await raw.POST("/users/me/api-tokens", { body: { scope: [] } });
    });
  });
});

test("arguments are what the specification asks for", () => {
  compiles(({ apiTokens }) => [
    apiTokens.create({ label: "ci", scope: ["user:read"] }, { signal: AbortSignal.timeout(1) }),
    apiTokens.create({ label: "ci", scope: ["user:read"] } as const),
    apiTokens.rotate("", { store: () => {}, scope: ["user:read"] as const }),
    // @ts-expect-error the label is missing
    apiTokens.create({ scope: [] }),
    // @ts-expect-error the scope is missing
    apiTokens.create({ label: "ci" }),
    // @ts-expect-error there is no such property
    apiTokens.create({ label: "ci", scope: [], expires: 1 }),
    apiTokens.delete(new Date()),
    // @ts-expect-error a number is not a timestamp
    apiTokens.delete(1585288407368),
    apiTokens.rotate("", { store: () => {} }),
    apiTokens.rotate("", { store: async ({ token }) => token, label: "ci", scope: [] }),
    // @ts-expect-error store is missing
    apiTokens.rotate("", { label: "ci" }),
    // @ts-expect-error there is nowhere to keep the successor
    apiTokens.rotate(""),
    apiTokens.list({ timeout: 1, totalTimeout: 2, retries: 0 }),
    // @ts-expect-error there is no such option
    apiTokens.list({ retry: 1 }),
    // @ts-expect-error a number of milliseconds
    apiTokens.list({ timeout: "1s" }),
    apiTokens.create({ label: "ci", scope: ["user:read"] as const }),
    apiTokens.rotate("", { store: () => {}, scope: ["user:read"] as const }),
  ]);
});

test("errors form a family, and carry their facts", () => {
  expectTypeOf<MakeTimeoutError>().toExtend<MakeConnectionError>();
  expectTypeOf<MakeConnectionError>().toExtend<MakeError>();
  expectTypeOf<MakeResponseError>().toExtend<MakeError>();
  expectTypeOf<MakeApiError>().toExtend<MakeError>();
  expectTypeOf<MakeError>().toExtend<Error>();
  expectTypeOf<MakeError["outcome"]>().toEqualTypeOf<Outcome>();
  expectTypeOf<Outcome>().toEqualTypeOf<"not-sent" | "rejected" | "unknown">();
  expectTypeOf<MakeApiError["status"]>().toEqualTypeOf<number>();
  expectTypeOf<MakeApiError["retryAfterMs"]>().toEqualTypeOf<number | undefined>();
  expectTypeOf<MakeError["successor"]>().toEqualTypeOf<string | undefined>();

  expect(Object.getPrototypeOf(MakeTimeoutError)).toBe(MakeConnectionError);
  for (const Class of [MakeApiError, MakeConnectionError, MakeResponseError]) {
    expect(Object.getPrototypeOf(Class)).toBe(MakeError);
  }
  for (const Class of [MakeError, MakeApiError, MakeTimeoutError, MakeResponseError]) {
    expect(Class.prototype.name).toBe(Class.name);
  }
});

describe("a new specification", () => {
  type Edits = Readonly<Record<string, (text: string) => string>>;
  const PATHS = "generated/paths.ts";
  const FACADE = "src/api-tokens.ts";
  const REMOVED = [
    ["apiTokens", "label"],
    ["apiTokens", "created"],
    ["apiToken", "token"],
    ["apiToken", "scope"],
  ] as const;
  const ADDED = [
    ["apiTokens", "ApiToken"],
    ["apiToken", "CreatedApiToken"],
  ] as const;

  /** Edits the fields of listed or of created tokens. */
  const inside = (what: "apiTokens" | "apiToken", edit: (fields: string) => string) =>
    function editPaths(text: string): string {
      const edited = text.replace(new RegExp(`(?<=\\b${what}\\?: \\{)[^}]*(?=\\})`), edit);
      expect(edited).not.toBe(text);
      return edited;
    };
  const remove = (field: string) => (fields: string) =>
    fields.replace(new RegExp(`\\b${field}\\?: [^;]*;`), "");
  const add = (fields: string) => `${fields} expiresInDays?: number; `;
  const useOf = (type: string) => `src/use-${type}.ts`;
  const uses: Edits = Object.fromEntries(
    ADDED.map(([, type]) => [
      useOf(type),
      () => `import type { ${type} } from "./index.js";
       export const days = (token: ${type}): number | undefined => token.expiresInDays;`,
    ]),
  );

  async function otherOperations(): Promise<Edits> {
    const { paths, ...rest } = specification;
    const responses = { 200: { description: "", content: { "text/plain": { schema: {} } } } };
    const id = { name: "id", in: "path", required: true, schema: { type: "integer" } };
    const more = {
      "/things/{id}": { get: { parameters: [id], responses }, options: { responses } },
      "/things": { get: { security: [{ token: ["things:read"] }], responses } },
    };
    const files = await generate(JSON.stringify({ ...rest, paths: { ...paths, ...more } }));
    return Object.fromEntries([...files].map(([name, text]) => [name, () => text]));
  }

  let program: ReturnType<typeof programOf>;
  beforeAll(async () => {
    const [listed, created] = ADDED.map(([what]) => inside(what, add));
    program = programOf({
      operations: await otherOperations(),
      "nothing new": uses,
      "new fields": { ...uses, [PATHS]: (text) => created!(listed!(text)) },
      ...Object.fromEntries(
        REMOVED.map(([what, field]) => [
          `no ${what}.${field}`,
          { [PATHS]: inside(what, remove(field)) },
        ]),
      ),
    });
  });

  test("with other operations compiles, without an edit", () => {
    expect(program.wrongFiles("operations")).toEqual([]);
  });

  test.each(REMOVED)("without %s[].%s fails to compile where that is used", (what, field) => {
    expect(program.wrongFiles(`no ${what}.${field}`, FACADE)).toEqual([FACADE]);
  });

  test("with new fields has them in the types of tokens, without an edit", () => {
    const types = ADDED.map(([, type]) => useOf(type));
    expect(program.wrongFiles("nothing new")).toEqual(types);
    expect(program.wrongFiles("new fields")).toEqual([]);
  });

  /** One program, which holds the sources once for each of the edits, in a folder of their name. */
  function programOf(variants: Readonly<Record<string, Edits>>) {
    const root = fileURLToPath(new URL("../..", import.meta.url));
    const { config } = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile);
    const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
    const host = createHost(options);
    const { fileExists, readFile, directoryExists, getSourceFile } = host;

    const copies = join(root, "test/memory/");
    const inCopy = (variant: string, name: string) => join(copies, variant, name);
    const inRoot = (name: string) =>
      name.startsWith(copies) ? join(root, name.slice(copies.length).replace(/^[^/]*/, "")) : name;
    const edited = new Map<string, (text: string) => string>();
    const files = Object.entries(variants).flatMap(([variant, edits]) => {
      for (const [name, edit] of Object.entries(edits)) edited.set(inCopy(variant, name), edit);
      return ["src/index.ts", "src/testing/index.ts", ...Object.keys(edits)].map((name) =>
        inCopy(variant, name),
      );
    });
    host.fileExists = (name) => edited.has(name) || fileExists(inRoot(name));
    host.directoryExists = (name) => directoryExists?.(inRoot(name)) ?? false;
    host.readFile = (name) => {
      const text = readFile(inRoot(name));
      return edited.get(name)?.(text ?? "") ?? text;
    };
    host.getSourceFile = (name, version, ...rest) =>
      name.startsWith(copies)
        ? ts.createSourceFile(name, host.readFile(name) ?? "", version)
        : getSourceFile(name, version, ...rest);
    const program = ts.createProgram(files, options, host);
    const isWrong = (file: ts.SourceFile) =>
      program.getSyntacticDiagnostics(file).length > 0 ||
      program.getSemanticDiagnostics(file).length > 0;
    return {
      /** Names the files of a variant that fail to compile, or of those whose names begin with `some`. */
      wrongFiles(variant: string, some = ""): string[] {
        const folder = inCopy(variant, "/");
        const files = program
          .getSourceFiles()
          .filter(({ fileName }) => fileName.startsWith(folder + some));
        expect(files).not.toEqual([]);
        return files.filter(isWrong).map(({ fileName }) => fileName.slice(folder.length));
      },
    };
  }
});

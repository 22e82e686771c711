import { join } from "node:path";
import ts from "typescript";
import { beforeAll, expect, test } from "vitest";
import { bundleDeclarations } from "../../scripts/build/declarations.js";
import { ENTRIES, ROOT } from "../../scripts/build/entries.js";

let declarations: string;
beforeAll(async () => {
  const { files } = await bundleDeclarations(ENTRIES[0]!);
  declarations = String(files.get("index.d.ts"));
});

/** What the compiler says of a consumer's module, whose own declarations are asked for. */
function findings(code: string, target: ts.ScriptTarget): string[] {
  const texts = new Map([
    [join(ROOT, "consumer.ts"), `import { createMakeClient } from "./index.js";\n${code}`],
    [join(ROOT, "index.d.ts"), declarations],
  ]);
  const options: ts.CompilerOptions = {
    target,
    module: ts.ModuleKind.NodeNext,
    moduleDetection: ts.ModuleDetectionKind.Force,
    strict: true,
    exactOptionalPropertyTypes: true,
    declaration: true,
    types: ["node"],
  };
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists, getSourceFile } = host;
  host.fileExists = (name) => texts.has(name) || fileExists(name);
  host.readFile = (name) => texts.get(name) ?? readFile(name);
  host.getSourceFile = (name, version, ...rest) => {
    const text = texts.get(name);
    return text === undefined
      ? getSourceFile(name, version, ...rest)
      : ts.createSourceFile(name, text, version);
  };
  const program = ts.createProgram([...texts.keys()], options, host);
  const files = [...texts.keys()].map((name) => program.getSourceFile(name)!);
  return files
    .flatMap((file) => [
      ...program.getSemanticDiagnostics(file),
      ...program.getDeclarationDiagnostics(file),
    ])
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}

const { ES2020, ES2021, ES2022 } = ts.ScriptTarget;

test.each([ES2020, ES2021, ES2022])("the declarations compile with target %d", (target) => {
  expect(findings(`createMakeClient({ zone: "eu1" });`, target)).toEqual([]);
  expect(findings(`createMakeClient({ zone: 1 });`, target)).toHaveLength(1);
});

test("a consumer can export what it made, and any part of it", () => {
  const code = `
    export const make = createMakeClient({ zone: "eu1" });
    export const { apiTokens, raw } = make;
    export const { GET, request, use } = make.raw;
    export const list = () => make.raw.GET("/users/me/api-tokens");
    export class Mine { readonly raw = make.raw; readonly own = make.apiTokens.own; }`;
  expect(findings(code, ES2022)).toEqual([]);
});

/** The types of node-fetch 3 and of undici 7, as far as they differ from those of the DOM. */
const FETCHES = `
  declare class OtherHeaders {
    get(name: string): string | null;
    keys(): IterableIterator<string> & { map(): void };
    [Symbol.iterator](): IterableIterator<[string, string]>;
  }
  interface OtherResponse {
    readonly status: number;
    readonly headers: OtherHeaders;
    readonly body: NodeJS.ReadableStream | null;
    arrayBuffer(): Promise<ArrayBuffer>;
  }
  type Signal = Pick<AbortSignal, "aborted" | "addEventListener" | "removeEventListener">;
  declare function nodeFetch(url: URL | string, init?: {
    body?: Buffer | URLSearchParams | NodeJS.ReadableStream | string | null;
    headers?: OtherHeaders | Record<string, string> | Iterable<readonly [string, string]>;
    method?: string;
    redirect?: "error" | "follow" | "manual";
    signal?: Signal | null;
  }): Promise<OtherResponse>;
  declare function undiciFetch(url: URL | string, init?: {
    body?: ArrayBuffer | AsyncIterable<Uint8Array> | string | null;
    headers?: string[][] | Record<string, string | readonly string[]> | OtherHeaders;
    method?: string;
    redirect?: "error" | "follow" | "manual";
    cache?: "default" | "no-store";
    signal?: AbortSignal | null;
    dispatcher?: object;
  }): Promise<OtherResponse>;`;

test("the fetch of node-fetch, of undici and of the runtime fit the option", () => {
  const code = `${FETCHES}
    createMakeClient({ fetch: nodeFetch });
    createMakeClient({ fetch: undiciFetch });
    createMakeClient({ fetch });
    createMakeClient({ fetch: (url, init) => undiciFetch(url, { ...init, dispatcher: {} }) });
    createMakeClient({
      fetch: (url, { headers, ...init }) => undiciFetch(url, { ...init, headers: [...headers] }),
    });`;
  expect(findings(code, ES2022)).toEqual([]);
  expect(findings(`createMakeClient({ fetch: async () => "" });`, ES2022)).toHaveLength(1);
});

import { writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { compile, type CompilerOptions } from "./consumer.js";
import type { Checks } from "./checks.js";
import { run } from "./commands.js";
import { checkBundlers } from "./bundlers.js";
import { NODE } from "./managers.js";
import { NAME, PINS, TYPESCRIPTS } from "./paths.js";
import type { Pinning } from "./pins.js";
import type { Workplace } from "./workplace.js";

/** A CommonJS consumer's sources; those of tests name the two globals of jest that they use. */
const SOURCES: Readonly<Record<string, string>> = {
  "client.ts": `import { type ApiToken, createMakeClient, MakeError } from "${NAME}";
import { startFakeZone } from "${NAME}/testing";

export const make = createMakeClient({ zone: "eu1", token: "not-a-secret" });
export const list = (): Promise<ApiToken[]> => make.apiTokens.list();
export const start = () => startFakeZone();
console.log(make.zone, MakeError.name);
`,
  "node.test.ts": `import { createMakeClient, MakeApiError } from "${NAME}";
import { startFakeZone } from "${NAME}/testing";

declare const test: (title: string, body: () => Promise<void>) => void;
declare const expect: any;

test("a token lives, and is deleted once", async () => {
  const zone = await startFakeZone();
  const { apiTokens } = createMakeClient({ baseUrl: zone.baseUrl, token: zone.token });
  const { created } = await apiTokens.create({ label: "jest", scope: [] });
  expect(await apiTokens.delete(created)).toBe(created);
  await expect(apiTokens.delete(created)).rejects.toBeInstanceOf(MakeApiError);
  await zone.close();
});
`,
  "jsdom.test.ts": `import { createMakeClient } from "${NAME}";

declare const test: (title: string, body: () => void) => void;
declare const expect: any;

test("a client is made beside a document", () => {
  expect(document.body).toBeDefined();
  expect(createMakeClient({ zone: "eu1", token: "not-a-secret" }).zone).toBe("eu1");
});
`,
};

/** The oldest way to resolve, which jest's and ts-node's users have. */
const NODE10 = { module: "CommonJS", moduleResolution: "node10", ignoreDeprecations: "5.0" };
const SCRIPT = { verbatimModuleSyntax: false, esModuleInterop: true };

interface Place {
  readonly folder: string;
  readonly workplace: Workplace;
}

async function writeCommonJs({ workplace, packed }: Pinning): Promise<string> {
  const folder = await workplace.folder("commonjs");
  await writeFile(join(folder, "package.json"), JSON.stringify({ private: true }));
  await workplace.npm(["install", packed.tarball], { cwd: folder });
  for (const [name, text] of Object.entries(SOURCES)) await writeFile(join(folder, name), text);
  return folder;
}

/** The transforms of a jest's folder, by their names, with their settings. */
function transformsOf(jest: string): Readonly<Record<string, unknown>> {
  const { resolve } = createRequire(join(jest, "package.json"));
  const compilerOptions = { ...NODE10, ...SCRIPT, target: "ES2022", strict: true, types: [] };
  const presets = [
    [resolve("@babel/preset-env"), { targets: { node: "current" } }],
    resolve("@babel/preset-typescript"),
  ];
  return {
    "ts-jest": [resolve("ts-jest"), { tsconfig: compilerOptions }],
    "@swc/jest": [resolve("@swc/jest"), { jsc: { parser: { syntax: "typescript" } } }],
    "babel-jest": [resolve("babel-jest"), { presets }],
  };
}

/** A consumer's tests, in CommonJS as jest has it by default. */
async function testInJest(jest: string, name: string, transform: unknown, place: Place) {
  const { folder, workplace } = place;
  const { resolve } = createRequire(join(jest, "package.json"));
  const jsdom = resolve("jest-environment-jsdom");
  const cacheDirectory = await workplace.folder("jest-cache");
  for (const environment of ["node", "jsdom"]) {
    const config = {
      rootDir: folder,
      testEnvironment: environment === "jsdom" ? jsdom : environment,
      testMatch: [`**/${environment}.test.ts`],
      transform: { "\\.ts$": transform },
      cacheDirectory,
      watchman: false,
    };
    const file = join(folder, `${name}-${environment}.json`);
    await writeFile(file, JSON.stringify(config));
    const args = [join(jest, "node_modules/jest/bin/jest.js"), "--config", file, "--runInBand"];
    await run(NODE, args, { cwd: folder, env: workplace.env });
  }
}

/** The folders that bring them. */
export const JESTS = { "jest 29": join(PINS, "jest-29"), "jest 30": PINS } as const;

async function checkJest(checks: Checks, place: Place): Promise<void> {
  for (const [version, jest] of Object.entries(JESTS)) {
    for (const [by, transform] of Object.entries(transformsOf(jest))) {
      const name = `${version}-${by.replace(/\W/g, "")}`.replace(" ", "-");
      await checks.check(`${version}: ${by}, node and jsdom`, () =>
        testInJest(jest, name, transform, place),
      );
    }
  }
}

/** Ways to compile CommonJS; TypeScript 6 has no node10 any more. */
export const PROJECTS: Readonly<Record<string, CompilerOptions>> = {
  node16: { module: "Node16" },
  nodenext: {},
  bundler: { module: "ESNext", moduleResolution: "Bundler" },
  node10: NODE10,
};

/** Compilers with what `test/e2e/compilers.ts` does not try: node16, CommonJS and node10. */
async function checkCommonJs(checks: Checks, { folder }: Place): Promise<void> {
  for (const version of TYPESCRIPTS) {
    for (const [name, options] of Object.entries(PROJECTS)) {
      if (name === "node10" && !version.startsWith("5.")) continue;
      const all = { ...SCRIPT, ...options, declaration: true, outDir: "compiled" };
      await checks.check(`TypeScript ${version}: ${name}, CommonJS`, () =>
        compile(folder, `typescript-${version}`, all),
      );
    }
  }
}

async function runInTsNode({ folder, workplace }: Place): Promise<void> {
  const compilerOptions = { ...NODE10, ...SCRIPT, target: "ES2022", strict: true };
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions }));
  const args = [join(PINS, "node_modules/ts-node/dist/bin.js"), "client.ts"];
  const printed = await run(NODE, args, { cwd: folder, env: workplace.env });
  if (printed.trim() !== "eu1 MakeError") throw new Error(printed);
}

/** The package in other people's compilers, test runners and bundlers. */
export async function consumeEverywhere(pinning: Pinning): Promise<void> {
  const { checks, workplace } = pinning;
  const folder = await writeCommonJs(pinning);
  const place = { folder, workplace };
  await checkCommonJs(checks, place);
  await checkJest(checks, place);
  await checks.check("ts-node", () => runInTsNode(place));
  await checkBundlers(checks, folder, workplace);
}

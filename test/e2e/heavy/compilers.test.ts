import { describe, test } from "vitest";
import { compile, type CompilerOptions } from "../consumer.js";
import { given } from "../given.js";
import { tool, TYPESCRIPTS } from "../tools.js";

const { consumer } = given();

const BUNDLER = { module: "ESNext", moduleResolution: "Bundler" };
const SERVER = { types: ["node"], typeRoots: [tool("@types")] };
const SCRIPT = { module: "CommonJS", moduleResolution: "node10", ignoreDeprecations: "5.0" };

/** A browser's consumer, a server's, what most have, and the oldest. */
const PROJECTS: readonly (readonly [name: string, CompilerOptions])[] = [
  ["nodenext, DOM, without @types/node", {}],
  ["node16, @types/node, without DOM", { ...SERVER, module: "Node16", lib: ["ES2022"] }],
  ["bundler, @types/node, DOM", { ...SERVER, ...BUNDLER }],
  ["target es2020", { target: "ES2020", lib: ["ES2020", "DOM"] }],
  ["target es2021", { ...BUNDLER, target: "ES2021", lib: ["ES2021", "DOM"] }],
];

/** TypeScript 6 has it no more. */
const NODE10: (typeof PROJECTS)[number] = [
  "node10, CommonJS",
  { ...SCRIPT, verbatimModuleSyntax: false, esModuleInterop: true },
];

describe.each(TYPESCRIPTS)("the declarations compile with TypeScript %s", (version) => {
  const projects = version.startsWith("5.") ? [...PROJECTS, NODE10] : PROJECTS;

  test.each(projects)("as %s", async (_, options) => {
    await compile(consumer, version, { ...options, outDir: `as-${version}` });
  });
});

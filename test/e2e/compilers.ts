import type { Checks } from "./checks.js";
import { type CompilerOptions, compile } from "./consumer.js";
import { tool, TYPESCRIPTS } from "./paths.js";

const NODE_TYPES = { types: ["node"], typeRoots: [tool("@types")] };
const BUNDLER = { module: "ESNext", moduleResolution: "Bundler" };

/** A browser's consumer, a server's, and what most have. */
const PROJECTS: Readonly<Record<string, CompilerOptions>> = {
  "nodenext, DOM, without @types/node": {},
  "bundler, DOM, without @types/node": BUNDLER,
  "nodenext, @types/node, without DOM": { ...NODE_TYPES, lib: ["ES2022"] },
  "bundler, @types/node, DOM": { ...NODE_TYPES, ...BUNDLER },
};

/** The installed declarations, under every compiler that consumers may have. */
export async function compileEverywhere(checks: Checks, folder: string): Promise<void> {
  for (const version of TYPESCRIPTS) {
    for (const [name, options] of Object.entries(PROJECTS)) {
      await checks.check(`TypeScript ${version}: ${name}`, () =>
        compile(folder, `typescript-${version}`, { ...options, noEmit: true }),
      );
    }
  }
}

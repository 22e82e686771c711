import { fileURLToPath } from "node:url";

/** The folder of package.json. */
export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** The files of a build: path below `dist/` → content. */
export type Files = ReadonlyMap<string, string | Uint8Array>;

/** The built files of an entry, and the files that they were made of, relative to the root. */
export interface Bundled {
  readonly files: Files;
  readonly inputs: readonly string[];
}

/** A module that is published under its own name. */
export interface Entry {
  readonly name: string;
  /** Relative to the root. */
  readonly source: string;
  readonly platform: "neutral" | "node";
  /** A library that its declarations need, and that a consumer may not have chosen. */
  readonly lib?: string;
}

/** The command `make-api-tokens`. */
export const COMMAND: Entry = { name: "cli", source: "src/cli/main.ts", platform: "node" };

/** Modules, for `import` and for `require`, with declarations for both. */
export const ENTRIES: readonly Entry[] = [
  { name: "index", source: "src/index.ts", platform: "neutral" },
  {
    name: "testing",
    source: "src/testing/index.ts",
    platform: "node",
    lib: "esnext.disposable",
  },
];

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import manifest from "../../package.json" with { type: "json" };

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));
export const HERE = fileURLToPath(new URL(".", import.meta.url));

/** The package's name, which a team may change. */
export const { name: NAME } = manifest;

export const PLATFORM = `${process.platform}-${process.arch}`;

/** A file of what this folder's package.json brings. */
export const tool = (path: string): string => join(HERE, "node_modules", path);

export const NODES = [20, 22, 24, 26] as const;
export const nodeOf = (major: (typeof NODES)[number]): string =>
  tool(`node-${major}-${PLATFORM}/bin/node`);

export const BUN = tool(`bun-${PLATFORM}/bin/bun`);
export const DENO = tool(`deno-${PLATFORM}/deno`);
export const WORKERD = tool(`workerd-${PLATFORM}/bin/workerd`);

export const TYPESCRIPTS = ["5.4", "5.9", "6.0", "7.0"] as const;
export type TypeScript = (typeof TYPESCRIPTS)[number];
export const compilerOf = (version: TypeScript): string => tool(`typescript-${version}/bin/tsc`);

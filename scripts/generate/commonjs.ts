import { createRequire } from "node:module";
import type typescript from "typescript";

/**
 * Required, not imported: to see what an import would export, Node 20 and tsx each read all nine
 * megabytes of TypeScript once more, which takes longer than to load it.
 */
const require = createRequire(import.meta.url);

export const ts: typeof typescript = require("typescript");
export const openapiTypescript: typeof import("openapi-typescript") = require("openapi-typescript");

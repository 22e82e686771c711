import { runInNewContext } from "node:vm";
import ts from "typescript";

/** Runs a module alone in a new context: what it exports, and which globals it leaves behind. */
export function run(text: string): { exports: Record<string, unknown>; globals: string[] } {
  const { outputText } = ts.transpileModule(text, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  const context = { exports: {} };
  runInNewContext(outputText, context);
  const exports = JSON.parse(JSON.stringify(context.exports)) as Record<string, unknown>;
  return { exports, globals: Object.keys(context).filter((name) => name !== "exports") };
}

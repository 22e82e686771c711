import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const root = fileURLToPath(new URL("../..", import.meta.url));
const IMPORT = /(?:from|import) "(\.[^"]+)\.js"/g;

/**
 * The declarations that the entries need, and no others: path relative to the root → text. What is
 * marked `@internal` is left out.
 */
export function declarations(
  entries: readonly string[],
  options: ts.CompilerOptions = {},
): Map<string, string> {
  const { config } = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile);
  const { options: project } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const program = ts.createProgram(
    entries.map((entry) => join(root, entry)),
    {
      ...project,
      noEmit: false,
      declaration: true,
      emitDeclarationOnly: true,
      stripInternal: true,
      rootDir: root,
      outDir: root,
      ...options,
    },
  );
  const emitted = new Map<string, string>();
  const { diagnostics } = program.emit(undefined, (name, text) => {
    emitted.set(relative(root, name), text);
  });
  const problems = [...ts.getPreEmitDiagnostics(program), ...diagnostics];
  if (problems.length > 0) {
    throw new Error(
      ts.formatDiagnostics(problems, {
        getCanonicalFileName: (name) => name,
        getCurrentDirectory: () => root,
        getNewLine: () => "\n",
      }),
    );
  }

  const needed = new Map<string, string>();
  const queue = entries.map((entry) => entry.replace(/\.ts$/, ".d.ts"));
  for (const name of queue) {
    const text = emitted.get(name);
    if (text === undefined || needed.has(name)) continue;
    needed.set(name, text);
    for (const [, target] of text.matchAll(IMPORT)) {
      queue.push(join(dirname(name), `${target}.d.ts`));
    }
  }
  return needed;
}

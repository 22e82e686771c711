import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { createHost } from "../compiler-host.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const { config } = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile);
const own = { ...config, include: [], files: [] };
const { options } = ts.parseJsonConfigFileContent(own, ts.sys, root);

// Without the DOM and Node, whose declarations take seconds to load.
const strict: ts.CompilerOptions = { ...options, lib: ["lib.es2022.d.ts"], types: [] };

/** What tsc says, under this project's own options, of files that exist in memory only. */
export function compile(files: ReadonlyMap<string, string>): string[] {
  const host = createHost(strict);
  const texts = new Map([...files].map(([name, text]) => [join(root, "test/memory", name), text]));
  const folders = new Set([...texts.keys()].map((path) => dirname(path)));
  const { fileExists, getSourceFile, directoryExists } = host;
  host.fileExists = (name) => texts.has(name) || fileExists(name);
  host.directoryExists = (name) => folders.has(name) || (directoryExists?.(name) ?? false);
  host.getSourceFile = (name, version, ...rest) => {
    const text = texts.get(name);
    if (text === undefined) return getSourceFile(name, version, ...rest);
    return ts.createSourceFile(name, text, version);
  };
  const program = ts.createProgram([...texts.keys()], strict, host);
  return ts.getPreEmitDiagnostics(program).map(({ file, start = 0, messageText }) => {
    const line = file === undefined ? 0 : file.getLineAndCharacterOfPosition(start).line + 1;
    return `${file?.fileName.slice(root.length)}:${line} ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
  });
}

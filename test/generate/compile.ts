import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const root = fileURLToPath(new URL("../../", import.meta.url));
const { config } = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile);
const { options } = ts.parseJsonConfigFileContent(
  { ...config, include: [], files: [] },
  ts.sys,
  root,
);

/** What tsc says, under this project's own options, of files that exist in memory only. */
export function compile(files: ReadonlyMap<string, string>): string[] {
  // Without the DOM and Node, whose declarations take seconds to load.
  const strict: ts.CompilerOptions = { ...options, lib: ["lib.es2022.d.ts"], types: [] };
  const host = ts.createCompilerHost(strict);
  const texts = new Map([...files].map(([name, text]) => [join(root, "test/memory", name), text]));
  const { fileExists, readFile, getSourceFile, directoryExists } = host;
  host.fileExists = (name) => texts.has(name) || fileExists(name);
  host.readFile = (name) => texts.get(name) ?? readFile(name);
  host.directoryExists = (name) =>
    [...texts.keys()].some((path) => dirname(path) === name) || (directoryExists?.(name) ?? false);
  host.getSourceFile = (name, version, onError) => {
    const text = texts.get(name);
    return text === undefined
      ? getSourceFile(name, version, onError)
      : ts.createSourceFile(name, text, version);
  };
  const program = ts.createProgram([...texts.keys()], strict, host);
  return ts.getPreEmitDiagnostics(program).map(({ file, start = 0, messageText }) => {
    const line = file === undefined ? 0 : file.getLineAndCharacterOfPosition(start).line + 1;
    return `${file?.fileName.slice(root.length)}:${line} ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
  });
}

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

// Without the DOM and Node, whose declarations take seconds to load.
const strict: ts.CompilerOptions = { ...options, lib: ["lib.es2022.d.ts"], types: [] };
/** The library's files, parsed once for all programs. */
const library = new Map<string, ts.SourceFile | undefined>();

/** What tsc says, under this project's own options, of files that exist in memory only. */
export function compile(files: ReadonlyMap<string, string>): string[] {
  const host = ts.createCompilerHost(strict);
  const texts = new Map([...files].map(([name, text]) => [join(root, "test/memory", name), text]));
  const { fileExists, readFile, getSourceFile, directoryExists } = host;
  host.fileExists = (name) => texts.has(name) || fileExists(name);
  host.readFile = (name) => texts.get(name) ?? readFile(name);
  host.directoryExists = (name) =>
    [...texts.keys()].some((path) => dirname(path) === name) || (directoryExists?.(name) ?? false);
  host.getSourceFile = (name, version, onError) => {
    const text = texts.get(name);
    if (text !== undefined) return ts.createSourceFile(name, text, version);
    if (!library.has(name)) library.set(name, getSourceFile(name, version, onError));
    return library.get(name);
  };
  const program = ts.createProgram([...texts.keys()], strict, host);
  return ts.getPreEmitDiagnostics(program).map(({ file, start = 0, messageText }) => {
    const line = file === undefined ? 0 : file.getLineAndCharacterOfPosition(start).line + 1;
    return `${file?.fileName.slice(root.length)}:${line} ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
  });
}

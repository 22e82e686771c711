import ts from "typescript";

/** TypeScript's own libraries and the types of packages, parsed once for all files of a process. */
const parsed = new Map<string, ts.SourceFile | undefined>();

/** A host for programs with this project's module settings, on which the parsed files depend. */
export function createHost(options: ts.CompilerOptions): ts.CompilerHost {
  const host = ts.createCompilerHost(options);
  const { getSourceFile } = host;
  host.getSourceFile = (name, ...rest) => {
    if (!name.includes("/node_modules/")) return getSourceFile(name, ...rest);
    if (!parsed.has(name)) parsed.set(name, getSourceFile(name, ...rest));
    return parsed.get(name);
  };
  return host;
}

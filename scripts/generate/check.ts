import { createRequire } from "node:module";
import type typescript from "typescript";
import { type Json, type JsonObject, valueAt } from "../lib/json.ts";
import { type Operation, operationsOf, refOf } from "../lib/openapi.ts";
import { Refusal } from "../lib/refusal.ts";
import { excerpt, printable } from "../lib/text.ts";

// Required, not imported, as in types.ts.
const ts: typeof typescript = createRequire(import.meta.url)("typescript");

/**
 * Has TypeScript check a file of types, which may hold interfaces and type aliases only.
 *
 * @throws Error where it holds anything else
 * @throws Refusal where TypeScript has no such type: it names an operation that needs the type, and
 * the action for spec/overlay.json that leaves it out
 */
export function checkTypes(code: string, document: JsonObject): void {
  const file = sourceFile("paths.ts", code);
  const value = file.statements.find(
    (it) => !ts.isInterfaceDeclaration(it) && !ts.isTypeAliasDeclaration(it),
  );
  if (value) throw new Error(`it holds more than types: ${excerpt(value.getText(file))}`);
  const [fault] = diagnostics(file);
  if (!fault) return;
  const what = excerpt(ts.flattenDiagnosticMessageText(fault.messageText, " "), 300);
  const place = placeIn(file, fault.start ?? 0);
  throw place.length < 3 ? new Error(what) : refusal(document, place, what);
}

/** All that a file of types uses of TypeScript's library, which takes long to read. */
const library = `
  interface Array<T> { [index: number]: T }
  interface Boolean {} interface CallableFunction {} interface Function {} interface IArguments {}
  interface NewableFunction {} interface Number {} interface Object {} interface RegExp {} interface String {}
  type Record<K extends keyof any, T> = { [P in K]: T };`;

function diagnostics(file: typescript.SourceFile): readonly typescript.Diagnostic[] {
  const files = new Map([file, sourceFile("library.d.ts", library)].map((it) => [it.fileName, it]));
  const program = ts.createProgram(
    [...files.keys()],
    { strict: true, noLib: true, noResolve: true, types: [] },
    {
      getSourceFile: (name) => files.get(name),
      fileExists: (name) => files.has(name),
      readFile: () => undefined,
      writeFile: () => undefined,
      getCurrentDirectory: () => "",
      getDefaultLibFileName: () => "",
      getCanonicalFileName: (name) => name,
      useCaseSensitiveFileNames: () => true,
      getNewLine: () => "\n",
    },
  );
  return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
}

const sourceFile = (name: string, code: string): typescript.SourceFile =>
  ts.createSourceFile(name, code, {
    languageVersion: ts.ScriptTarget.ES2022,
    jsDocParsingMode: ts.JSDocParsingMode.ParseNone,
  });

/** The names of the declarations around a position: `["paths", "/things", "get", …]`. */
function placeIn(file: typescript.SourceFile, position: number): string[] {
  const names: string[] = [];
  const visit = (node: typescript.Node): void => {
    if (position < node.pos || position >= node.end) return;
    if (ts.isInterfaceDeclaration(node) || ts.isPropertySignature(node)) {
      names.push(ts.isComputedPropertyName(node.name) ? "" : node.name.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return names;
}

function refusal(document: JsonObject, place: readonly string[], what: string): Refusal {
  const [root = "", section = "", name = ""] = place;
  const $ref = `#/${root}/${section}/${name}`;
  const operation = operationsOf(document).find((it) =>
    root === "paths" ? isAt(it, section, name) : uses(document, it.value, $ref),
  );
  const target = [root, section, name].map((it) => `[${JSON.stringify(it)}]`).join("");
  // A component stays as one that allows anything, because others may refer to it.
  const action = { target: `$${target}${root === "components" ? ".*" : ""}`, remove: true };
  const where = excerpt(place.join("."));
  return new Refusal(
    `spec/openapi.json cannot be turned into code: ${printable(operation?.name ?? where)} has no types (${where}: ${what}).`,
    `To leave this out, add this to the actions of spec/overlay.json, then run \`npm run pull\`: ${printable(JSON.stringify(action))}`,
  );
}

const isAt = (operation: Operation, path: string, method: string): boolean =>
  operation.path === path && operation.method.toLowerCase() === method;

/** Whether a value refers to a component, also through others. */
function uses(
  document: JsonObject,
  value: Json | undefined,
  component: string,
  seen = new Set<string>(),
): boolean {
  if (typeof value !== "object" || value === null) return false;
  const $ref = refOf(value);
  if ($ref === undefined) {
    return Object.values(value).some((it) => uses(document, it, component, seen));
  }
  if ($ref === component || seen.has($ref)) return $ref === component;
  seen.add($ref);
  return uses(document, valueAt(document, $ref.split("/").slice(1)), component, seen);
}

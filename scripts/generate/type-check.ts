import { createRequire } from "node:module";
import type typescript from "typescript";
import { isObject, type Json, type JsonObject, valueAt } from "../lib/json.ts";
import { everyValue, listOf, operationsOf, resolve } from "../lib/openapi.ts";
import { leaveOut, Refusal } from "../lib/refusal.ts";
import { excerpt } from "../lib/text.ts";

// Required, not imported, as in types.ts.
const ts: typeof typescript = createRequire(import.meta.url)("typescript");

/** TypeScript takes 2 seconds and 200 MB for so many. */
const maxAlternatives = 100_000;

/**
 * Has TypeScript check a file of types, which may hold interfaces and type aliases only.
 *
 * @throws Error where it holds anything else, or would take TypeScript too long
 * @throws Refusal where TypeScript has no such type: it names an operation that needs the type, and
 * the action for spec/overlay.json that leaves it out
 */
export function checkTypes(code: string, document: JsonObject): void {
  const file = sourceFile("paths.ts", code);
  const value = file.statements.find(
    (it) => !ts.isInterfaceDeclaration(it) && !ts.isTypeAliasDeclaration(it),
  );
  if (value) throw new Error(`it holds more than types: ${excerpt(value.getText(file))}`);
  if (alternativesIn(document) > maxAlternatives) {
    throw new Error(`its schemas have more than ${maxAlternatives} alternatives`);
  }
  const [fault] = diagnostics(file);
  if (!fault) return;
  const what = excerpt(ts.flattenDiagnosticMessageText(fault.messageText, " "), 300);
  const place = placeIn(file, fault.start ?? 0);
  const where = excerpt(place.join("."));
  const wrong = resolve(document, valueAt(document, place.slice(0, 3)));
  const operation = operationsOf(document).find(({ value }) => leadsTo(document, value, wrong));
  const message = `${excerpt(operation?.name ?? where)} has no types (${where}: ${what})`;
  const remedy = leaveOut(place);
  throw remedy === undefined ? new Error(message) : new Refusal(message, remedy);
}

/** The alternatives of all schemas. In an `allOf` they multiply, and TypeScript lists them all. */
function alternativesIn(document: JsonObject): number {
  const known = new Map<Json, number>();
  const count = (value: Json): number => {
    const schema = resolve(document, value);
    if (!isObject(schema)) return 1;
    const before = known.get(schema);
    if (before !== undefined) return before;
    known.set(schema, 1); // For a schema that leads back here.
    const choices = ["enum", "anyOf", "oneOf"].map((key) => listOf(schema[key]));
    const sums = choices.map((choice) => choice.reduce<number>((sum, it) => sum + count(it), 0));
    const factors = [...sums, ...listOf(schema["allOf"]).map(count)];
    const product = factors.reduce((total, factor) => total * Math.max(factor, 1), 1);
    known.set(schema, product);
    return product;
  };
  everyValue(document, count);
  return [...known.values()].reduce((total, product) => total + product - 1, 0);
}

/** All that a file of types uses of TypeScript's library, which takes long to read. */
const library = `
  interface Array<T> { [index: number]: T }
  interface Boolean {} interface CallableFunction {} interface Function {} interface IArguments {}
  interface NewableFunction {} interface Number {} interface Object {} interface RegExp {} interface String {}
  type Record<K extends keyof any, T> = { [P in K]: T };`;

function diagnostics(file: typescript.SourceFile): readonly typescript.Diagnostic[] {
  const files = new Map([file, sourceFile("library.d.ts", library)].map((it) => [it.fileName, it]));
  const options = { strict: true, noLib: true, noResolve: true, types: [] };
  const host = ts.createCompilerHost(options);
  host.getSourceFile = (name) => files.get(name);
  const program = ts.createProgram([...files.keys()], options, host);
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

/** Whether a value holds another one, also behind references. */
function leadsTo(
  document: JsonObject,
  value: Json,
  other: Json | undefined,
  seen = new Set<Json>(),
): boolean {
  const target = resolve(document, value);
  if (target === other) return true;
  if (typeof target !== "object" || target === null || seen.has(target)) return false;
  seen.add(target);
  return Object.values(target).some((inner) => leadsTo(document, inner, other, seen));
}

import { createRequire } from "node:module";
import type typescript from "typescript";
import { isObject, type Json, type JsonObject, jsonPath, valueAt } from "../lib/json.ts";
import { listOf, operationsOf, resolve } from "../lib/openapi.ts";
import { Refusal } from "../lib/refusal.ts";
import { excerpt, printable } from "../lib/text.ts";

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
  throw place.length < 3 ? new Error(what) : refusal(document, place, what);
}

/** The alternatives of all schemas. In an `allOf` they multiply, and TypeScript lists them all. */
function alternativesIn(document: JsonObject): number {
  const known = new Map<Json, number>();
  const alternatives = (value: Json): number => {
    const schema = resolve(document, value);
    if (!isObject(schema)) return 1;
    const before = known.get(schema);
    if (before !== undefined) return before;
    known.set(schema, 1); // For a schema that leads back here.
    const sums = ["enum", "anyOf", "oneOf"].map((key) =>
      listOf(schema[key]).reduce<number>((total, it) => total + alternatives(it), 0),
    );
    const factors = [...sums, ...listOf(schema["allOf"]).map(alternatives)];
    const product = factors.reduce((total, factor) => total * Math.max(factor, 1), 1);
    known.set(schema, product);
    return product;
  };
  const visit = (value: Json): void => {
    if (typeof value !== "object" || value === null) return;
    alternatives(value);
    Object.values(value).forEach(visit);
  };
  visit(document);
  return [...known.values()].reduce((total, count) => total + count - 1, 0);
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

function refusal(document: JsonObject, place: readonly string[], what: string): Refusal {
  const [root = "", section = "", name = ""] = place;
  const isComponent = root === "components";
  const operation = operationsOf(document).find(({ place: [, path, method], value }) =>
    isComponent
      ? referencesIn(value, document).has(`#/${root}/${section}/${name}`)
      : path === section && method === name,
  );
  // A component stays as one that allows anything, because others may refer to it.
  const target = jsonPath([root, section, name]) + (isComponent ? ".*" : "");
  const where = excerpt(place.join("."));
  return new Refusal(
    `spec/openapi.json cannot be turned into code: ${printable(operation?.name ?? where)} has no types (${where}: ${what}).`,
    `To leave this out, add this to the actions of spec/overlay.json, then run \`npm run pull\`: ${printable(JSON.stringify({ target, remove: true }))}`,
  );
}

/** The references in a value, and in what they lead to. */
function referencesIn(value: Json, document: JsonObject, found = new Set<string>()): Set<string> {
  for (const [, $ref = ""] of JSON.stringify(value).matchAll(/"\$ref":"(#[^"]*)"/g)) {
    if (found.has($ref)) continue;
    found.add($ref);
    referencesIn(valueAt(document, $ref.split("/").slice(1)) ?? null, document, found);
  }
  return found;
}

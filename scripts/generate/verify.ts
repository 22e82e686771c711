import type typescript from "typescript";
import { ts } from "./commonjs.js";
import { Refusal } from "../lib/refusal.js";
import { printable } from "../lib/text.js";

const { SyntaxKind: Kind } = ts;

/** The only statements of a file of types: TypeScript erases both, whatever they contain. */
const declarations: ReadonlySet<typescript.SyntaxKind> = new Set([
  Kind.InterfaceDeclaration,
  Kind.TypeAliasDeclaration,
]);

/** Values that stand for themselves, as data and as types. */
const literals: ReadonlySet<typescript.SyntaxKind> = new Set([
  ...[Kind.StringLiteral, Kind.NumericLiteral],
  ...[Kind.TrueKeyword, Kind.FalseKeyword, Kind.NullKeyword],
]);

/** All that may stand in a declaration: no import type, no `typeof`, no computed name. */
const typeSyntax: ReadonlySet<typescript.SyntaxKind> = new Set([
  ...declarations,
  ...literals,
  ...[Kind.ExportKeyword, Kind.ReadonlyKeyword, Kind.Identifier, Kind.TypeParameter],
  ...[Kind.TypeLiteral, Kind.PropertySignature, Kind.IndexSignature, Kind.Parameter],
  ...[Kind.MappedType, Kind.IndexedAccessType, Kind.TypeReference, Kind.TypeOperator],
  ...[Kind.UnionType, Kind.IntersectionType, Kind.ArrayType, Kind.TupleType],
  ...[Kind.ParenthesizedType, Kind.LiteralType],
  ...[Kind.PrefixUnaryExpression, Kind.QuestionToken, Kind.MinusToken],
  ...[Kind.StringKeyword, Kind.NumberKeyword, Kind.BooleanKeyword],
  ...[Kind.NeverKeyword, Kind.UnknownKeyword],
]);

/** Refuses a file that holds anything but declarations of types. */
export function verifyTypes(name: string, text: string): void {
  const file = parse(name, text);
  for (const statement of file.statements) {
    if (!declarations.has(statement.kind)) throw refusal(file, statement, "declarations of types");
    visit(statement);
  }

  function visit(node: typescript.Node): void {
    if (!typeSyntax.has(node.kind)) throw refusal(file, node, "declarations of types");
    ts.forEachChild(node, visit);
  }
}

/** Refuses a file that holds anything but `export const name = <data> as const`. */
export function verifyConstants(name: string, text: string): void {
  const file = parse(name, text);
  for (const statement of file.statements) {
    const wrong = ts.isVariableStatement(statement) ? firstNotConstant(statement) : statement;
    if (wrong !== undefined) throw refusal(file, wrong, "constant data");
  }
}

function firstNotConstant(statement: typescript.VariableStatement): typescript.Node | undefined {
  const list = statement.declarationList;
  if ((list.flags & ts.NodeFlags.BlockScoped) !== ts.NodeFlags.Const) return list;
  if (statement.modifiers?.some(({ kind }) => kind !== Kind.ExportKeyword)) return statement;
  return first(list.declarations, ({ name, type, initializer: value }) => {
    if (!ts.isIdentifier(name)) return name;
    if (type !== undefined) return type;
    if (value === undefined || !ts.isAsExpression(value)) return value ?? name;
    return ts.isConstTypeReference(value.type) ? firstNotData(value.expression) : value.type;
  });
}

function firstNotData(node: typescript.Expression): typescript.Node | undefined {
  if (literals.has(node.kind)) return undefined;
  if (ts.isArrayLiteralExpression(node)) return first(node.elements, firstNotData);
  if (!ts.isObjectLiteralExpression(node)) return node;
  return first(node.properties, (property) => {
    if (!ts.isPropertyAssignment(property)) return property;
    const { name } = property;
    if (!ts.isIdentifier(name) && !ts.isStringLiteral(name) && !ts.isNumericLiteral(name)) {
      return name;
    }
    // In an object literal this name sets the prototype.
    return name.text === "__proto__" ? name : firstNotData(property.initializer);
  });
}

function first<T>(
  nodes: readonly T[],
  wrongIn: (node: T) => typescript.Node | undefined,
): typescript.Node | undefined {
  for (const node of nodes) {
    const wrong = wrongIn(node);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

function parse(name: string, text: string): typescript.SourceFile {
  const file = ts.createSourceFile(name, text, {
    languageVersion: ts.ScriptTarget.ES2022,
    jsDocParsingMode: ts.JSDocParsingMode.ParseNone,
  });
  const [fault] = syntaxFaults(file);
  if (fault !== undefined) {
    const what = ts.flattenDiagnosticMessageText(fault.messageText, " ");
    throw refused(file, fault.start, `does not parse: ${what}`);
  }
  const [reference] = [
    ...[...file.referencedFiles, ...file.typeReferenceDirectives, ...file.libReferenceDirectives],
    ...directives(text),
  ];
  if (reference !== undefined) throw refused(file, reference.pos, "directs the compiler");
  return file;
}

/** Only a program has them; this one takes the parsed file as it is, and reads no other. */
function syntaxFaults(file: typescript.SourceFile): readonly typescript.DiagnosticWithLocation[] {
  const host: typescript.CompilerHost = {
    getSourceFile: (name) => (name === file.fileName ? file : undefined),
    fileExists: (name) => name === file.fileName,
    readFile: () => undefined,
    writeFile: () => undefined,
    getCurrentDirectory: () => "",
    getDefaultLibFileName: () => "",
    getCanonicalFileName: (name) => name,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => "\n",
  };
  const options = { noLib: true, noResolve: true, types: [] };
  return ts.createProgram([file.fileName], options, host).getSyntacticDiagnostics(file);
}

const directive = /@ts-(?:ignore|expect-error|nocheck|check)\b/;

/** The comments that TypeScript obeys; in a string, the same words are data. */
function directives(text: string): { readonly pos: number }[] {
  if (!directive.test(text)) return [];
  const found: { readonly pos: number }[] = [];
  const scanner = ts.createScanner(ts.ScriptTarget.ES2022, false);
  scanner.setText(text);
  for (let kind = scanner.scan(); kind !== Kind.EndOfFileToken; kind = scanner.scan()) {
    if (kind !== Kind.SingleLineCommentTrivia && kind !== Kind.MultiLineCommentTrivia) continue;
    const at = scanner.getTokenText().search(directive);
    if (at >= 0) found.push({ pos: scanner.getTokenStart() + at });
  }
  return found;
}

const refusal = (file: typescript.SourceFile, node: typescript.Node, only: string): Refusal =>
  refused(file, node.getStart(file), `holds more than ${only} (${Kind[node.kind]})`);

function refused(file: typescript.SourceFile, position: number, what: string): Refusal {
  const { line } = file.getLineAndCharacterOfPosition(position);
  const excerpt = file.text.slice(position, position + 80);
  return new Refusal(
    `${file.fileName}:${line + 1} would not be safe to run: it ${what}, at: ${printable(excerpt)}`,
    "Look in spec/openapi.json for this text, and mend the page that it came from; nothing was written.",
  );
}

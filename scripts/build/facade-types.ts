import ts from "typescript";

/** The generated interfaces: a member for each path, and for each component in its section. */
const generated: ReadonlySet<string> = new Set(["paths", "components"]);

/** `["paths", "/users"]` or `["components", "schemas", "User"]`. */
type Name = readonly string[];

interface Member {
  readonly name: Name;
  readonly node: ts.TypeElement;
}

/**
 * The declarations without the paths and components that no type of the facade names: those come
 * and go with other pages, and `raw` alone has them.
 *
 * A path is named with all that is below it: the facade calls `/users/me/api-tokens/{timestamp}`,
 * and its types name `/users/me/api-tokens`.
 */
export function withoutOtherPages(declarations: string): string {
  const file = ts.createSourceFile("types.d.ts", declarations, ts.ScriptTarget.ES2022);
  const interfaces = file.statements.filter(isGenerated);
  const left = new Set(interfaces.flatMap(membersOf));
  const kept: ts.Node[] = file.statements.filter((statement) => !isGenerated(statement));
  // The list grows during the walk: a kept component names others.
  for (const node of kept) {
    const names = namesIn(node);
    for (const member of left) {
      if (!names.some((name) => isNamed(member.name, name))) continue;
      left.delete(member);
      kept.push(member.node);
    }
  }
  const unnamed: ts.Node[] = [...left].map(({ node }) => node);
  return interfaces
    .flatMap<ts.Node>((whole) => {
      const inIt = unnamed.filter(({ pos }) => pos > whole.pos && pos < whole.end);
      return inIt.length === membersOf(whole).length ? [whole] : inIt;
    })
    .reduceRight((text, { pos, end }) => text.slice(0, pos) + text.slice(end), declarations);
}

const isGenerated = (statement: ts.Statement): statement is ts.InterfaceDeclaration =>
  ts.isInterfaceDeclaration(statement) && generated.has(statement.name.text);

const membersOf = (whole: ts.InterfaceDeclaration): Member[] =>
  membersBelow([whole.name.text], whole.members);

function membersBelow(above: Name, elements: readonly ts.TypeElement[]): Member[] {
  return elements.flatMap((node) => {
    const name = [...above, node.name && "text" in node.name ? node.name.text : ""];
    if (name[0] === "paths" || name.length > 2) return [{ name, node }];
    const type = ts.isPropertySignature(node) ? node.type : undefined;
    return type && ts.isTypeLiteralNode(type) ? membersBelow(name, type.members) : [];
  });
}

/** The keys of each `paths["…"]` and `components["…"]["…"]`. */
function namesIn(node: ts.Node): Name[] {
  const keys: string[] = [];
  let target = node;
  while (ts.isIndexedAccessTypeNode(target)) {
    const { indexType, objectType } = target;
    const isKey = ts.isLiteralTypeNode(indexType) && ts.isStringLiteral(indexType.literal);
    if (isKey) keys.unshift(indexType.literal.text);
    target = objectType;
  }
  const root = ts.isTypeReferenceNode(target) ? target.typeName : undefined;
  if (root && ts.isIdentifier(root) && generated.has(root.text) && keys.length > 0) {
    return [[root.text, ...keys]];
  }
  const names: Name[] = [];
  ts.forEachChild(node, (child) => void names.push(...namesIn(child)));
  return names;
}

const isNamed = (member: Name, name: Name): boolean =>
  member.every((key, level) => {
    const wanted = name[level];
    return wanted === undefined || key === wanted || (level === 1 && key.startsWith(`${wanted}/`));
  });

import { readFileSync } from "node:fs";
import MarkdownIt from "markdown-it";

export const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");

export interface Block {
  readonly title: string;
  readonly language: string;
  readonly code: string;
}

/** The code blocks of the README, by the test that runs them. The first kind that fits is a block's. */
const KINDS = {
  // test/e2e runs the ways to install
  install: ["sh", /^npm install /],
  // readme.test.ts
  repository: ["sh", /^npm ci /],
  demo: ["text", /./],
  quoted: ["ts", /^export | from "(?:\.\/|vitest)/m],
  // examples.test.ts
  example: ["ts", /make/],
  // test/cli
  shell: ["sh", /^npx /],
  workflow: ["yaml", /^jobs:/m],
} as const satisfies Record<string, readonly [language: string, code: RegExp]>;

type Kind = keyof typeof KINDS;
export const kinds = Object.keys(KINDS) as readonly Kind[];

export const blocksOf = (page: string): Block[] =>
  new MarkdownIt()
    .parse(page, {})
    .filter(({ type }) => type === "fence")
    .map(({ info, content, map }) => ({
      title: `line ${(map?.[0] ?? 0) + 1}`,
      language: info,
      code: content,
    }));

export const allBlocks: readonly Block[] = blocksOf(readme).map((block) => ({
  ...block,
  title: `README.md, ${block.title}`,
}));

export const kindOf = ({ language, code }: Block): Kind | undefined =>
  kinds.find((kind) => KINDS[kind][0] === language && KINDS[kind][1].test(code));

export const blocks = (kind: Kind): Block[] => allBlocks.filter((it) => kindOf(it) === kind);

/** The commands of shell blocks, one a line, without their comments. */
export const commands = (kind: Kind): string[] =>
  blocks(kind).flatMap(({ code }) =>
    code
      .trim()
      .split("\n")
      .map((line) => line.replace(/ +# .*/, "")),
  );

/** The cells of the table whose head begins with `first`, head excluded, without code marks. */
export function table(first: string): string[][] {
  const lines = readme.split("\n");
  const start = lines.findIndex((line) => line.startsWith(`| ${first} `));
  const end = lines.findIndex((line, i) => i >= start && !line.startsWith("|"));
  return lines.slice(start + 2, end).map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll("`", "")),
  );
}

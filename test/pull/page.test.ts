import { describe, expect, test } from "vitest";
import { fragmentsOf } from "../../scripts/pull/read/fragments.js";
import { seed } from "./support.js";

const read = (text: string | Uint8Array) =>
  fragmentsOf("page", typeof text === "string" ? Buffer.from(text) : text);
const titles = (text: string) => read(text).map(({ document }) => document["openapi"]);

describe("the fragments of a page", () => {
  test("are the OpenAPI documents of the seed page, each with its line", () => {
    const fragments = read(seed);
    expect(fragments.map(({ document }) => Object.keys(document["paths"] as object))).toEqual([
      ["/users/me/api-tokens"],
      ["/users/me/api-tokens"],
      ["/users/me/api-tokens/{timestamp}"],
    ]);
    const lines = seed.split("\n");
    expect(fragments.map(({ line }) => lines[line - 1])).toEqual(
      fragments.map(({ text }) => text.trimEnd()),
    );
  });

  test.each([
    ["three backticks", '```json\n{"openapi":"1"}\n```'],
    ["a longer fence around a shorter one", '`````json\n{"openapi":"1",\n"a":"\\n```\\n"}\n`````'],
    ["tildes", '~~~json\n{"openapi":"1"}\n~~~'],
    ["tildes around backticks", '~~~~ json\n{"openapi":"1",\n"x":"```"}\n~~~~'],
    ["no language", '```\n{"openapi":"1"}\n```'],
    ["a language with more words", '```JSON title="Spec"\n{"openapi":"1"}\n```'],
    ["another language", '```openapi\n{"openapi":"1"}\n```'],
    ["CRLF", '# A\r\n\r\n```json\r\n{\r\n"openapi":"1"}\r\n```\r\n'],
    ["lone CR", '# A\r\r```json\r{"openapi":"1"}\r```\r'],
    ["a bullet list", '- item\n\n  ```json\n  {\n  "openapi":"1"}\n  ```\n'],
    ["a numbered list", '10. ```json\n    {"openapi":"1"}\n    ```\n'],
    ["a block quote", '> quote\n>\n> ```json\n> {\n>  "openapi":"1"}\n> ```\n'],
    ["a quote in a list in a quote", '> - > ~~~\n>   > {"openapi":"1"}\n>   > ~~~\n'],
    ["a byte-order mark", '\ufeff```json\n{"openapi":"1"}\n```'],
    [
      "prose and a quote before the first heading",
      '> Agents: see llms.txt\n\nProse.\n\n# A\n\n```json\n{"openapi":"1"}\n```',
    ],
    ["an indented fence", '   ```json\n   {"openapi":"1"}\n   ```'],
    ["a fence without an end", '```json\n{"openapi":"1"}\n'],
    ["an HTML block before it", '<details>\n\n```json\n{"openapi":"1"}\n```\n\n</details>'],
  ])("are found within %s", (_, text) => expect(titles(text)).toEqual(["1"]));

  test.each([
    ["JSON that is not OpenAPI", '```json\n{"label":"x"}\n```'],
    ["a list", '```json\n["openapi"]\n```'],
    ["a scalar", "```json\n3\n```"],
    ["an empty block", "```json\n```"],
    ["broken JSON that is not OpenAPI", "```json\n{ ... }\n```"],
    ["another language", "```sh\ncurl --data '{\"openapi\": 1}'\n```"],
    ["an indented code block", '    {"openapi":"1"}\n'],
    ["inline code", '`{"openapi":"1"}`'],
    ["an HTML comment", '<!--\n```json\n{"openapi":"1"}\n```\n-->'],
  ])("leave out %s", (_, text) => expect(titles(text)).toEqual([]));

  test.each([
    ["at the top", '# A\n\n```json\n{"openapi":"3.0.0",\n "info":}\n```', 5, "Unexpected text"],
    [
      "in a list, with CRLF",
      '- a\r\n\r\n  ~~~\r\n  {"openapi":\r\n  "3", "x" 1}\r\n  ~~~',
      5,
      'Expected ":"',
    ],
    ["in a quote", '> ```json\n> {"openapi":"3.0.0"\n> ,,}\n', 3, "Expected a key"],
    ["cut short", '```json\n{"openapi":"3.0.0",\n"a": {\n```', 4, "Expected a key"],
    ["without its first brace", '```json\n"openapi": "3.0.0"\n```', 2, "Unexpected text after"],
    ["with a duplicate key", '```\n{"openapi":"3.0.0",\n"openapi":"3.0.0"}\n```', 3, "there twice"],
    ["with __proto__", '```\n{"openapi":"3.0.0",\n\n"__proto__":{}}\n```', 4, "not allowed"],
    [
      "too deep",
      `\`\`\`\n{"openapi":"3.0.0","x":\n${"[".repeat(101)}\n\`\`\``,
      3,
      "deeper than 100",
    ],
  ])("name page and line of a broken OpenAPI block %s", (_, text, line, message) => {
    expect(() => read(text)).toThrow(`page.md:${line}: an OpenAPI block that is not sound JSON`);
    expect(() => read(text)).toThrow(message);
  });

  test("are refused in another encoding than UTF-8", () => {
    expect(() => read(Buffer.from("\ufeff# A", "utf16le"))).toThrow("page.md: not a text in UTF-8");
  });
});

describe("a page written to be slow", () => {
  const fragment = '\n\n```json\n{"openapi":"1"}\n```\n';
  const nested = "too many quotes or lists inside each other";

  test.each([
    ["20,000 quote marks", `${">".repeat(20_000)} x${fragment}`, `page.md:1: ${nested}`],
    ["20,000 quoted lines", `${"> x\n".repeat(20_000)}${fragment}`, 1],
    [
      "quotes, each deeper than the last",
      Array.from({ length: 3000 }, (_, i) => ">".repeat(i) + " x").join("\n"),
      `page.md:101: ${nested}`,
    ],
    [
      "1,000 nested lists",
      Array.from({ length: 1000 }, (_, i) => " ".repeat(2 * i) + "- x").join("\n") + fragment,
      `page.md:50: ${nested}`,
    ],
    ["1,000 lists on one line", `${"- ".repeat(1000)}x${fragment}`, `page.md:1: ${nested}`],
    ["a 5 MB fence on one line", `\`\`\`\n{"openapi":"1","x":"${"a".repeat(5e6)}"}\n\`\`\`\n`, 1],
    [
      "a 5 MB fence of short lines",
      `\`\`\`\n{"openapi":"1","x":[\n${"1,\n".repeat(1.6e6)}1]}\n\`\`\`\n`,
      "page.md: more than 100000 lines",
    ],
    [
      "a fence of 90,000 lines",
      `\`\`\`\n{"openapi":"1","x":[\n${"1,\n".repeat(9e4)}1]}\n\`\`\`\n`,
      1,
    ],
    [
      "5 MB of open brackets",
      `\`\`\`\n{"openapi":${"[".repeat(5e6)}\n\`\`\`\n`,
      "page.md:2: an OpenAPI block",
    ],
    ["5 MB of backticks", "`".repeat(5e6), 0],
    ["5 MB of words", "word ".repeat(1e6), 0],
    ["10,000 small fences", fragment.repeat(10_000), 10_000],
  ])("takes no more than a moment: %s", (_, text, outcome) => {
    // Well below a second by itself; quadratic time would be minutes, and fail as a time-out.
    if (typeof outcome === "number") expect(read(text)).toHaveLength(outcome);
    else expect(() => read(text)).toThrow(outcome);
  });
});

import { parsers as babel } from "prettier/plugins/babel";
import { parsers as typescript } from "prettier/plugins/typescript";
import { expect, test, vi } from "vitest";
import { generate } from "../../scripts/generate/emit.js";
import { documentWith, textOf } from "./documents.js";

test("prettier is told the name of every file: to guess whether one is JSX takes the square of its lines", async () => {
  const parse = {
    babel: vi.spyOn(babel["babel-ts"], "parse"),
    typescript: vi.spyOn(typescript.typescript, "parse"),
  };
  // Babel cannot read `-1[]`.
  const list = { type: "array", items: { type: "integer", enum: [-1] } };
  const files = await generate(textOf(documentWith({}, { schemas: { List: list } })));
  expect(files.get("generated/paths.ts")).toContain("List: -1[];");
  const names = (parser: keyof typeof parse) =>
    parse[parser].mock.calls.map(([, { filepath }]) => filepath);
  expect(names("babel")).toEqual([
    "generated/zones.ts",
    "generated/operations.ts",
    "generated/paths.ts",
  ]);
  expect(names("typescript")).toEqual(["generated/paths.ts"]);
  vi.restoreAllMocks();
});

import { expect, test } from "vitest";
import { declarations } from "../../scripts/build/declarations.js";

test("the public types are the reviewed ones", async () => {
  const entries = ["src/index.ts", "src/testing/index.ts"];
  const files = [...declarations(entries, { removeComments: true })];
  const report = files.map(([name, text]) => `// ${name}\n\n${text}`).join("\n");
  await expect(report).toMatchFileSnapshot("public-types.d.ts.txt");
});

import { expect, test } from "vitest";
import { publicTypes, ROOT } from "../../scripts/build/bundle.js";

// After a change of the public types, run this with -u; `npm run release` writes them, too.
test("the public types are the reviewed ones", async () => {
  await expect(await publicTypes(ROOT)).toMatchFileSnapshot("public-types.d.ts.txt");
});

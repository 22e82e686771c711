import { expect, test } from "vitest";
import { publicTypes, ROOT } from "../../scripts/build/bundle.js";

// `npm run release` writes them anew.
test("the public types are the reviewed ones", async () => {
  await expect(await publicTypes(ROOT)).toMatchFileSnapshot("public-types.d.ts.txt");
});

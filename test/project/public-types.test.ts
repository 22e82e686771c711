import { expect, test } from "vitest";
import { publicTypes } from "../../scripts/build/declarations.js";

test("the public types are the reviewed ones", async () => {
  await expect(await publicTypes()).toMatchFileSnapshot("public-types.d.ts.txt");
});

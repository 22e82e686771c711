const { createMakeClient, MakeApiError } = require("make-api-tokens");
const { startFakeZone } = require("make-api-tokens/testing");

test("a token lives, and is deleted once", async () => {
  const zone = await startFakeZone();
  const { apiTokens } = createMakeClient({ baseUrl: zone.baseUrl, token: zone.token });
  const { created } = await apiTokens.create({ label: "jest", scope: [] });
  expect(await apiTokens.list()).toHaveLength(2);
  expect(await apiTokens.delete(new Date(created))).toBe(created);
  await expect(apiTokens.delete(created)).rejects.toBeInstanceOf(MakeApiError);
  await zone.close();
});

const { deepEqual, equal, rejects } = require("node:assert/strict");
const { test } = require("node:test");
const { createMakeClient, MakeApiError } = require("make-api-tokens");
const { openapi } = require("make-api-tokens/openapi.json");
const { startFakeZone } = require("make-api-tokens/testing");

test("client, testing kit and specification can be required, and a process has one class of errors", async (t) => {
  equal(openapi, "3.0.0");
  equal((await import("make-api-tokens")).MakeApiError, MakeApiError);
  const zone = await startFakeZone();
  t.after(() => zone.close());
  const { apiTokens } = createMakeClient({ baseUrl: zone.baseUrl, token: zone.token });
  const { created } = await apiTokens.create({ label: "required", scope: [] });
  equal((await apiTokens.list()).length, 2);
  equal(await apiTokens.delete(created), created);
  await rejects(apiTokens.delete(created), MakeApiError);
  deepEqual(
    zone.requests.map(({ method }) => method),
    ["POST", "GET", "DELETE", "DELETE"],
  );
});

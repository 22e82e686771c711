const { deepEqual, equal, rejects } = require("node:assert/strict");
const { createMakeClient, MakeApiError } = require("make-api-tokens");
const { openapi } = require("make-api-tokens/openapi.json");
const { startFakeZone } = require("make-api-tokens/testing");

async function main() {
  equal(openapi, "3.0.0");
  const zone = await startFakeZone();
  try {
    const make = createMakeClient({ baseUrl: zone.baseUrl, token: zone.token });
    const { created } = await make.apiTokens.create({ label: "required", scope: [] });
    equal((await make.apiTokens.list()).length, 2);
    equal(await make.apiTokens.delete(created), created);
    await rejects(make.apiTokens.delete(created), MakeApiError);
    deepEqual(
      zone.requests.map(({ method }) => method),
      ["POST", "GET", "DELETE", "DELETE"],
    );
  } finally {
    await zone.close();
  }
}

void main();

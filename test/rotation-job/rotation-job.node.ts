import { deepEqual, rejects } from "node:assert/strict";
import { test } from "node:test";
import { createMakeClient, NotStoredError } from "make-api-tokens";
import { startFakeZone } from "make-api-tokens/testing";
import { rotateCi } from "./rotation-job.js";

test("a sealed vault costs no token", async (t) => {
  const zone = await startFakeZone();
  t.after(() => zone.close());
  const options = { baseUrl: zone.baseUrl, token: zone.token };
  await createMakeClient(options).apiTokens.create({ label: "ci", scope: [] });

  const save = () => Promise.reject(new NotStoredError("the vault is sealed"));
  await rejects(rotateCi(options, save), /the vault is sealed/);
  deepEqual(
    zone.tokens.map(({ label }) => label),
    ["fake zone", "ci"],
  );
});

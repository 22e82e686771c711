import { deepEqual, rejects } from "node:assert/strict";
import { test } from "node:test";
import { NotStoredError } from "make-api-tokens";
import { startFakeZone } from "make-api-tokens/testing";
import { rotateOwn } from "./rotation-job.js";

void test("a sealed vault costs no token", async (t) => {
  const zone = await startFakeZone();
  t.after(() => zone.close());
  const write = () => Promise.reject(new NotStoredError("the vault is sealed"));
  const vault = { read: async () => zone.token, write };

  await rejects(rotateOwn({ baseUrl: zone.baseUrl }, vault), /the vault is sealed/);
  deepEqual(
    zone.tokens.map(({ token }) => token),
    [zone.token],
  );
});

import { createMakeClient, NotStoredError } from "make-api-tokens";
import { startFakeZone } from "make-api-tokens/testing";
import { expect, test } from "vitest";
import { rotateCi } from "./rotation-job.js";

test("the new secret is saved, and works", async () => {
  await using zone = await startFakeZone();
  const options = { baseUrl: zone.baseUrl, token: zone.token };
  await createMakeClient(options).apiTokens.create({ label: "ci", scope: ["user:read"] });

  let saved = "";
  await rotateCi(options, async (secret) => void (saved = secret));
  const listed = await createMakeClient({ ...options, token: saved }).apiTokens.list();
  expect(listed.map(({ label }) => label)).toEqual(["fake zone", "ci"]);
});

test("a sealed vault costs no token", async () => {
  await using zone = await startFakeZone();
  const options = { baseUrl: zone.baseUrl, token: zone.token };
  const old = await createMakeClient(options).apiTokens.create({ label: "ci", scope: [] });

  const save = () => Promise.reject(new NotStoredError("the vault is sealed"));
  await expect(rotateCi(options, save)).rejects.toThrow("the vault is sealed");
  expect(zone.tokens).toEqual([expect.objectContaining({ label: "fake zone" }), old]);
});

test("when the zone goes away in the middle, the error names the token that is left", async () => {
  await using zone = await startFakeZone();
  const options = { baseUrl: zone.baseUrl, token: zone.token, retries: 0 };
  await createMakeClient(options).apiTokens.create({ label: "ci", scope: [] });

  zone.fail("reset", { method: "DELETE" });
  const failure = rotateCi(options, async () => {});
  await expect(failure).rejects.toHaveProperty("successor", expect.any(String));
  expect(zone.tokens).toHaveLength(3);
});

import { NotStoredError } from "make-api-tokens";
import { startFakeZone } from "make-api-tokens/testing";
import { expect, test } from "vitest";
import { rotateOwn } from "./rotation-job.js";

const vaultOf = (secret: string) => ({
  secret,
  async read() {
    return this.secret;
  },
  async write(successor: string) {
    this.secret = successor;
  },
});

test("the new secret is saved, and works", async () => {
  await using zone = await startFakeZone();
  const vault = vaultOf(zone.token);
  await rotateOwn({ baseUrl: zone.baseUrl }, vault);
  await rotateOwn({ baseUrl: zone.baseUrl }, vault);
  expect(vault.secret).not.toBe(zone.token);
  expect(zone.tokens.map(({ token }) => token)).toEqual([vault.secret]);
});

test("a sealed vault costs no token", async () => {
  await using zone = await startFakeZone();
  const write = () => Promise.reject(new NotStoredError("the vault is sealed"));
  const vault = { read: async () => zone.token, write };

  await expect(rotateOwn({ baseUrl: zone.baseUrl }, vault)).rejects.toThrow("the vault is sealed");
  expect(zone.tokens.map(({ token }) => token)).toEqual([zone.token]);
});

import { describe, expect, test } from "vitest";
import { MakeResponseError } from "../../src/index.js";
import { CREATED, failureOf, json, scripted, SPEC, startRotation, startZone } from "./support.js";

const EMPTY = [{ status: 204 }, { status: 200, body: "" }, { status: 202, body: "" }];

describe.each(EMPTY)("an answer of %j", (answer) => {
  test("is the success of a deletion, also of the last one of a rotation", async () => {
    const { zone, make } = await startZone();
    const { created } = await make.apiTokens.create(SPEC);
    zone.fail(answer, { method: "DELETE", done: true });
    expect(await make.apiTokens.delete(created)).toBe(created);
    expect(zone.tokens).toHaveLength(1);

    const rotation = await startRotation();
    rotation.zone.fail(answer, { method: "DELETE", done: true });
    const successor = await rotation.rotate({ store: rotation.store });
    expect(rotation.stored).toEqual([successor]);
    expect(rotation.alive(rotation.old.created)).toBe(false);
  });

  test("is none to a list or a create", async () => {
    const { zone, make } = await startZone();
    for (const call of [() => make.apiTokens.list(), () => make.apiTokens.create(SPEC)]) {
      zone.fail(answer);
      const error = await failureOf(call);
      expect(error.constructor).toBe(MakeResponseError);
      expect(error).toMatchObject({ outcome: "unknown", attempts: 1 });
    }
  });
});

test.each([{}, null, [], { apiToken: 1 }])("a deletion is not answered by %j", async (body) => {
  const { make } = scripted([() => json(body)]);
  expect(await failureOf(make.apiTokens.delete(CREATED))).toBeInstanceOf(MakeResponseError);
});

import { afterAll, afterEach, expect } from "vitest";
import { type FakeAnswer, FakeMakeApi, type FakeRequest } from "../../src/testing/make-api.js";

/** Every exchange with a fake zone, in whichever test, is held against the specification. */
const exchanges: [FakeRequest, FakeAnswer][] = [];

const { answer } = FakeMakeApi.prototype;
FakeMakeApi.prototype.answer = function (request) {
  const answered = answer.call(this, request);
  exchanges.push([request, answered]);
  return answered;
};

afterAll(() => {
  FakeMakeApi.prototype.answer = answer;
});

afterEach(async () => {
  const exchanged = exchanges.splice(0);
  if (exchanged.length === 0) return;
  const { violations } = await import("./violations.js");
  expect(exchanged.flatMap((it) => violations(...it))).toEqual([]);
});

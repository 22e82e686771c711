import { MakeApiError, MakeError, NotStoredError, type Rotation } from "make-api-tokens";
import type { Fault } from "make-api-tokens/testing";
import { expect, onTestFinished, test, vi } from "vitest";
import { json, succeeding, throwing } from "./answers.js";
import { CREATED, MADE, MASKED, OPERATIONS, SPEC, TOKEN } from "./fixtures.js";
import { expectRefused, failureOf, scripted, shown, startRotation, startZone } from "./support.js";

const PLANNED = ["GET", "POST", "GET", "DELETE"];
const LATER = "2026-01-01T00:00:00.000Z";
const NOT_WRITTEN = new NotStoredError("the vault is sealed");
const seals = throwing(NOT_WRITTEN);
const resolves = () => {};

test("rotate creates the successor, stores it, deletes the old token, and returns the successor", async () => {
  const { zone, old, stored, store, methods, rotate, alive } = await startRotation();
  const successor = await rotate({ store });
  expect(methods()).toEqual(PLANNED);
  expect(stored).toEqual([successor]);
  expect(successor).toMatchObject(SPEC);
  expect(zone.tokens.find((it) => it.created === successor.created)).toEqual(successor);
  expect([alive(old.created), zone.tokens.length]).toEqual([false, 2]);
});

test("rotate finds the token by its time, however written, and takes another label and scopes", async () => {
  const { make, old, store, zone } = await startRotation();
  const written = old.created.replace("Z", "+00:00");
  const wanted = { label: "new", scope: ["user:write", "user:read"] };
  const second = await make.apiTokens.rotate(written, { store, ...wanted });
  expect(second).toMatchObject(wanted);
  expect(decodeURIComponent(zone.requests.at(-1)?.path ?? "")).toContain(`/${old.created}`);
  await make.apiTokens.rotate(new Date(second.created), { store });
  expect(zone.tokens).toHaveLength(2);
});

test("rotate deletes the old token only after store has resolved, however long that takes", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  onTestFinished(() => void vi.useRealTimers());
  const { rotate, methods, alive, old } = await startRotation({ retries: 0 });
  let seen: unknown;
  await rotate({
    async store() {
      await vi.advanceTimersByTimeAsync(1_000_000);
      seen = [methods(), alive(old.created)];
    },
  });
  expect([seen, alive(old.created)]).toEqual([[["GET", "POST"], true], false]);
});

test("rotate replaces the client's own token where the token is read from the store", async () => {
  let kept = "";
  const { zone, make } = await startZone({ token: () => kept });
  kept = zone.token;
  const { created } = await make.apiTokens.own();
  const store: Rotation["store"] = ({ token }) => void (kept = token);
  const successor = await make.apiTokens.rotate(created, { store });
  const senders = [zone.token, zone.token, successor.token, successor.token];
  expect(zone.requests.slice(1).map((it) => it.headers["authorization"])).toEqual(
    senders.map((it) => `Token ${it}`),
  );
  expect(await make.apiTokens.own()).toMatchObject({ created: successor.created });
});

test("both tokens live where the token function fails once the successor is stored", async () => {
  let kept = "";
  const { zone, make } = await startZone({ token: () => kept });
  kept = zone.token;
  const store = () => void (kept = "");
  const error = await failureOf(make.apiTokens.rotate(zone.tokens[0]!.created, { store }));
  const facts = { operation: OPERATIONS.delete, attempts: 0, outcome: "not-sent" };
  expect(error).toMatchObject({ constructor: MakeError, ...facts, cause: { name: "TypeError" } });
  expect(zone.tokens).toHaveLength(2);
});

test("rotate makes each of its calls with the timeouts and retries that it was given", async () => {
  const { zone, make, old, store } = await startRotation();
  const rotate = () => make.apiTokens.rotate(old.created, { store }, { retries: 1 });
  zone.fail({ status: 429 }, { times: 2 });
  expect(await failureOf(rotate())).toMatchObject({ status: 429, attempts: 2 });
  for (const method of ["GET", "POST"]) zone.fail({ status: 429 }, { method });
  await rotate();
  expect(zone.tokens).toHaveLength(2);
});

test.each<[string, unknown[]]>([
  ["store", [CREATED]],
  ["store", [CREATED, null]],
  ["store", [CREATED, { store: "vault" }]],
  ["label", [CREATED, { store: resolves, label: 1 }]],
  ["scope", [CREATED, { store: resolves, scope: "user:read" }]],
  ["scope", [CREATED, { store: resolves, scope: [1] }]],
  ["signal", [CREATED, { store: resolves }, { signal: "now" }]],
  ["retry", [CREATED, { store: resolves }, { retry: 1 }]],
  ["created", ["yesterday", { store: resolves }]],
])("rotate has created nothing where %s is wrong: %j", async (name, args) => {
  const { zone, make } = await startZone();
  await expectRefused(name, () => make.apiTokens.rotate(...(args as [string, Rotation])));
  expect(zone.requests).toEqual([]);
});

test.each<[string, string[]]>([
  ["no token", []],
  ["no token", [LATER]],
  ["more than one token", [CREATED, CREATED]],
  ["more than one token", [CREATED, CREATED.replace("Z", "+00:00")]],
])("rotate has created nothing where %s was created at that time: %j", async (words, times) => {
  const apiTokens = times.map((created) => ({ ...MASKED, created }));
  const { make, sent } = scripted([() => json({ apiTokens })]);
  const error = await failureOf(make.apiTokens.rotate(CREATED, { store: resolves }));
  expect(error).toMatchObject({ constructor: MakeError, outcome: "not-sent" });
  expect(error).toMatchObject({ zone: "make.example", operation: expect.any(String) });
  expect(error).not.toHaveProperty("successor", expect.anything());
  expect(error.message).toContain(words);
  expect(sent.map(({ method }) => method)).toEqual(["GET"]);
});

test("rotate has created nothing where the list or the create is refused, with that error", async () => {
  for (const method of ["GET", "POST"]) {
    const { zone, rotate, store, stored } = await startRotation();
    zone.fail({ status: 403 }, { method });
    const error = await failureOf(rotate({ store }));
    expect(error).toMatchObject({ constructor: MakeApiError, status: 403, outcome: "rejected" });
    expect([zone.tokens.length, stored.length]).toEqual([2, 0]);
  }
});

test.each<Fault>(["reset", "cut-json", { status: 502 }])(
  "a successor that may exist, after %j, is to be listed",
  async (fault) => {
    const { zone, rotate, store, stored, methods } = await startRotation();
    zone.fail(fault, { method: "POST", done: true });
    const error = await failureOf(rotate({ store }));
    expect(error).toBeInstanceOf(MakeError);
    expect(error).toMatchObject({ outcome: "unknown", operation: "POST /users/me/api-tokens" });
    expect(error.message).toMatch(/\blist/);
    expect(methods()).toEqual(["GET", "POST"]);
    expect([stored.length, zone.tokens.length]).toEqual([0, 3]);
  },
);

type Begun = Awaited<ReturnType<typeof startRotation>>;
/** What a store does, and what the zone does after it. */
const and =
  (store: () => unknown, fault: Fault, method = "DELETE") =>
  ({ zone }: Begun) => {
    zone.fail(fault, { method, times: Infinity });
    return store();
  };
const REFUSED = { status: 403 };
const refusal: unknown = expect.objectContaining(REFUSED);
const locked: unknown = expect.objectContaining({ message: "locked" });

/** Why both tokens are alive, the outcome, the requests after the create, and the cause. */
const FAILURES: readonly [string, (begun: Begun) => unknown, string, string, unknown?][] = [
  ["store throws nothing", throwing(undefined), "unknown", ""],
  ["store throws a symbol", throwing(Symbol("sealed")), "unknown", ""],
  ["store rejects", () => Promise.reject(new Error("locked")), "unknown", "", locked],
  ["the old one cannot be deleted", and(resolves, REFUSED), "rejected", "GET DELETE", refusal],
  ["the old one is gone", and(resolves, { status: 404 }), "rejected", "GET DELETE"],
  ["its deletion is lost", and(resolves, "close"), "unknown", "GET DELETE DELETE DELETE"],
  ["the look is refused", and(resolves, REFUSED, "GET"), "rejected", "GET", refusal],
  ["the successor stays", and(seals, REFUSED), "rejected", "GET DELETE", NOT_WRITTEN],
  ["its deletion is answered by others", and(seals, "html"), "unknown", "GET DELETE", NOT_WRITTEN],
];

test.each(FAILURES)(
  "both tokens live, and are named, where %s",
  async (_, store, outcome, requests, cause) => {
    const begun = await startRotation();
    const { zone, old, rotate, methods } = begun;
    const error = await failureOf(rotate({ store: () => store(begun) }));
    const successor = zone.tokens.at(-1)!;
    expect(error).toMatchObject({ constructor: MakeError, outcome, successor: successor.created });
    expect(error).toMatchObject({ operation: requests ? OPERATIONS.delete : OPERATIONS.create });
    if (cause === NOT_WRITTEN) expect(error.cause).toBe(cause);
    else if (cause !== undefined) expect(error.cause).toEqual(cause);
    expect(error.message).toMatch(/both .*alive/);
    expect(error.message).not.toContain("list()");
    for (const { created } of [old, successor]) expect(error.message).toContain(created);
    expect(shown(error)).not.toContain(successor.token);
    expect(methods()).toEqual(["GET", "POST", ...requests.split(" ").filter(Boolean)]);
    expect(zone.tokens).toHaveLength(3);
  },
);

test.each([
  ["that of the old one", CREATED, resolves],
  ["that of the old one, written otherwise", CREATED.replace("Z", "+00:00"), resolves],
  ["that of the old one", CREATED, seals],
  ["that of a third one", LATER, seals],
])("both tokens live where the successor's time is %s: %s", async (_, created, store) => {
  const others = [MASKED, { ...MASKED, created: LATER, label: "third" }];
  const { make, sent } = scripted([
    () => json({ apiTokens: others }),
    () => json({ apiToken: { ...MADE, created } }),
    () => json({ apiTokens: [...others, { ...MASKED, created }] }),
  ]);
  const error = await failureOf(make.apiTokens.rotate(CREATED, { store }));
  const facts = { operation: OPERATIONS.delete, outcome: "not-sent", successor: created };
  expect(error).toMatchObject({ constructor: MakeError, ...facts });
  expect(error.message).toMatch(/more than one token .*both .*alive/);
  if (store === seals) expect(error.cause).toBe(NOT_WRITTEN);
  expect(sent.map(({ method }) => method)).toEqual(["GET", "POST", "GET"]);
});

test.each<[string, Error]>([
  ["a NotStoredError", NOT_WRITTEN],
  ["an error of its class", new (class extends NotStoredError {})("sealed")],
])("%s deletes the successor again, and is passed on", async (_, thrown) => {
  for (const fail of [() => Promise.reject(thrown), throwing(thrown)]) {
    const { zone, old, rotate, methods } = await startRotation();
    const store: Rotation["store"] = (successor) => {
      // It may do to the object whatever it likes.
      successor.created = old.created;
      return fail();
    };
    expect(await failureOf(rotate({ store }))).toBe(thrown);
    expect(methods()).toEqual(PLANNED);
    expect(zone.tokens.map((it) => it.created)).toEqual([expect.any(String), old.created]);
  }
});

/**
 * A rotation during which the signal is given: at a moment, or some turns after the token of its
 * create was asked for. Tells in which order that came and requests were sent.
 */
async function rotateAborting(on: string | number) {
  const controller = new AbortController();
  const order: string[] = [];
  const abort = (now: string | number): void => {
    if (now !== on) return;
    order.push("abort");
    controller.abort("shutdown");
  };
  const sends = (method: string, moment: string, body: object) => () => {
    order.push(method);
    abort(moment);
    return json(body);
  };
  let asked = 0;
  const token = async () => {
    if (++asked !== 2) return TOKEN;
    void (async () => {
      for (let turn = 0; turn < Number(on); turn++) await Promise.resolve();
      abort(Number(on));
    })();
    return TOKEN;
  };
  const answers = [
    sends("GET", "the list", { apiTokens: [MASKED] }),
    sends("POST", "the create", { apiToken: { ...MADE, created: LATER } }),
    sends("GET", "the look", { apiTokens: [MASKED, { ...MASKED, created: LATER }] }),
    sends("DELETE", "the deletion", { apiToken: CREATED }),
  ];
  const { apiTokens } = scripted(answers, { token }).make;
  const { signal } = controller;
  const rotation = apiTokens.rotate(CREATED, { store: () => abort("store") }, { signal });
  const result = await rotation.catch((error: unknown) => error);
  expect(signal.aborted).toBe(true);
  return { result, order, sent: order.filter((it) => it !== "abort") };
}

test.each(["the list", ...Array(30).keys()])(
  "the signal is obeyed until the create is sent: at %s",
  async (moment) => {
    const { result, order, sent } = await rotateAborting(moment);
    if (typeof moment === "number" && order[1] === "POST") return expect(sent).toEqual(PLANNED);
    expect([result, ...order]).toEqual(["shutdown", "GET", "abort"]);
  },
);

test.each(["the create", "store", "the look", "the deletion"])(
  "the signal is not obeyed during %s: nothing is left half done",
  async (moment) => {
    const { result, sent } = await rotateAborting(moment);
    expect(result).toMatchObject({ created: LATER });
    expect(sent).toEqual(PLANNED);
  },
);

test("the signal is obeyed before a create that was refused is sent again", async () => {
  const controller = new AbortController();
  const refusesAndAborts = () => {
    controller.abort("shutdown");
    return json({}, { status: 429 });
  };
  const { make, sent } = scripted([succeeding, refusesAndAborts, succeeding]);
  const { signal } = controller;
  const rotation = make.apiTokens.rotate(CREATED, { store: resolves }, { signal });
  expect(await failureOf(rotation)).toBe("shutdown");
  expect(sent.map(({ method }) => method)).toEqual(["GET", "POST"]);
});

import fc from "fast-check";
import type { Fault } from "../../src/testing/index.js";

/** A mishap of one request. `may`: the kinds of request that may be sent again after it. */
export interface Mishap {
  readonly fault: Fault | "refused" | "lost" | "echo";
  readonly done: boolean;
  readonly may: "all" | "repeatable" | "none";
}

/** Nothing can be known of the work after these. */
const PASSING = [
  ...(["reset", "close", "stall-headers", "stall-body", "drip", "truncate", "reset-body"] as const),
  ...(["garbage", "lost", "echo"] as const),
  ...[408, 500, 502, 503, 504].map((status) => ({ status })),
  { status: 503, headers: { "Retry-After": "7" } },
  { status: 500, body: "x".repeat(2 ** 20 + 1) },
];
const FINAL = [
  ...(["cut-json", "empty", "html", "wrong-shape", "huge", "redirect"] as const),
  ...[302, 501, 521].map((status) => ({ status })),
  { status: 503, headers: { "Retry-After": "3600" } },
];
/** These say that no work was done, which is what was done. */
const REFUSED = [400, 401, 403, 409].map((status) => ({ status }));
const BUSY = [
  { status: 429 },
  { status: 429, headers: { "Retry-After": "2" } },
  { status: 429, headers: { "Retry-After": "3600" } },
];

const mishap: fc.Arbitrary<Mishap> = fc.oneof(
  fc.record({
    fault: fc.constantFrom(...PASSING),
    done: fc.boolean(),
    may: fc.constant("repeatable" as const),
  }),
  fc.record({
    fault: fc.constantFrom(...FINAL),
    done: fc.boolean(),
    may: fc.constant("none" as const),
  }),
  fc.record({
    fault: fc.constantFrom(...REFUSED),
    done: fc.constant(false),
    may: fc.constant("none" as const),
  }),
  fc.record({
    fault: fc.constantFrom("refused" as const, ...BUSY),
    done: fc.constant(false),
    may: fc.constant("all" as const),
  }),
);

const CALLS = ["list", "create", "delete", "rotate", "rotate", "rotate own"] as const;

/** One call of a client, and what goes wrong in it. */
export interface Step {
  readonly call: (typeof CALLS)[number];
  /** Request by request. */
  readonly mishaps: readonly (Mishap | undefined)[];
  /** The request during which the caller gives up. */
  readonly abortAt: number;
  /** Picks the token that is deleted or rotated. */
  readonly target: number;
  /** Whether the store of a rotation takes the successor. */
  readonly isStored: boolean;
}

export const step: fc.Arbitrary<Step> = fc.record({
  call: fc.constantFrom(...CALLS),
  mishaps: fc.array(fc.option(mishap, { nil: undefined }), { maxLength: 9 }),
  abortAt: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: 5 })),
  target: fc.nat(),
  isStored: fc.boolean(),
});

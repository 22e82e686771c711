export { type FakeZone, type FakeZoneOptions, startFakeZone } from "./fake-zone.js";
export type { Fault, FaultOptions } from "./fault-queue.js";
export type { FaultName } from "./faults.js";
export type { FakeAnswer, FakeRequest, FakeToken } from "./make-api.js";

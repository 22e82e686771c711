export { type FakeZone, type FakeZoneOptions, startFakeZone } from "./fake-zone.js";
export type { Fault, FaultName, FaultOptions } from "./faults.js";
export type { FakeAnswer, FakeRequest, FakeToken } from "./make-api.js";

export {
  type FakeZone,
  type FakeZoneOptions,
  type Fault,
  type FaultOptions,
  startFakeZone,
} from "./fake-zone.js";
export type { FaultName } from "./faults.js";
export type { FakeAnswer, FakeRequest, FakeToken } from "./make-api.js";

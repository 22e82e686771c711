import type { Zones } from "./consumer/life.js";
import type { Workplace } from "./workplace.js";

/** Where and with what a client lives. */
export interface Place {
  /** The consumer's folder, compiled, with the package installed. */
  readonly folder: string;
  readonly workplace: Workplace;
  /** The runtime's program. */
  readonly program: string;
  /** Those of the consumer's testing kit, served by this process. */
  readonly zones: Zones;
}

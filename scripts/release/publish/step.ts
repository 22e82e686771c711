import type { Tarball } from "./tarball.ts";
import type { Version } from "./version.ts";

/**
 * A step of a release. It looks what is done of it and refuses what contradicts it; what it returns
 * does the rest, and says what became of it.
 */
export type Step = (version: Version, tarball: Tarball) => Promise<() => Promise<string>>;

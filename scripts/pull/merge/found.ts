import type { Json, Path } from "../../lib/json.js";
import type { Fragment } from "../read/fragment.js";

/** A value, and the fragment and the path there that it was taken from. */
export interface Found {
  readonly value: Json;
  readonly fragment: Fragment;
  readonly path: Path;
}

import type { Client } from "openapi-fetch";
import type { paths } from "../../generated/paths.js";

/** openapi-fetch's client, typed by every path in the specification. */
export type RawClient = Client<paths>;

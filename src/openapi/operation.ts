import {
  deleteUsersMeApiTokensByTimestamp,
  getUsersMeApiTokens,
  postUsersMeApiTokens,
} from "../../generated/operations.js";

/** An operation as the specification has it. */
export interface Operation {
  /** Its method and its path template: `"DELETE /users/me/api-tokens/{timestamp}"`. */
  readonly name: string;
  /** Those that the token needs, where they are known. */
  readonly scopes: readonly string[];
}

export const LIST: Operation = getUsersMeApiTokens;
export const CREATE: Operation = postUsersMeApiTokens;
export const DELETE: Operation = deleteUsersMeApiTokensByTimestamp;

/** The operation of a call on `raw`, which may be any in the specification, or none. */
export function operationOf(method: string, path: string): Operation {
  const name = `${method} ${path}`;
  return [LIST, CREATE, DELETE].find((it) => it.name === name) ?? { name, scopes: [] };
}

export {
  deleteUsersMeApiTokensByTimestamp as DELETE,
  getUsersMeApiTokens as LIST,
  postUsersMeApiTokens as CREATE,
} from "../../generated/operations.js";

/** An operation as the specification has it. */
export interface Operation {
  /** Its method and its path template: `"DELETE /users/me/api-tokens/{timestamp}"`. */
  readonly name: string;
  /** Those that the token needs, where they are known. */
  readonly scopes: readonly string[];
}

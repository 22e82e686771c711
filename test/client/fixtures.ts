import type { MakeClient } from "make-api-tokens";

export const TOKEN = "7615989d-d213-48dc-b625-27133ae3f1a8";
export const SECRET = "2544847b-1c2d-4e3f-8a9b-0c1d2e3f4a5b";
export const CREATED = "2020-03-27T05:53:27.368Z";
export const BASE_URL = "https://make.example/api/v2";
export const TOKENS = "/users/me/api-tokens";
export const ONE = "/users/me/api-tokens/{timestamp}";
export const SPEC = { label: "ci", scope: ["user:read"] };
/** A token as a list shows it, and as its creation does. */
export const MASKED = { ...SPEC, token: "2544847b-****-****-****-************", created: CREATED };
export const MADE = { ...MASKED, token: SECRET };

/** The documented calls, each with right arguments. */
export const CALLS = {
  list: ({ apiTokens }: MakeClient): Promise<unknown> => apiTokens.list(),
  create: ({ apiTokens }: MakeClient): Promise<unknown> => apiTokens.create(SPEC),
  delete: ({ apiTokens }: MakeClient): Promise<unknown> => apiTokens.delete(CREATED),
};
export type CallName = keyof typeof CALLS;
export const NAMES: readonly CallName[] = ["list", "create", "delete"];
export const METHODS = { list: "GET", create: "POST", delete: "DELETE" };
export const OPERATIONS = {
  list: "GET /users/me/api-tokens",
  create: "POST /users/me/api-tokens",
  delete: "DELETE /users/me/api-tokens/{timestamp}",
};

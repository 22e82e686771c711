// Generated from spec/openapi.json by `npm run generate`; an edit here is lost.
// Something is wrong? Report it to the maintainers of make-api-tokens, with these lines.
// spec/openapi.json SHA-256: a127454ddd495207795d51ced9380b2304fef7e788bcda5e96ace81e68f5a170

export const getUsersMeApiTokens = {
  name: "GET /users/me/api-tokens",
  scopes: ["user:read"],
} as const;

export const postUsersMeApiTokens = {
  name: "POST /users/me/api-tokens",
  scopes: ["user:write"],
} as const;

export const deleteUsersMeApiTokensByTimestamp = {
  name: "DELETE /users/me/api-tokens/{timestamp}",
  scopes: ["user:write"],
} as const;

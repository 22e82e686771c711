// Generated from spec/openapi.json by `npm run generate`; an edit here is lost.
// Something is wrong? Report it to the maintainers of make-api-tokens, with these lines.
// spec/openapi.json SHA-256: a127454ddd495207795d51ced9380b2304fef7e788bcda5e96ace81e68f5a170

export const zones = {
  eu1: "https://eu1.make.com/api/v2",
  eu2: "https://eu2.make.com/api/v2",
  us1: "https://us1.make.com/api/v2",
  us2: "https://us2.make.com/api/v2",
  "eu1.celonis": "https://eu1.make.celonis.com/api/v2",
  "us1.celonis": "https://us1.make.celonis.com/api/v2",
} as const;

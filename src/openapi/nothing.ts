/**
 * Every option of openapi-fetch, set to undefined. openapi-fetch reads them from a plain object, and
 * an option that is not set would be inherited from a polluted `Object.prototype`.
 */
export const NOTHING: { readonly [option: string]: undefined } = {
  baseUrl: undefined,
  fetch: undefined,
  Request: undefined,
  headers: undefined,
  params: undefined,
  parseAs: undefined,
  querySerializer: undefined,
  bodySerializer: undefined,
  pathSerializer: undefined,
  body: undefined,
  middleware: undefined,
  requestInitExt: undefined,
};

/** The same for its option `params`. */
export const NO_PARAMS: typeof NOTHING = { path: undefined, query: undefined, header: undefined };

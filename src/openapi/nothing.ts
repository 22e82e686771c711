/**
 * All that openapi-fetch reads of its options, said to be not there: it reads them from a plain
 * object, so that anything else would be inherited from a polluted `Object.prototype`.
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

/** The same, of its option `params`. */
export const NO_PARAMS: typeof NOTHING = { path: undefined, query: undefined, header: undefined };

/*
 * The last line of a refusal: what the maintainer does so that the next pull comes through. The
 * action that leaves something out is made by `leaveOut` in lib/refusal.ts.
 */

export const CORRECT_A_COPY =
  "Save the page as a file in spec/, correct it there, and name that file as the page's url in spec/sources.json (a path relative to the root); or take the page out of spec/sources.json.";

export const NOT_SUPPORTED =
  "Only OpenAPI 3.0 in JSON is read, with a token in the header Authorization (an apiKey) as the one way to authenticate: take the page out of spec/sources.json.";

export const ANOTHER_PAGE =
  "Name another page in spec/sources.json, one that shows the OpenAPI of its operations in code blocks, or take this one out.";

export const MARKDOWN =
  "The Markdown of a page is at the address that ends in .md: name that one in spec/sources.json.";

export const SEE_THE_PAGE =
  "See whether the page is there and spec/sources.json names it, then pull again.";

/** Whoever trusts a host sends it tokens. */
export const trust = (host: string): string =>
  `Look at the page first: a client sends its token to whatever is trusted here. Only if this host is Make's, add ${JSON.stringify(host)} to "hosts" in spec/sources.json; otherwise take the page out there.`;

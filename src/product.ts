import manifest from "../package.json" with { type: "json" };

const { name, version } = manifest;

/** The product that a user agent names (RFC 9110, section 10.1.5): this package, without a scope. */
export const PRODUCT = `${name.split("/").at(-1)}/${version}`;

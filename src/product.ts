import manifest from "../package.json" with { type: "json" };

/** The product that a user agent names (RFC 9110, section 10.1.5): this package, without a scope. */
export const PRODUCT = `${manifest.name.split("/").at(-1)}/${manifest.version}`;

/** From the highest to the lowest. */
export const levels = ["major", "minor", "patch"] as const;
export type Level = (typeof levels)[number];
export type Bump = Level | "none";

/** Sent by the caller (parameters, bodies), or received (answers). */
export type Direction = "request" | "response";

/**
 * What a difference means for consumers; any other is major. `differenceOf` in compare.ts puts its
 * words together; in "… changed" stands the keyword, whatever it is.
 */
const rules: Readonly<Record<string, Level | Record<Direction, Level>>> = {
  "operation removed": "major",
  "operation added": "minor",

  "zone removed": "major",
  "zone added": "minor",
  "zones changed": "patch",

  "security changed": "major",
  "security scheme removed": "major",
  "security scheme added": "major",
  "required scope added": "major",
  "required scope removed": "minor",

  "parameter removed": "major",
  "required parameter added": "major",
  "optional parameter added": "minor",
  "request body removed": "major",
  "required request body added": "major",
  "optional request body added": "minor",

  "response status removed": "major",
  "response status added": "minor",
  "header removed": "major",
  "header added": "major",
  "media type removed": "major",
  "media type added": "major",

  "property removed": "major",
  "optional property added": "minor",
  "required property added": { request: "major", response: "minor" },
  "now required": { request: "major", response: "minor" },
  "no longer required": { request: "minor", response: "major" },

  // An enum that comes or goes as a whole is another type, so major ("enum added").
  "enum value added": { request: "minor", response: "major" },
  "enum value removed": { request: "major", response: "minor" },

  "type changed": "major",
  "format changed": "major",
  "nullable changed": "major",
  "alternative removed": "major",
  "alternative added": "major",
  "allOf part removed": "major",
  "allOf part added": "major",

  // Names of components are not exported: what a component holds counts at each place of use.
  "reference changed": "patch",
  "component changed": "patch",

  "version changed": "patch",
  // Tools make no distinction between 3.0.0 and 3.0.3 (OpenAPI 3.0.3, section 4.1).
  "openapi changed": "patch",
  "description changed": "patch",
  "summary changed": "patch",
  "title changed": "patch",
  "example changed": "patch",
  "examples changed": "patch",
  "deprecated changed": "patch",
  "tags changed": "patch",
};

export function bumpFor(difference: string, direction: Direction): Level {
  // Specification extensions (OpenAPI 3.0, section 4.9).
  const rule = difference.startsWith("x-") ? "patch" : (rules[difference] ?? "major");
  return typeof rule === "string" ? rule : rule[direction];
}

/** The bump that all of them call for together. */
export const highest = (changes: readonly { bump: Bump }[]): Bump =>
  levels.find((bump) => changes.some((change) => change.bump === bump)) ?? "none";

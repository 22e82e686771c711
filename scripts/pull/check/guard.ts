import type { JsonObject } from "../../lib/json.js";
import { pageFault, pathText } from "../read/fragment.js";
import {
  badComponentNames,
  badNames,
  badReferences,
  endlessReferences,
  enumTextThatCouldRun,
  longTexts,
  outsideValues,
  unknownRootKeys,
} from "./rules/document.js";
import { badOperationIds, badPathParameters, badPaths, lookalikePaths } from "./rules/paths.js";
import { badSchemes, badSecurity, headerParameters } from "./rules/security.js";
import { badServers, sameZones, serversElsewhere } from "./rules/servers.js";
import { everyObject } from "./rules/walk.js";
import type { Merged } from "../merge/merge.js";
import type { Path } from "../read/strict-json.js";

export interface Finding {
  path: Path;
  what: string;
}

/** Finds what a page must not hold. It may meet any JSON: the lint, which knows types, is later. */
export type Rule = (document: JsonObject, hosts: readonly string[]) => Iterable<Finding>;

/** The same for each object of the document, whatever it stands for. */
export type ObjectRule = (value: JsonObject, path: Path, document: JsonObject) => Iterable<Finding>;

/** The page is not trusted: it decides which code is generated and where a token is sent. */
const refused: Record<string, Rule> = {
  "a root key or version that is not OpenAPI 3.0's": unknownRootKeys,

  "a server that is not https, not of our hosts, or not like the others": badServers,
  "two zones with one name": sameZones,
  "servers of a single path, operation or link": serversElsewhere,

  "a scheme that puts the token elsewhere than into the Authorization header": badSchemes,
  "alternatives or combinations of schemes": badSecurity,
  "a parameter that would set the Authorization header": headerParameters,

  "a path that is none, or that leads elsewhere": badPaths,
  "paths that differ only in the names of their parameters": lookalikePaths,
  "path parameters that are not what the path says": badPathParameters,
  "operations with equal or unsafe ids": badOperationIds,

  "components whose names are not OpenAPI's": badComponentNames,
  "a component that only refers to itself": endlessReferences,
};

const refusedAnywhere: Record<string, ObjectRule> = {
  "a reference that leaves the components": badReferences,
  "an example outside of the document": outsideValues,
  "a text that takes long to write": longTexts,
  "a name that could steer a terminal or an editor": badNames,
  "enum names and descriptions that could run as code": enumTextThatCouldRun,
};

const shown = 20;

export function guard({ document, placeOf }: Merged, hosts: readonly string[]): void {
  const findings = Object.values(refused).flatMap((rule) => [...rule(document, hosts)]);
  everyObject(document, (value, path) => {
    for (const rule of Object.values(refusedAnywhere)) {
      findings.push(...rule(value, path, document));
    }
  });
  if (findings.length === 0) return;
  const lines = findings
    .slice(0, shown)
    .map(({ path, what }) => `${placeOf(path)}: ${pathText(path)}: ${what}`);
  if (findings.length > shown) lines.push(`… and ${findings.length - shown} more.`);
  throw pageFault(lines.join("\n"));
}

import { type JsonObject, type Path, valueAt } from "../../lib/json.js";
import type { Refusal } from "../../lib/refusal.js";
import { excerpt, firstLines } from "../../lib/text.js";
import type { Origin } from "../merge/merge.js";
import { pathText, placeOf } from "../read/fragment.js";
import { leaveOut, pageFault } from "../remedies.js";
import type { Finding, ObjectRule, Rule } from "./finding.js";
import {
  badComponentNames,
  badNames,
  badReferences,
  endlessReferences,
  enumTextThatCouldRun,
  misplacedReferences,
  otherSpecifications,
  outsideValues,
} from "./rules/document.js";
import { badPathParameters, badPaths, lookalikePaths } from "./rules/paths.js";
import { badSchemes, badSecurity, headerParameters } from "./rules/security.js";
import { badServers, sameZones, serversElsewhere } from "./rules/servers.js";
import { everyObject } from "./rules/walk.js";

/** The document that is checked, and the places on the pages that its parts come from. */
export interface Checked {
  readonly document: JsonObject;
  originOf(path: Path): Origin;
}

/** The page is not trusted: it decides which code is generated and where a token is sent. */
const refused: readonly Rule[] = [
  otherSpecifications,

  badServers,
  sameZones,
  serversElsewhere,

  badSchemes,
  badSecurity,
  headerParameters,

  badPaths,
  lookalikePaths,
  badPathParameters,

  badComponentNames,
  misplacedReferences,
  endlessReferences,
];

const refusedAnywhere: readonly ObjectRule[] = [
  badReferences,
  outsideValues,
  badNames,
  enumTextThatCouldRun,
];

export function guard(checked: Checked, hosts: readonly string[]): void {
  const { document } = checked;
  const findings = refused.flatMap((rule) => [...rule(document, hosts)]);
  everyObject(document, (value, path) => {
    for (const rule of refusedAnywhere) findings.push(...rule(value, path, document));
  });
  if (findings.length > 0) throw refusalOf(findings, checked);
}

/** Each finding with its place and the offending text; the remedy is that of the first. */
export function refusalOf(findings: readonly Finding[], { document, originOf }: Checked): Refusal {
  const lines = firstLines(findings, ({ path, what }) => {
    const { fragment, path: there } = originOf(path);
    const value = valueAt(document, path);
    const text = value === undefined ? "" : excerpt(JSON.stringify(value), 80);
    const offending = text === "" || what.includes(text) ? "" : `: ${text}`;
    return `${placeOf(fragment, there)}: ${pathText(path)}: ${excerpt(what, 300)}${offending}`;
  });
  const [first] = findings;
  return pageFault(lines.join("\n"), first?.remedy ?? leaveOut(first?.path ?? []));
}

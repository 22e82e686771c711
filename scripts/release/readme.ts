import { zonesOf } from "../generate/data.js";
import type { JsonObject } from "../lib/json.js";

/** What the README says of a version: how it is pinned, and its zones. */
export const readmeFor = (
  readme: string,
  { before, version, document }: { before: string; version: string; document: JsonObject },
): string =>
  ["@", "-", "#v"]
    .reduce((text, pin) => text.replaceAll(pin + before, pin + version), readme)
    .replace(/^\| zone +\|.*\n.*\n\| host +\|.*$/m, () => zoneTable(document));

/** As Prettier formats it. */
function zoneTable(document: JsonObject): string {
  const zones = [...zonesOf(document)].map(([name, url]) => {
    const [top, bottom] = [`\`${name}\``, `\`${new URL(url).host}\``];
    const width = Math.max(top.length, bottom.length);
    return [top.padEnd(width), "-".repeat(width), bottom.padEnd(width)];
  });
  const columns = [["zone", "----", "host"], ...zones];
  return [0, 1, 2].map((row) => `| ${columns.map((it) => it[row]).join(" | ")} |`).join("\n");
}

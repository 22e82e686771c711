import { fileURLToPath } from "node:url";
import {
  BaseResolver,
  createConfig,
  lintDocument,
  ResolveError,
  Source,
  unescapePointer,
} from "@redocly/openapi-core";
import { printable } from "../../lib/text.js";
import type { Json, JsonObject } from "../../lib/json.js";
import { pageFault, pathText, valueAt } from "../read/fragment.js";
import type { Merged } from "../merge/merge.js";
import type { Path } from "../read/strict-json.js";

/** The shape that OpenAPI 3.0 demands; what crosses the document is the guard's, taste the page's. */
const rules = { struct: "error" } as const;

/** OpenAPI 3.0.0 leaves open what 3.0.3 demands, and pages have `nullable` beside `oneOf`. */
const allowed = /^The `type` field must be defined when the `nullable` field is used/;

/** The guard has refused what leads outside; where something got through, it is not followed. */
class NoResolver extends BaseResolver {
  override loadExternalRef(reference: string): Promise<Source> {
    return Promise.reject(new ResolveError(new Error(`${reference} is outside of the document`)));
  }
}

const shown = 20;

/** Refuses a document that OpenAPI 3.0 does not allow. */
export async function lint({ document, placeOf }: Merged): Promise<void> {
  // Redocly looks for its ignore file below this path; below a file there is none.
  const configPath = fileURLToPath(import.meta.url);
  const { styleguide } = await createConfig({ rules }, { extends: [], configPath });
  const problems = await lintDocument({
    document: { source: new Source("spec/openapi.json", "{}"), parsed: document },
    config: styleguide,
    externalRefResolver: new NoResolver(),
  }).catch((error: unknown) => {
    // Redocly takes some types for granted before it has checked them.
    throw pageFault(`${placeOf([])}: the lint cannot read it: ${printable(String(error))}`);
  });
  const serious = problems.filter(({ message }) => !allowed.test(message));
  if (serious.length === 0) return;
  const lines = serious.slice(0, shown).map(({ message, location }) => {
    const path = pathOf(document, location[0]?.pointer ?? "#/");
    return `${placeOf(path)}: ${pathText(path)}: ${printable(message)}`;
  });
  if (serious.length > shown) lines.push(`… and ${serious.length - shown} more.`);
  throw pageFault(lines.join("\n"));
}

/** "#/servers/0/url" → ["servers", 0, "url"] */
function pathOf(document: JsonObject, pointer: string): Path {
  let value: Json | undefined = document;
  const steps = pointer.slice(2).split("/").filter(Boolean).map(unescapePointer);
  return steps.map((step) => {
    const key = Array.isArray(value) ? Number(step) : step;
    value = valueAt(value, [key]);
    return key;
  });
}

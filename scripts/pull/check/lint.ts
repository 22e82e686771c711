import { fileURLToPath } from "node:url";
import {
  BaseResolver,
  createConfig,
  lintDocument,
  ResolveError,
  Source,
  unescapePointer,
} from "@redocly/openapi-core";
import { isObject, type Json, type JsonObject, type Path, valueAt } from "../../lib/json.js";
import { MEND_A_COPY } from "../remedies.js";
import { type Checked, refusalOf } from "./guard.js";

/** Only the shape that OpenAPI 3.0 demands: the guard checks references, and style is free. */
const rules = { struct: "error" } as const;

/** OpenAPI 3.0.0 leaves open what 3.0.3 demands, and pages have `nullable` beside `oneOf`. */
const allowed = /^The `type` field must be defined when the `nullable` field is used/;

/** The guard refuses all references that lead outside; one that got through is not followed. */
class NoResolver extends BaseResolver {
  override loadExternalRef(reference: string): Promise<Source> {
    return Promise.reject(new ResolveError(new Error(`${reference} is outside of the document`)));
  }
}

/**
 * Refuses a document that OpenAPI 3.0 does not allow, in places on which a call or its types depend:
 * the rest was set right before.
 */
export async function lint(checked: Checked): Promise<void> {
  const { document } = checked;
  // Redocly looks for its ignore file below this path; below a file there is none.
  const configPath = fileURLToPath(import.meta.url);
  const { styleguide } = await createConfig({ rules }, { extends: [], configPath });
  const problems = await lintDocument({
    document: { source: new Source("spec/openapi.json", "{}"), parsed: withPlainNames(document) },
    config: styleguide,
    externalRefResolver: new NoResolver(),
  }).catch((error: unknown) => {
    // Redocly takes some types for granted before it has checked them.
    const what = `the lint cannot read it: ${String(error)}`;
    throw refusalOf([{ path: [], what, remedy: MEND_A_COPY }], checked);
  });
  const findings = problems
    .filter(({ message }) => !allowed.test(message))
    .map(({ message, location }) => ({
      path: pathOf(document, location[0]?.pointer ?? "#/"),
      what: message,
    }));
  if (findings.length > 0) throw refusalOf(findings, checked);
}

/** Redocly looks names up in objects that inherit some, such as "constructor". */
function withPlainNames(value: Json): Json {
  if (Array.isArray(value)) return value.map(withPlainNames);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key in Object.prototype ? `${key}-` : key,
      // A reference follows the name of its component.
      key === "$ref" && typeof inner === "string"
        ? inner.replace(/[^/]+$/, (name) => (name in Object.prototype ? `${name}-` : name))
        : withPlainNames(inner),
    ]),
  );
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

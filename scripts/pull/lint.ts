import {
  BaseResolver,
  createConfig,
  lintDocument,
  type RawUniversalConfig,
  ResolveError,
  Source,
  unescapePointer,
} from "@redocly/openapi-core";
import { type JsonObject, type Path, valueAt } from "../lib/json.ts";
import { methods } from "../lib/openapi.ts";

/** What a rule finds. */
export interface Fault {
  readonly rule: string;
  readonly message: string;
  readonly path: Path;
}

type Plugin = Exclude<NonNullable<RawUniversalConfig["plugins"]>[number], string>;

/** What Redocly's rules pass over, as rules of its form: its walker knows what each object is. */
const ours: NonNullable<NonNullable<Plugin["rules"]>["oas3"]> = {
  "array-items": () => ({
    Schema({ type, items }, { report, location }) {
      const isNone = items === undefined || Array.isArray(items);
      if (type === "array" && isNone) report({ message: "", location: location.child("items") });
    },
  }),
  "empty-path": () => ({
    PathItem(item, { report }) {
      if (!methods.some((method) => method in item)) report({ message: "" });
    },
  }),
  "path-parameter-required": () => ({
    Parameter({ in: place, required = false }, { report, location }) {
      const isOptional = place === "path" && !required;
      if (isOptional) report({ message: "", location: location.child("required") });
    },
  }),
  "unique-id": () => {
    const known = new Set<unknown>();
    return {
      Operation({ operationId }, { report, location }) {
        const isKnown = known.has(operationId);
        if (isKnown) report({ message: "", location: location.child("operationId") });
        if (operationId !== undefined) known.add(operationId);
      },
    };
  },
  "misplaced-reference": () => ({
    ref({ $ref }, { report, type, location }) {
      const [, , section = ""] = $ref.split("/");
      const kind = section.replace(/ies$/, "y").replace(/s$/, "");
      if (kind.toLowerCase() === type.name.toLowerCase()) return;
      report({ message: `a reference in place of ${type.name}`, location: location.child("$ref") });
    },
  }),
};
const plugin: Plugin = { id: "ours", rules: { oas3: ours } };

/** Whether each thing has the form that OpenAPI 3.0 gives it; the other rules take that for granted. */
export const forms = ["struct", "ours/misplaced-reference"];
export const meanings = [
  ...["no-identical-paths", "no-required-schema-properties-undefined", "path-parameters-defined"],
  ...["operation-parameters-unique", "spec-components-invalid-map-name", "ours/array-items"],
  ...["operation-operationId-url-safe", "ours/unique-id", "ours/empty-path"],
  "ours/path-parameter-required",
];

/** Nothing outside of the document is read, whatever a reference names. */
class NoResolver extends BaseResolver {
  override loadExternalRef(reference: string): Promise<Source> {
    return Promise.reject(new ResolveError(new Error(`${reference} is outside of the document`)));
  }
}

/** What some rules find in a document. */
export async function lint(document: JsonObject, rules: readonly string[]): Promise<Fault[]> {
  const config = {
    rules: Object.fromEntries(rules.map((name) => [name, "error" as const])),
    plugins: [plugin],
  };
  const { styleguide } = await createConfig(config, { extends: [] });
  const problems = await lintDocument({
    document: { source: new Source("spec/openapi.json", "{}"), parsed: document },
    config: styleguide,
    externalRefResolver: new NoResolver(),
  });
  const faults = problems.map(({ ruleId: rule, message, location: [place] }): Fault => {
    return { rule, message, path: pathOf(document, place?.pointer ?? "#/") };
  });
  // Redocly looks names up in objects that inherit some, such as "constructor".
  return faults.filter(({ path }) => !path.some((step) => step in Object.prototype));
}

/** "#/servers/0/url" → ["servers", 0, "url"] */
function pathOf(document: JsonObject, pointer: string): Path {
  const steps = pointer.slice(2).split("/").filter(Boolean).map(unescapePointer);
  return steps.reduce<Path>((path, step) => {
    const isItem = Array.isArray(valueAt(document, path));
    return [...path, isItem ? Number(step) : step];
  }, []);
}

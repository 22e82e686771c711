import { fileURLToPath } from "node:url";
import {
  BaseResolver,
  createConfig,
  lintDocument,
  type RawUniversalConfig,
  ResolveError,
  Source,
  unescapePointer,
} from "@redocly/openapi-core";
import { isObject, type Json, type JsonObject, type Path, valueAt } from "../lib/json.ts";
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
      if (type !== "array" || (items !== undefined && !Array.isArray(items))) return;
      report({ message: "no items", location: location.child("items") });
    },
  }),
  "empty-path": () => ({
    PathItem(item, { report }) {
      if (!methods.some((method) => method in item)) report({ message: "no operation" });
    },
  }),
  "path-parameter-required": () => ({
    Parameter(parameter, { report, location }) {
      if (parameter.in !== "path" || parameter.required === true) return;
      report({ message: "not required", location: location.child("required") });
    },
  }),
  "plain-operation-id": () => ({
    Operation({ operationId }, { report, location }) {
      if (typeof operationId !== "string" || /^[\w .~:/-]{1,200}$/.test(operationId)) return;
      report({ message: "not plain", location: location.child("operationId") });
    },
  }),
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

const rules: readonly string[] = [
  ...["struct", "no-identical-paths", "no-required-schema-properties-undefined"],
  ...["operation-operationId-unique", "operation-parameters-unique", "path-parameters-defined"],
  "spec-components-invalid-map-name",
  ...Object.keys(ours).map((name) => `${plugin.id}/${name}`),
];

/** Nothing outside of the document is read, whatever a reference names. */
class NoResolver extends BaseResolver {
  override loadExternalRef(reference: string): Promise<Source> {
    return Promise.reject(new ResolveError(new Error(`${reference} is outside of the document`)));
  }
}

/** What the rules find in a document; rejects where one of them fails on what another one finds. */
export async function lint(document: JsonObject, names = rules): Promise<Fault[]> {
  const config = {
    rules: Object.fromEntries(names.map((name) => [name, "error" as const])),
    plugins: [plugin],
  };
  // Redocly looks for its ignore file below this path; below a file there is none.
  const configPath = fileURLToPath(import.meta.url);
  const { styleguide } = await createConfig(config, { extends: [], configPath });
  const problems = await lintDocument({
    document: { source: new Source("spec/openapi.json", "{}"), parsed: withPlainNames(document) },
    config: styleguide,
    externalRefResolver: new NoResolver(),
  });
  return problems.map(({ ruleId, message, location }) => ({
    rule: ruleId,
    message,
    path: pathOf(document, location[0]?.pointer ?? "#/"),
  }));
}

/** Redocly looks names up in objects that inherit some, such as "constructor", and loses empty ones. */
const plainName = (name: string): string =>
  name === "" || name in Object.prototype ? `${name}-` : name;

function withPlainNames(value: Json): Json {
  if (Array.isArray(value)) return value.map(withPlainNames);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([key, inner]): [string, Json] =>
    // A reference follows the name of its component.
    key === "$ref" && typeof inner === "string"
      ? [key, inner.replace(/[^/]+$/, plainName)]
      : [plainName(key), withPlainNames(inner)],
  );
  return Object.fromEntries(entries);
}

/** "#/servers/0/url" → ["servers", 0, "url"] */
function pathOf(document: JsonObject, pointer: string): Path {
  let value: Json | undefined = document;
  return pointer
    .slice(2)
    .split("/")
    .filter(Boolean)
    .map((escaped) => {
      const step = unescapePointer(escaped);
      const isRenamed =
        valueAt(value, [step]) === undefined && plainName(step.slice(0, -1)) === step;
      const key = Array.isArray(value) ? Number(step) : isRenamed ? step.slice(0, -1) : step;
      value = valueAt(value, [key]);
      return key;
    });
}

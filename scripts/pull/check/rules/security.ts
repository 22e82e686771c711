import { isObject, type Json, type JsonObject, type Path } from "../../../lib/json.js";
import { resolve } from "../../../lib/references.js";
import { excerpt } from "../../../lib/text.js";
import { jsonPath, jsonPathText, leaveOut, NOT_SUPPORTED, removal } from "../../remedies.js";
import type { Finding, Rule } from "../finding.js";
import { at, entries, inside, items, objectsOf, type Visit } from "./walk.js";

const isAuthorization = (name: Json | undefined): boolean =>
  typeof name === "string" && name.toLowerCase() === "authorization";

export const badSchemes: Rule = function* (document) {
  for (const { path, value } of entries(at(document, "components", "securitySchemes"))) {
    if (
      isObject(value) &&
      value["type"] === "apiKey" &&
      value["in"] === "header" &&
      isAuthorization(value["name"])
    ) {
      continue;
    }
    const what = "only an apiKey in the header Authorization is known to be Make's";
    yield { path, what, remedy: NOT_SUPPORTED };
  }
};

/** None at all and an empty list are Make's way to say that a call needs no token. */
export const badSecurity: Rule = function* (document) {
  const { value } = at(document, "components", "securitySchemes");
  const schemes = isObject(value) ? value : {};
  for (const operation of objectsOf("Operation", document)) {
    const security = inside(operation, "security");
    if (security.value === null) continue;
    if (!Array.isArray(security.value)) yield { path: security.path, what: "not a list" };
    else if (security.value.length > 1) {
      yield { path: security.path, what: "alternatives of schemes" };
    }
    for (const requirement of items(security)) yield* badRequirement(requirement, schemes);
  }
};

function* badRequirement(requirement: Visit, schemes: JsonObject): Iterable<Finding> {
  const named = entries(requirement);
  if (named.length !== 1) {
    yield { path: requirement.path, what: `${named.length} schemes instead of one` };
  }
  for (const { key, path, value } of named) {
    if (!Object.hasOwn(schemes, key)) {
      yield { path, what: `there is no security scheme ${excerpt(key)}` };
    }
    if (!Array.isArray(value) || !value.every(isScope)) {
      yield { path, what: "not a list of scopes" };
    }
  }
}

/** Such as "user:read"; other characters could steer a terminal or an editor. */
const isScope = (scope: Json): boolean =>
  typeof scope === "string" && /^[A-Za-z0-9][A-Za-z0-9._:*/-]{0,99}$/.test(scope);

export const headerParameters: Rule = function* (document) {
  const parameters = [
    ...objectsOf("Operation", document).flatMap((operation) =>
      items(inside(operation, "parameters")),
    ),
    ...entries(at(document, "components", "parameters")),
  ];
  for (const { path, value } of parameters) {
    const parameter = resolve(document, value);
    if (isObject(parameter) && parameter["in"] === "header" && isAuthorization(parameter["name"])) {
      const what = "a parameter that sets the header Authorization";
      yield { path, what, remedy: withoutParameter(path, value, parameter) };
    }
  }
};

/** A path's parameters have moved to its operations, so it is looked for at both. */
function withoutParameter(path: Path, value: Json, { name }: JsonObject): string {
  const [root, item = "", method] = path;
  if (root !== "paths" || typeof method !== "string") return leaveOut(path);
  const $ref = isObject(value) ? value["$ref"] : undefined;
  const filter =
    typeof $ref === "string"
      ? `@['$ref']==${jsonPathText($ref)}`
      : `@.in=='header' && @.name==${jsonPathText(String(name))}`;
  return removal("To leave it out", `${jsonPath(["paths", item])}..parameters[?${filter}]`);
}

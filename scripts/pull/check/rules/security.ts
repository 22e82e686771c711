import { printable } from "../../../lib/text.js";
import { isObject, type Json } from "../../../lib/json.js";
import type { Rule } from "../guard.js";
import { at, entries, inside, items, operations, resolve } from "./walk.js";

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
    yield { path, what: "only an apiKey in the header Authorization is known to be Make's" };
  }
};

/** None at all and an empty list are Make's way to say that a call needs no token. */
export const badSecurity: Rule = function* (document) {
  const schemes = at(document, "components", "securitySchemes").value;
  for (const operation of operations(document)) {
    const { path, value } = inside(operation, "security");
    if (value === null) continue;
    if (!Array.isArray(value)) yield { path, what: "not a list" };
    else if (value.length > 1) yield { path, what: "alternatives of schemes" };
    for (const requirement of items({ path, value })) {
      const named = entries(requirement);
      if (named.length !== 1) {
        yield { path: requirement.path, what: `${named.length} schemes instead of one` };
      }
      for (const { key, path, value } of named) {
        if (!isObject(schemes) || !Object.hasOwn(schemes, key)) {
          yield { path, what: `there is no security scheme ${printable(key)}` };
        }
        if (!Array.isArray(value) || !value.every((scope) => typeof scope === "string")) {
          yield { path, what: "not a list of scopes" };
        }
      }
    }
  }
};

export const headerParameters: Rule = function* (document) {
  const parameters = [
    ...operations(document).flatMap((operation) => items(inside(operation, "parameters"))),
    ...entries(at(document, "components", "parameters")),
  ];
  for (const { path, value } of parameters) {
    const parameter = resolve(document, value);
    if (isObject(parameter) && parameter["in"] === "header" && isAuthorization(parameter["name"])) {
      yield { path, what: "a parameter that sets the header Authorization" };
    }
  }
};

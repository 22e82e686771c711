import { isObject, type Json, type JsonObject } from "../../../lib/json.js";
import type { Fact } from "../bump-rules.js";
import { sameText, type Note } from "./both-documents.js";
import { fixed, keyed, named, type Compare, type Comparison } from "./comparison.js";
import { content, responses } from "./response.js";
import { fromTo, join, show } from "./wording.js";

/** Compares an operation; `renamed` has the new name of each path parameter that was renamed. */
export function compareOperations(
  comparison: Comparison,
  operation: string,
  renamed: ReadonlyMap<string, string>,
): (before: JsonObject, after: JsonObject) => void {
  return (before, after) => {
    for (const [old, now] of renamed) {
      const note = comparison.noteAt(`${operation} · path ${old}`, "request");
      note("path parameter renamed", ` to ${show(now)}`);
    }
    comparison.fields(
      before,
      after,
      comparison.noteAt(operation, "request"),
      fixed({
        parameters: parameters(comparison, operation, renamed),
        requestBody: requestBody(comparison, `${operation} · request`),
        responses: responses(comparison, operation),
        security: security(comparison, `${operation} · security`),
      }),
    );
  };
}

const parameters =
  (comparison: Comparison, operation: string, renamed: ReadonlyMap<string, string>): Compare =>
  (before, after) => {
    const { documents } = comparison;
    const had = keyed(before, (node) => nameOf(documents.before.resolve(node), renamed));
    const has = keyed(after, (node) => nameOf(documents.after.resolve(node)));
    if (!had || !has) return false;

    for (const name of new Set([...had.keys(), ...has.keys()])) {
      const [old, now] = [had.get(name), has.get(name)];
      const where = `${operation} · ${(old && nameOf(documents.before.resolve(old))) ?? name}`;
      const note = comparison.noteAt(where, "request");
      named(
        note,
        (node) => requiredOr(documents.after.resolve(node), "parameter"),
        "parameter removed",
        (x, y) =>
          comparison.fields(
            ...documents.resolve(x, y, note),
            note,
            fixed({
              name: () => true, // what the two were paired by
              required: required(note),
              schema: (a, b) => comparison.schema(a, b, "request", (path) => join(where, path)),
              content: content(comparison, where, "request"),
            }),
          ),
      )(old, now);
    }
    return true;
  };

/** Such as "query limit", by which parameters are paired; undefined where it is no parameter. */
function nameOf(
  { in: place, name }: JsonObject,
  renamed?: ReadonlyMap<string, string>,
): string | undefined {
  if (typeof place !== "string" || typeof name !== "string") return undefined;
  return `${place} ${(place === "path" ? renamed?.get(name) : undefined) ?? name}`;
}

const requestBody = (comparison: Comparison, where: string): Compare => {
  const { documents } = comparison;
  const note = comparison.noteAt(where, "request");
  return named(
    note,
    (node) => requiredOr(documents.after.resolve(node), "request body"),
    "request body removed",
    (before, after) =>
      comparison.fields(
        ...documents.resolve(before, after, note),
        note,
        fixed({ required: required(note), content: content(comparison, where, "request") }),
      ),
  );
};

const requiredOr = (node: JsonObject, thing: "parameter" | "request body"): Fact =>
  `${node["required"] === true ? "required" : "optional"} ${thing} added`;

const required =
  (note: Note): Compare =>
  (was = false, is = false) => {
    if (typeof was !== "boolean" || typeof is !== "boolean") return false;
    if (was !== is) note(is ? "now required" : "no longer required");
    return true;
  };

const security =
  (comparison: Comparison, where: string): Compare =>
  (before, after) => {
    const note = comparison.noteAt(where, "request");
    const [had, has] = [requirement(before), requirement(after)];
    if (!had || !has || had.scheme !== has.scheme) {
      if (!sameText(before, after)) note("security changed", fromTo(before, after));
      return true;
    }
    for (const scope of has.scopes) {
      if (!had.scopes.has(scope)) note("scope now required", `: ${show(scope)}`);
    }
    for (const scope of had.scopes) {
      if (!has.scopes.has(scope)) note("scope no longer required", `: ${show(scope)}`);
    }
    return true;
  };

/** The one scheme and its scopes; undefined for none, alternatives, or combinations. */
function requirement(
  security: Json | undefined,
): { scheme: string; scopes: Set<string> } | undefined {
  if (!Array.isArray(security) || security.length !== 1 || !isObject(security[0])) return undefined;
  const [[scheme, scopes] = [], ...others] = Object.entries(security[0]);
  if (scheme === undefined || others.length > 0 || !Array.isArray(scopes)) return undefined;
  if (!scopes.every((scope) => typeof scope === "string")) return undefined;
  return { scheme, scopes: new Set(scopes) };
}

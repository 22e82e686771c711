import { isObject, type Json, type JsonObject } from "../../lib/json.js";
import { methods, parametersIn, shapeOf } from "../../lib/old-openapi.js";
import { areObjects, type Both, own } from "./both.js";
import { type Child, type Children, type Kind, single } from "./kinds.js";
import { operation, type Renamed } from "./operation.js";

export const paths: Children = {
  pairing: pathsByShape,
  kind: ({ name, nameAfter = name }) => pathItem(name, nameAfter),
  place: (_, { name }) => name,
  extensions: () => "paths",
  thing: "path",
  changed: (name) => `${name} changed`,
};

const pathItem = (before: string, after: string): Kind => ({
  fields: Object.fromEntries(
    methods.map((method): [string, Children] => [
      method,
      {
        pairing: single,
        kind: operation(renamedParameters(before, after)),
        place: (_, child) =>
          `${method.toUpperCase()} ${child.before === undefined ? after : before}`,
        thing: "operation",
      },
    ]),
  ),
});

/** Pairs paths by their shape, so that a renamed parameter is one change and not a new path. */
function pathsByShape({ before = {}, after = {} }: Both): Child[] | undefined {
  const both = { before, after };
  if (!areObjects(both)) return undefined;
  const created = new Set(
    Object.keys(both.after).filter((path) => !Object.hasOwn(both.before, path)),
  );
  const byShape = new Map([...created].map((path) => [shapeOf(path), path]));
  const kept = Object.entries(both.before).map(([name, item]) => {
    const candidate = byShape.get(shapeOf(name)) ?? name;
    const isRenamed = !Object.hasOwn(both.after, name) && created.delete(candidate);
    const nameAfter = isRenamed ? candidate : name;
    return withOperations({ name, nameAfter, before: item, after: own(both.after, nameAfter) });
  });
  const added = [...created].map((name) =>
    withOperations({ name, before: undefined, after: own(both.after, name) }),
  );
  return [...kept, ...added];
}

/** Of a path that comes or goes, the operations come or go. */
function withOperations(child: Child): Child {
  const { name, before, after } = child;
  if ((before !== undefined && after !== undefined) || name.startsWith("x-")) return child;
  const operations = operationsOf(before ?? after);
  if (Object.keys(operations).length === 0) return child;
  return {
    ...child,
    before: before === undefined ? {} : operations,
    after: after === undefined ? {} : operations,
  };
}

const operationsOf = (item: Json = {}): JsonObject =>
  isObject(item)
    ? Object.fromEntries(Object.entries(item).filter(([key]) => methods.includes(key)))
    : {};

function renamedParameters(before: string, after: string): Renamed {
  const namesAfter = parametersIn(after);
  const names = parametersIn(before).map(
    (name, index) => [name, namesAfter[index] ?? name] as const,
  );
  return new Map(names.filter(([name, nameAfter]) => name !== nameAfter));
}

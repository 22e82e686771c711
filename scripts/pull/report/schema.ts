import type { Json, JsonObject } from "../../lib/json.js";
import { areObjects, at, type Both } from "./both.js";
import type { Fact } from "./bump-rules.js";
import {
  type Child,
  type Children,
  type Context,
  entries,
  type Difference,
  type Kind,
  part,
} from "./kinds.js";
import { onlyIn } from "./values.js";
import { join, step } from "./wording.js";

const inside = (place: (path: string) => string): Children => ({
  pairing: part,
  kind: () => schema,
  place,
});

const members = (key: string, thing: string): Children => ({
  pairing: membersOf,
  kind: () => schema,
  place: (path, { name }) => (key === "allOf" ? path : join(path, `${key}[${name}]`)),
  thing,
  shows: ({ before, after }) => (before === undefined ? after : before),
  changed: () => "schema changed",
});

/** As callers see it: references are followed, order is ignored. */
export const schema: Kind = {
  referable: true,
  shared: true,
  // The target of a discriminator is mostly an alternative too, and is reported as that first.
  rank: { properties: -1, discriminator: 1 },
  fields: {
    properties: {
      pairing: (both, context) => propertiesOf(both, at(context.parents, "required"), context),
      kind: () => schema,
      place: (path, { name }) => join(path, step(name)),
      thing: "property",
      changed: () => "schema changed",
    },
    required: (both, { parents }) => newlyRequired(both, at(parents, "properties")),
    items: inside((path) => `${path}[]`),
    additionalProperties: inside((path) => join(path, "*")),
    allOf: members("allOf", "allOf part"),
    anyOf: members("anyOf", "alternative"),
    oneOf: members("oneOf", "alternative"),
    enum: enumValues,
    discriminator: { pairing: part, kind: () => discriminator, place: (path) => path },
  },
};

const discriminator: Kind = {
  fields: {
    mapping: {
      pairing: (both, context) => (areObjects(both) ? mappingsOf(both, context) : undefined),
      kind: schema,
      place: (path, { name }) => join(path, `discriminator[${step(name)}]`),
      changed: () => "mapping changed",
      once: true,
    },
  },
};

/** The schemas of one body, or of one parameter, are placed after `separator`. */
export const bodySchema = (separator: string): Children => ({
  ...inside((path) => path),
  separator,
});

/** Undefined also if `required`, which says how a property comes, is not as OpenAPI has it. */
function propertiesOf(both: Both, required: Both, context: Context): Child[] | undefined {
  const names = namesIn(required);
  if (!names) return undefined;
  return entries(both, context)?.map((child) => ({
    ...child,
    need: names.after.has(child.name) ? "required" : "optional",
  }));
}

function newlyRequired(
  required: Both,
  { before = {}, after = {} }: Both,
): Difference[] | undefined {
  const names = namesIn(required);
  const properties = { before, after };
  if (!names || !areObjects(properties)) return undefined;
  return [
    ...gained(names, properties, "now required"),
    ...gained(swapped(names), swapped(properties), "no longer required"),
  ];
}

/** The names that only the second list has, but for those whose property is as new. */
const gained = (names: Both<Set<string>>, properties: Both<JsonObject>, fact: Fact): Difference[] =>
  [...names.after]
    .filter((name) => {
      const { before, after } = at(properties, name);
      return !names.before.has(name) && (before !== undefined || after === undefined);
    })
    .map((name) => ({ fact, place: (path) => join(path, step(name)) }));

const swapped = <T>({ before, after }: Both<T>): Both<T> => ({ before: after, after: before });

function namesIn({ before, after }: Both): Both<Set<string>> | undefined {
  const names = { before: strings(before), after: strings(after) };
  return names.before && names.after && { before: names.before, after: names.after };
}

function strings(list: Json = []): Set<string> | undefined {
  if (!Array.isArray(list)) return undefined;
  const found = list.filter((item) => typeof item === "string");
  return found.length === list.length ? new Set(found) : undefined;
}

function enumValues({ before, after }: Both): Difference[] | undefined {
  if (!Array.isArray(before) || !Array.isArray(after)) return undefined;
  return [
    ...onlyIn(before, after, "enum value removed"),
    ...onlyIn(after, before, "enum value added"),
  ];
}

/** Equal members belong together, whatever their order; the others by position. */
function membersOf({ before, after }: Both): Child[] | undefined {
  if (!Array.isArray(before) || !Array.isArray(after)) return undefined;
  const equals = new Map<string, number[]>();
  for (const [index, member] of after.entries()) {
    const text = JSON.stringify(member);
    const indexes = equals.get(text);
    if (indexes) indexes.push(index);
    else equals.set(text, [index]);
  }
  const partners = before.map((member) => equals.get(JSON.stringify(member))?.shift());
  const paired = new Set(partners);
  const rest = [...after.keys()].filter((index) => !paired.has(index));
  return [
    ...before.map((member, index) => {
      const partner = partners[index] ?? rest.shift();
      if (partner === undefined) return { name: String(index), before: member, after: undefined };
      return { name: String(partner), before: member, after: after[partner] };
    }),
    ...rest.map((index) => ({ name: String(index), before: undefined, after: after[index] })),
  ];
}

/** The mappings, each as a reference if both documents have that schema. */
function mappingsOf(both: Both, context: Context): Child[] | undefined {
  return entries(both, context)?.flatMap((child) => {
    const { name, before, after } = child;
    if (typeof before !== "string" || before !== after) return [child];
    const $ref = before.startsWith("#") ? before : `#/components/schemas/${before}`;
    return context.references.before.component($ref) && context.references.after.component($ref)
      ? [{ name, before: { $ref }, after: { $ref } }]
      : [];
  });
}

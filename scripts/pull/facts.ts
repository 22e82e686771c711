import { hash } from "node:crypto";
import { isObject, type Json, type JsonObject, valueAt } from "../lib/json.ts";
import { entriesOf, listOf, methods, parametersIn, resolve, zoneName } from "../lib/openapi.ts";
import { bumpFor, type Direction } from "./bump-rules.ts";

/** What is said at a place in a document: that there is a thing, such as a property, or a value. */
export interface Fact {
  /** As in the table of bumps: "property", or the keyword of a value. */
  readonly kind: string;
  /** Finds a thing among others of its kind; values have none. */
  readonly name?: string;
  readonly value?: Json;
  readonly isNeeded?: boolean | undefined;
  readonly place: string;
  /** The id of the thing that it is part of. */
  readonly within: string;
  /** The object that says its parts, the references that lead there, and whether callers send it. */
  readonly node?: Json;
  readonly path: readonly string[];
  readonly direction: Direction;
}

/** A fact without what it has from the thing around; `step` continues the place of that. */
type Part = Partial<Fact> & { readonly kind: string; readonly step?: string };

/** Beyond these, no reference is followed, and no place grows. 500 operations need 4 million. */
const most = { characters: 6_000_000, references: 100, place: 1100 };

/**
 * All that a document says, a thing before its parts, by ids that are the same in another document.
 * What a reference leads to is said wherever it is used, but where it leads back, or too far.
 */
export function factsOf(document: JsonObject): Map<string, Fact> {
  const outside = { within: "", place: "", path: [], direction: "request" } as const;
  const root: Fact = { ...outside, kind: "document", name: "", node: document };
  const facts = new Map([["", root]]);
  let characters = 0;
  const add = (part: Part, id: string, around: Fact): void => {
    const { path, direction, place } = around;
    const { kind, name, step = "" } = part;
    // What a reference leads to is part of the thing that refers.
    const within = around.name === undefined ? around.within : id;
    const key = `${within} ${name === undefined} ${kind} ${name ?? step}`;
    characters += key.length;
    const digest = hash("sha256", key);
    let nth = 0;
    while (facts.has(`${digest} ${nth}`)) nth++;
    const whole = place.length < most.place ? place + step : place;
    facts.set(`${digest} ${nth}`, { path, direction, ...part, within, place: whole });
  };
  for (const [id, fact] of facts) {
    const isEnough = characters > most.characters || fact.path.length > most.references;
    for (const part of partsOf(fact, document, isEnough)) add(part, id, fact);
  }
  for (const part of componentsOf(document, facts)) add(part, "", root);
  return facts;
}

function partsOf(fact: Fact, document: JsonObject, isEnough: boolean): Part[] {
  const { node, path } = fact;
  if (node === undefined) return [];
  const $ref = path.at(-1);
  if ($ref !== undefined) {
    const back = path.length - 1 - path.indexOf($ref);
    if (back > 0) return [{ kind: "recursion", value: back }];
    if (isEnough) return [{ kind: "definition", value: { $ref } }];
  }
  if (!isObject(node)) return [{ kind: "definition", value: node }];
  return entriesOf(node).flatMap(([keyword, value]) => {
    if (value === false && falseByDefault.test(keyword)) return [];
    const read = Object.hasOwn(readers, keyword) ? readers[keyword] : undefined;
    return read?.(value, fact, document) ?? [{ kind: keyword, value }];
  });
}

/** Without a value, these keywords are false (OpenAPI 3.0, sections 4.7.12, 4.7.13 and 4.7.24). */
const falseByDefault =
  /^(required|deprecated|nullable|readOnly|writeOnly|uniqueItems|allow\w+|exclusive\w+)$/;

/** What a keyword says; undefined if its value is not as OpenAPI has it. */
type Reader = (value: Json, fact: Fact, document: JsonObject) => Part[] | undefined;

const each =
  (make: (name: string, node: Json, fact: Fact, document: JsonObject) => Part | Part[]): Reader =>
  (value, fact, document) =>
    typeof value === "object" && value !== null
      ? Object.entries(value).flatMap(([name, node]) => make(name, node, fact, document))
      : undefined;

function one(kind: string, step: string): Reader {
  return (node) => (isObject(node) ? [{ kind, name: "", step, value: node, node }] : undefined);
}

/** Each is known by its reference, title or type, and by its position among those of the same. */
const members = (kind: string, stepTo: (index: string) => string): Reader =>
  each((index, node) => {
    const name = valueAt(node, ["$ref"]) ?? valueAt(node, ["title"]) ?? valueAt(node, ["type"]);
    return { kind, name: `${stepTo("")} ${name}`, step: stepTo(index), value: node, node };
  });

/** A keyword has one meaning wherever it stands. One that is not here has a value. */
const readers: { readonly [keyword: string]: Reader } = {
  $ref($ref, { path, isNeeded }, document) {
    const [, , section = "", name = ""] = String($ref).split("/");
    const node = valueAt(document, ["components", section, name]) ?? null;
    return [{ kind: "reference", value: name, isNeeded, node, path: [...path, String($ref)] }];
  },
  info: each((kind, value) => ({ kind, value, step: `info.${kind}` })),
  servers(servers) {
    const zones = listOf(servers).map((node) => {
      const url = String(valueAt(node, ["url"]));
      const name = URL.canParse(url) ? zoneName(url) : url;
      return { kind: "zone", name, step: `zone ${name}`, node };
    });
    return [...zones, { kind: "zones", value: zones.map(({ name }) => name), step: "zones" }];
  },
  components: each((section, all) =>
    (section === "securitySchemes" ? entriesOf(all) : []).map(([name, node]) => ({
      ...{ kind: "security scheme", name, step: `security scheme ${name}`, node },
    })),
  ),
  paths: each((path, item) => {
    const said = entriesOf(item).map(([key, node]): Part => {
      if (!methods.includes(key)) return { kind: key, value: node, step: path };
      const step = `${key.toUpperCase()} ${path}`;
      // To a server, paths that differ in names of parameters are the same (section 4.7.8.1).
      return { kind: "operation", name: step.replace(/\{[^{}]*\}/g, "{}"), step, node };
    });
    return said.length > 0 ? said : [{ kind: path, value: item, step: "paths" }];
  }),

  parameters: each((_, node, { place }, document) => {
    const target = resolve(document, node);
    const [where, name] = [String(valueAt(target, ["in"])), String(valueAt(target, ["name"]))];
    // A parameter of the path is found by its position there, whatever its name.
    const key = where === "path" ? parametersIn(place).indexOf(name) : name;
    const found = { kind: "parameter", name: `${where} ${key}`, step: ` · ${where} ${name}` };
    return { ...found, isNeeded: valueAt(target, ["required"]) === true, node };
  }),
  requestBody(node, _, document) {
    const isNeeded = valueAt(resolve(document, node), ["required"]) === true;
    return [{ kind: "request body", name: "", step: " · request", isNeeded, node }];
  },
  responses: each((status, node) => ({
    ...{ kind: "response status", name: status, step: ` · ${status}`, direction: "response", node },
  })),
  headers: each((name, node) => ({ kind: "header", name, step: ` · header ${name}`, node })),
  content: each((type, node) => {
    const step = type === "application/json" ? " · " : ` · ${type} · `;
    return { kind: "media type", name: type, step, value: type, node };
  }),
  schema: one("schema", ""),
  security(security) {
    const step = " · security";
    const [only, ...others] = listOf(security);
    const [[scheme, scopes] = [security, null], ...more] = entriesOf(only);
    // Alternatives and combinations count as a whole.
    if (others.length + more.length > 0) return [{ kind: "security", value: security, step }];
    const names = listOf(scopes).map(String);
    const required = names.map((name) => ({ kind: "required scope", name, value: name, step }));
    return [{ kind: "security", value: scheme, step }, ...required];
  },

  properties(properties, { node: owner }) {
    if (!isObject(properties)) return undefined;
    const required = new Set(listOf(valueAt(owner, ["required"])));
    const named = entriesOf(properties).map(([name, node]): Part => {
      const isNeeded = required.has(name);
      return { kind: "property", name, step: `.${name}`, isNeeded, node };
    });
    // Without any, every property may be sent and read.
    return named.length > 0 ? [{ kind: "properties", value: "named" }, ...named] : named;
  },
  required(required, { node, isNeeded }) {
    if (!Array.isArray(required)) return required === true && isNeeded ? [] : undefined;
    const elsewhere = required.map(String).filter((name) => !valueAt(node, ["properties", name]));
    return elsewhere.map((name) => ({ kind: "property", name, step: `.${name}`, isNeeded: true }));
  },
  items: one("items", "[]"),
  additionalProperties: one("additionalProperties", ".*"),
  allOf: members("allOf part", () => ""),
  anyOf: members("alternative", (index) => `.anyOf[${index}]`),
  oneOf: members("alternative", (index) => `.oneOf[${index}]`),
  enum: (values) => [{ kind: "enum", name: "", value: values, node: { "enum value": values } }],
  "enum value": each((_, value) => ({ kind: "enum value", name: JSON.stringify(value), value })),
};

/** The components that no reference leads to, and those that a value names: they count as a whole. */
function componentsOf(document: JsonObject, facts: ReadonlyMap<string, Fact>): Part[] {
  const sections = entriesOf(document["components"]);
  const placed = new Set<Json | undefined>();
  const used = new Set<string>();
  for (const { kind, name, value, node, direction } of facts.values()) {
    placed.add(node);
    const isCounted = name === undefined && bumpFor(`${kind} changed`, direction) !== "patch";
    if (isCounted) for (const named of namesIn(value)) used.add(named);
  }
  for (const name of used)
    for (const [, components] of sections)
      for (const inner of namesIn(valueAt(components, [name]))) used.add(inner);
  return sections.flatMap(([section, components]) =>
    entriesOf(components).flatMap(([name, value]): Part[] => {
      const step = `component ${section}.${name}`;
      if (used.has(name)) return [{ kind: "used component", value, step }];
      return placed.has(value) ? [] : [{ kind: "component", value, step }];
    }),
  );
}

/** By a reference, or in the mapping of a discriminator. */
const namesIn = (value: Json | undefined): string[] =>
  (typeof value === "object" && JSON.stringify(value).match(/(?<=\/|:")[\w.-]+(?=")/g)) || [];

import { isObject, type Json, type JsonObject, valueAt } from "../lib/json.ts";
import {
  entriesOf,
  listOf,
  methods,
  parametersIn,
  refOf,
  resolve,
  zoneName,
} from "../lib/openapi.ts";
import { order } from "../lib/text.ts";
import type { Difference, Direction } from "./bump-rules.ts";

/** Something that a document says: that there is an operation, a property, a type. */
export interface Fact {
  /** Finds it among its siblings in another document. */
  readonly key: string;
  /** Those of one list that no key finds are taken for one another in order. */
  readonly list?: string;
  /** Its place, as a continuation of the place of what it is part of. */
  readonly step: string;
  /** What is said when it comes or goes. */
  readonly added?: Difference;
  readonly removed?: Difference;
  /** What is said when its value differs. */
  readonly changed?: Difference;
  readonly value?: Json;
  /** Where an operation or a response begins: whether callers send its parts or receive them. */
  readonly direction?: Direction;
  /** What holds at its place alone; its parts hold wherever references lead to them. */
  readonly beside?: readonly Fact[];
  /** The object that its parts describe; references may lead there from several places. */
  readonly node?: JsonObject;
  /** Made on demand, because references may lead round in circles. */
  readonly parts?: () => Fact[];
}

/** The document, and the path of the operation. */
interface Source {
  readonly document: JsonObject;
  readonly path?: string;
}

/** What a document says, but for its components, which count where they are referred to. */
export const factsOf = (document: JsonObject): Fact[] => factsIn(document, { document });

/** The components, each by its name. */
export function componentsOf(document: JsonObject): Fact[] {
  // By a reference, or by a plain name in the mapping of a discriminator.
  const mentioned = new Set(JSON.stringify(document).match(/(?<=\/|:")[\w.-]+(?=")/g));
  return entriesOf(document["components"]).flatMap(([section, components]) =>
    (section === "securitySchemes" ? [] : entriesOf(components)).map(([name, value]): Fact => {
      const isUsed = mentioned.has(name) && section !== "examples" && !refOf(value);
      const changed = isUsed ? "used component redefined" : "component redefined";
      const head = { ...named("component", `${section}.${name}`), changed, value } as const;
      return isObject(value) ? { ...head, node: value } : head;
    }),
  );
}

/** Without a value, these keywords are false (OpenAPI 3.0, sections 4.7.12, 4.7.13 and 4.7.24). */
const falseByDefault = new Set([
  ...["required", "deprecated", "allowEmptyValue", "allowReserved", "nullable", "readOnly"],
  ...["writeOnly", "exclusiveMinimum", "exclusiveMaximum", "uniqueItems"],
]);

function factsIn(object: JsonObject, from: Source): Fact[] {
  return entriesOf(object).flatMap(([keyword, value]) => {
    if (value === false && falseByDefault.has(keyword)) return [];
    const read = Object.hasOwn(readers, keyword) ? readers[keyword] : undefined;
    return read?.(value, from, object) ?? [whole(`${keyword} changed`, value)];
  });
}

/** A value that counts as a whole. */
const whole = (changed: Difference, value: Json, step = ""): Fact => ({
  ...{ key: `${changed} ${step}`, step, changed, value },
});

/** What stands at a place, itself or by a reference, and facts of that place alone. */
function thing(head: Fact, value: Json, from: Source, beside: Fact[] = []): Fact {
  const node = resolve(from.document, value);
  if (!isObject(value) || !isObject(node))
    return { ...head, beside: [whole("definition changed", value)] };
  const reference = node === value ? [] : entriesOf(value).map(besideReference);
  return { ...head, beside: [...beside, ...reference], node, parts: () => factsIn(node, from) };
}

const besideReference = ([key, value]: [string, Json]): Fact =>
  key === "$ref"
    ? whole("reference replaced", String(value).replace(/.*\//, ""))
    : whole(`${key} changed`, value);

/** How something is found and placed, and what is said when it comes or goes. */
function named(name: string, key: string, step = `${name} ${key}`, isNeeded?: boolean): Fact {
  const need = isNeeded === undefined ? "" : isNeeded ? "required " : "optional ";
  const said = { added: `${need}${name} added`, removed: `${name} removed` } as const;
  return { key: `${name} ${key}`, step, ...said };
}

const need = (step = ""): Fact => ({
  ...{ key: `need ${step}`, step, added: "now required", removed: "no longer required" },
});

const isNeeded = (value: Json, { document }: Source): boolean =>
  valueAt(resolve(document, value), ["required"]) === true;

/** The facts in the value of a keyword; undefined if the value is not as OpenAPI has it. */
type Reader = (value: Json, from: Source, owner: JsonObject) => Fact[] | undefined;

const each =
  (make: (name: string, value: Json, from: Source) => Fact | Fact[]): Reader =>
  (map, from) =>
    isObject(map) ? entriesOf(map).flatMap(([key, value]) => make(key, value, from)) : undefined;

const eachItem =
  (make: (item: Json, from: Source, index: number) => Fact): Reader =>
  (list, from) =>
    Array.isArray(list) ? list.map((item, index) => make(item, from, index)) : undefined;

const one =
  (name: string, step: string): Reader =>
  (value, from) =>
    isObject(value) ? [thing({ ...named(name, "", step), value }, value, from)] : undefined;

const members = (name: string, list: string, stepOf: (index: number) => string): Reader =>
  eachItem((value, from, index) => {
    const head = named(name, `${list} ${JSON.stringify(value)}`, stepOf(index));
    return thing({ ...head, list, value }, value, from);
  });

const namesIn = (list: Json | undefined): string[] | undefined =>
  Array.isArray(list) && list.every((name) => typeof name === "string") ? list : undefined;

const zones = eachItem((server, from) => {
  const url = String(valueAt(server, ["url"]));
  return thing(named("zone", URL.canParse(url) ? zoneName(url) : url), server, from);
});

const byText = (one: Json, other: Json): number =>
  order(JSON.stringify(one), JSON.stringify(other));

/** A property as a step, quoted if it could be read as something else. */
const stepTo = (name: string): string =>
  `.${/^[\p{L}\p{N}_$@:-]+$/u.test(name) ? name : JSON.stringify(name)}`;

/** A keyword has one meaning wherever it stands. The value of one that is not here counts as a whole. */
const readers: { readonly [keyword: string]: Reader } = {
  info: each((key, value) => whole(`${key} changed`, value, `info.${key}`)),
  servers(servers, from, owner) {
    const facts = zones(servers, from, owner);
    const order = facts?.map(({ step }) => step) ?? [];
    return facts?.concat(whole("zones changed", order, "zones"));
  },
  tags: (tags) => [whole("tags changed", [...listOf(tags)].sort(byText))],
  paths: each(operationsOf),
  components: each((section, components, from) =>
    (section === "securitySchemes" ? entriesOf(components) : []).map(([name, value]) =>
      thing(named("security scheme", name), value, from),
    ),
  ),

  parameters: eachItem((value, from) => {
    const node = resolve(from.document, value);
    const [place, name] = [String(valueAt(node, ["in"])), String(valueAt(node, ["name"]))];
    // A parameter of the path is found by its position there, whatever its name.
    const key = place === "path" ? parametersIn(from.path ?? "").indexOf(name) : name;
    const step = ` · ${place} ${name}`;
    return thing(named("parameter", `${place} ${key}`, step, isNeeded(value, from)), value, from);
  }),
  requestBody: (value, from) => [
    thing(named("request body", "", " · request", isNeeded(value, from)), value, from),
  ],
  responses: each((status, value, from) => {
    const head = named("response status", status, ` · ${status}`);
    return thing({ ...head, direction: "response" }, value, from);
  }),
  headers: each((name, value, from) =>
    thing(named("header", name, ` · header ${name}`), value, from),
  ),
  content: each((type, value, from) => {
    const step = type === "application/json" ? " · " : ` · ${type} · `;
    return thing({ ...named("media type", type, step), value: type }, value, from);
  }),
  schema: one("schema", ""),
  security,

  properties(properties, from, { required }) {
    const needed = new Set(namesIn(required));
    return each((name, value) => {
      const head = named("property", name, stepTo(name), needed.has(name));
      return thing(head, value, from, needed.has(name) ? [need()] : []);
    })(properties, from, {});
  },
  required(required, _, { properties }) {
    if (required === true) return [need()];
    const elsewhere = namesIn(required)?.filter((it) => valueAt(properties, [it]) === undefined);
    return elsewhere?.map((name) => need(stepTo(name)));
  },
  items: one("items", "[]"),
  additionalProperties: one("additionalProperties", ".*"),
  allOf: members("allOf part", "allOf", () => ""),
  anyOf: members("alternative", "anyOf", (index) => `.anyOf[${index}]`),
  oneOf: members("alternative", "oneOf", (index) => `.oneOf[${index}]`),
  enum(values) {
    if (!Array.isArray(values)) return undefined;
    const parts = () =>
      values.map((value) => ({ ...named("enum value", JSON.stringify(value), ""), value }));
    return [{ ...named("enum", "", ""), value: values, parts }];
  },
};

function operationsOf(path: string, item: Json, from: Source): Fact[] {
  const isOperation = ([key]: [string, Json]): boolean => methods.includes(key);
  const operations = entriesOf(item).filter(isOperation);
  if (operations.length === 0) return [whole(`${path} changed`, item, "paths")];
  const others = Object.fromEntries(entriesOf(item).filter((entry) => !isOperation(entry)));
  const beside = factsIn(others, from);
  return operations.map(([key, operation]) => {
    const method = key.toUpperCase();
    // To a server, paths that differ in names of parameters are the same (section 4.7.8.1).
    const shape = path.replace(/\{[^{}]*\}/g, "{}");
    const head = named("operation", `${method} ${shape}`, `${method} ${path}`);
    return thing({ ...head, direction: "request" }, operation, { ...from, path }, beside);
  });
}

/** The scopes of a single scheme come and go; alternatives and combinations count as a whole. */
function security(security: Json): Fact[] {
  const [only, ...others] = listOf(security);
  const [[scheme, list] = ["", null], ...more] = entriesOf(only);
  const scopes = others.length + more.length === 0 ? namesIn(list) : undefined;
  const step = " · security";
  const said = { added: "scope now required", removed: "scope no longer required" } as const;
  const required = whole("security changed", scopes ? scheme : security, step);
  return [
    required,
    ...(scopes ?? []).map((value) => ({ ...said, key: `scope ${value}`, step, value })),
  ];
}

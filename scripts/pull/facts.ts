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
import type { Difference } from "./bump-rules.ts";

/** Something that a document says: that there is an operation, a property, a type. */
export interface Fact {
  /** Finds it among its siblings in another document. */
  readonly key: string;
  /** Its place, as a continuation of the place of what it is part of. */
  readonly step: string;
  /** What is said when it comes or goes. Without these it is always there, if only empty. */
  readonly added?: Difference;
  readonly removed?: Difference;
  /** What is said when its value differs. */
  readonly changed?: Difference;
  /** It is shown with whatever is said. */
  readonly value?: Json;
  /** Those of one list that no key finds are taken for one another in order. */
  readonly list?: string;
  /** Its parts are what callers receive. */
  readonly isReceived?: boolean;
  /** The object that its parts describe; references may lead there from several places. */
  readonly node?: JsonObject;
  /** It counts only where this value is compared at no place. */
  readonly unless?: Json;
  /** Made on demand, because references may lead round in circles. */
  readonly parts: () => Fact[];
}

/** The meaning of a value that is not there (OpenAPI 3.0, sections 4.7.12, 4.7.13 and 4.7.24). */
export const unsaid: ReadonlyMap<Difference, Json> = new Map<Difference, Json>([
  ...["required", "deprecated", "allowEmptyValue", "allowReserved", "nullable", "readOnly"]
    .concat("writeOnly", "exclusiveMinimum", "exclusiveMaximum", "uniqueItems")
    .map((keyword): [Difference, Json] => [`${keyword} changed`, false]),
  ["reference replaced", "inline"],
]);

/** The document, the one that it is compared with, and the path of the operation. */
interface Source {
  readonly document: JsonObject;
  readonly other: JsonObject;
  readonly path?: string;
}

/** What a document says, to be compared with what the other says. */
export const factsOf = (document: JsonObject, other: JsonObject): Fact =>
  part("", () => factsIn(document, { document, other }));

const part = (step: string, parts: () => Fact[] = () => []): Fact => ({ key: step, step, parts });

function factsIn(object: JsonObject, from: Source): Fact[] {
  return entriesOf(object).flatMap(([keyword, value]) => {
    const read = Object.hasOwn(readers, keyword) ? readers[keyword] : undefined;
    return read?.(value, from, object) ?? [whole(`${keyword} changed`, value, from)];
  });
}

/** What stands at a place, itself or by a reference. */
function thing(head: Omit<Fact, "parts">, value: Json, from: Source, ...more: Fact[]): Fact {
  const parts = (): Fact[] => {
    if (!isObject(value)) return [whole("definition changed", value, from)];
    const beside = refOf(value) === undefined ? more : [...more, ...factsIn(value, from)];
    const node = resolve(from.document, value);
    return isObject(node) ? [...beside, { ...part("", () => factsIn(node, from)), node }] : beside;
  };
  return { ...head, parts };
}

/** A value that counts as a whole, with the components that it refers to, and they in turn. */
function whole(changed: Difference, value: Json, { document }: Source, step = ""): Fact {
  const values = [value];
  const found = new Set<string>();
  for (const one of typeof value === "object" ? values : []) {
    for (const [, $ref = ""] of JSON.stringify(one).matchAll(/"\$ref":"(#[^"]+)"/g)) {
      if (!found.has($ref)) values.push(resolve(document, { $ref }) ?? null);
      found.add($ref);
    }
  }
  const all = values.length === 1 ? value : values;
  return { ...part(step), key: `${changed} ${step}`, changed, value: all };
}

/** How something is found and placed, and what is said when it comes or goes. */
function named(name: string, key: string, step = `${name} ${key}`, isNeeded?: boolean) {
  const need = isNeeded === undefined ? "" : isNeeded ? "required " : "optional ";
  const said = { added: `${need}${name} added`, removed: `${name} removed` } as const;
  return { key: `${name} ${key}`, step, ...said };
}

const need = (step = ""): Fact => ({
  ...{ ...part(step), key: `need ${step}` },
  ...{ added: "now required", removed: "no longer required" },
});

const isNeeded = (value: Json, { document }: Source): boolean =>
  valueAt(resolve(document, value), ["required"]) === true;

/** The facts in the value of a keyword; undefined if the value is not as OpenAPI has it. */
type Reader = (value: Json, from: Source, owner: JsonObject) => Fact[] | undefined;

const each =
  (make: (name: string, value: Json, from: Source) => Fact | Fact[]): Reader =>
  (map, from) =>
    isObject(map) ? entriesOf(map).flatMap(([key, value]) => make(key, value, from)) : undefined;

/** Each item of the list has to make something. */
const eachItem =
  (make: (item: Json, from: Source, index: number) => Fact | undefined): Reader =>
  (list, from) => {
    const facts = listOf(list).flatMap((item, index) => make(item, from, index) ?? []);
    return Array.isArray(list) && facts.length === list.length ? facts : undefined;
  };

const one =
  (name: string, step: string): Reader =>
  (value, from) =>
    isObject(value) ? [thing({ ...named(name, "", step), value }, value, from)] : undefined;

const members = (name: string, list: string, stepOf: (index: number) => string): Reader =>
  eachItem((value, from, index) => {
    const head = named(name, `${list} ${JSON.stringify(value)}`, stepOf(index));
    return thing({ ...head, list, value }, value, from);
  });

const textAt = (value: Json | undefined, key: string): string | undefined =>
  namesIn([valueAt(value, [key]) ?? null])?.[0];

const namesIn = (list: Json | undefined): string[] | undefined =>
  Array.isArray(list) && list.every((name) => typeof name === "string") ? list : undefined;

function zoneOf(server: Json): string | undefined {
  const url = textAt(server, "url");
  return url !== undefined && URL.canParse(url) ? zoneName(url) : undefined;
}

const zones = eachItem((server, from) => {
  const zone = zoneOf(server);
  return zone === undefined ? undefined : thing(named("zone", zone), server, from);
});

const tags = eachItem((tag, from) => {
  const name = textAt(tag, "name");
  const redefined = whole("tag redefined", tag, from);
  return name === undefined ? undefined : { ...named("tag", name), parts: () => [redefined] };
});

/** A property as a step, quoted if it could be read as something else. */
const stepTo = (name: string): string =>
  `.${/^[\p{L}\p{N}_$@:-]+$/u.test(name) ? name : JSON.stringify(name)}`;

/** A keyword has one meaning wherever it stands. One that is not here has a value. */
const readers: { readonly [keyword: string]: Reader } = {
  info: each((key, value, from) => {
    const changed: Difference = key === "version" ? "API version updated" : `${key} changed`;
    return whole(changed, value, from, `info.${key}`);
  }),
  servers(servers, from, owner) {
    const others = listOf(from.other["servers"]).map(zoneOf);
    const order = listOf(servers).flatMap((server) => zoneOf(server) ?? []);
    const inBoth = order.filter((zone) => others.includes(zone));
    return zones(servers, from, owner)?.concat(whole("zones reordered", inBoth, from, "zones"));
  },
  tags(list, from, owner) {
    const names = namesIn(list);
    return names ? [whole("tags changed", [...names].sort(), from)] : tags(list, from, owner);
  },
  paths: each(operationsOf),
  components: each((section, components, from) =>
    isObject(components)
      ? entriesOf(components).map(([name, value]) => component(section, name, value, from))
      : whole(`${section} changed`, components, from, "components"),
  ),

  parameters: eachItem((value, from) => {
    const node = resolve(from.document, value);
    const [place, name] = [textAt(node, "in"), textAt(node, "name")];
    if (place === undefined || name === undefined) return undefined;
    // A parameter of the path is found by its position there, whatever its name.
    const position = place === "path" ? parametersIn(from.path ?? "").indexOf(name) : -1;
    const key = `${place} ${position < 0 ? name : position}`;
    return thing(
      named("parameter", key, ` · ${place} ${name}`, isNeeded(value, from)),
      value,
      from,
    );
  }),
  name: (name, from, { in: place }) => [
    whole(place === "path" ? "path parameter renamed" : "name changed", name, from),
  ],
  requestBody: (value, from) => [
    thing(named("request body", "", " · request", isNeeded(value, from)), value, from),
  ],
  responses: each((status, value, from) => {
    if (status.startsWith("x-")) return whole(`${status} changed`, value, from, " · responses");
    const head = named("response status", status, ` · ${status}`);
    return { ...thing(head, value, from), isReceived: true };
  }),
  headers: each((name, value, from) =>
    thing(named("header", name, ` · header ${name}`), value, from),
  ),
  content: each((type, value, from) => {
    const step = type === "application/json" ? " · " : ` · ${type} · `;
    return { ...thing(named("media type", type, step), value, from), value: type };
  }),
  schema: one("schema", ""),
  security,

  properties(properties, from, { required }) {
    const needed = new Set(namesIn(required));
    return each((name, value) => {
      const head = named("property", name, stepTo(name), needed.has(name));
      return thing(head, value, from, ...(needed.has(name) ? [need()] : []));
    })(properties, from, {});
  },
  required(required, _, { properties }) {
    if (typeof required === "boolean") return required ? [need()] : [];
    const elsewhere = namesIn(required)?.filter((it) => valueAt(properties, [it]) === undefined);
    return elsewhere?.map((name) => need(stepTo(name)));
  },
  items: one("items", "[]"),
  additionalProperties: one("additionalProperties", ".*"),
  allOf: members("allOf part", "allOf", () => ""),
  anyOf: members("alternative", "anyOf", (index) => `.anyOf[${index}]`),
  oneOf: members("alternative", "oneOf", (index) => `.oneOf[${index}]`),
  enum(values) {
    const head = { ...named("enum", "", ""), value: values };
    const valueOf = (value: Json): Fact => ({
      ...part(""),
      ...{ ...named("enum value", JSON.stringify(value), ""), value },
    });
    return Array.isArray(values) ? [{ ...head, parts: () => values.map(valueOf) }] : undefined;
  },
  discriminator: each((key, value, from) => whole(`${key} changed`, value, from)),
  $ref: (reference, from) => {
    const name = typeof reference === "string" ? reference.replace(/.*\//, "") : reference;
    return [whole("reference replaced", name, from)];
  },
};

function operationsOf(path: string, item: Json, from: Source): Fact[] {
  if (!isObject(item) || path.startsWith("x-")) {
    return [whole(`${path} changed`, item, from, "paths")];
  }
  const isMethod = ([key]: [string, Json]): boolean => methods.includes(key);
  const operations = entriesOf(item).filter(isMethod);
  const others = Object.fromEntries(entriesOf(item).filter((entry) => !isMethod(entry)));
  const around = part("", () => factsIn(others, from));
  if (operations.length === 0) return [{ ...around, ...named("path", path, path) }];
  return operations.map(([key, operation]) => {
    const method = key.toUpperCase();
    // To a server, paths that differ in names of parameters are the same (section 4.7.8.1).
    const shape = path.replace(/\{[^{}]*\}/g, "{}");
    const head = named("operation", `${method} ${shape}`, `${method} ${path}`);
    return thing(head, operation, { ...from, path }, { ...around, key: "path" });
  });
}

/** The scopes of a single scheme come and go; alternatives and combinations count as a whole. */
function security(security: Json, from: Source): Fact[] {
  const [only, ...others] = listOf(security);
  const [[scheme, list] = ["", null], ...more] = entriesOf(only);
  const scopes = others.length + more.length === 0 ? namesIn(list) : undefined;
  const said = { added: "scope now required", removed: "scope no longer required" } as const;
  const parts = scopes?.map((value): Fact => ({ ...part(""), ...said, key: value, value })) ?? [];
  const required = whole("security changed", scopes ? scheme : security, from);
  return [part(" · security", () => [required, ...parts])];
}

/** Names of components are not exported: a component counts where it is referred to. */
function component(section: string, name: string, value: Json, from: Source): Fact {
  if (section === "securitySchemes") return thing(named("security scheme", name), value, from);
  const redefined = { changed: "component redefined", value, unless: value } as const;
  return {
    ...named("component", `${section}.${name}`),
    parts: () => [{ ...part(""), ...redefined }],
  };
}

import fc from "fast-check";
import type { Json, JsonObject } from "../../scripts/lib/json.js";
import type { Bump } from "../../scripts/pull/bump-rules.js";

/** A schema as a tree; a shared one is written as a component and referred to. */
interface Node {
  id: number;
  kind: "string" | "array" | "object" | "loop";
  shared: boolean;
  keywords: JsonObject;
  items: Node[];
  properties: { name: string; required: boolean; node: Node }[];
  /** The shared schema around it to which a loop refers. */
  target?: number;
}

interface Operation {
  name: string;
  path: string;
  pathParameter: string;
  keywords: JsonObject;
  scopes: string[];
  parameters: { name: string; required: boolean; node: Node }[];
  body: { required: boolean; node: Node }[];
  responses: { status: string; description: string; node: Node }[];
}

export interface Model {
  info: JsonObject;
  zones: string[];
  scheme: JsonObject;
  unused: JsonObject;
  operations: Operation[];
}

/** A change to a model, the place at which it must be reported, and the bump it calls for. */
export interface Edit {
  where: string;
  bump: Exclude<Bump, "none">;
  make: () => unknown;
  /** Places that may be reported along with it. */
  also?: RegExp;
}

const { node: anyNode } = fc.letrec<{ node: Node; string: Node }>((tie) => {
  const shape = (kind: Node["kind"], items: fc.Arbitrary<Node[]>, children: fc.Arbitrary<Node[]>) =>
    fc
      .record({
        shared: fc.boolean(),
        nullable: fc.boolean(),
        enumerated: fc.boolean(),
        items,
        children,
        required: fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
      })
      .map(({ shared, nullable, enumerated, children, required, ...rest }): Node => ({
        id: 0,
        kind,
        shared,
        keywords: {
          ...(nullable && { nullable }),
          ...(enumerated && kind === "string" && { enum: ["x", "y"] }),
        },
        properties: children.map((node, index) => ({
          name: `p${index}`,
          required: required[index] ?? false,
          node,
        })),
        ...rest,
      }));
  const none = fc.constant<Node[]>([]);
  return {
    string: shape("string", none, none),
    node: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      tie("string"),
      shape("loop", none, none),
      shape("array", fc.array(tie("node"), { minLength: 1, maxLength: 1 }), none),
      shape("object", none, fc.array(tie("node"), { maxLength: 3 })),
    ),
  };
});

const anyOperation: fc.Arbitrary<Operation> = fc.record({
  name: fc.constantFrom("get", "put", "post", "delete", "patch"),
  path: fc.constant(""),
  pathParameter: fc.constant("id"),
  keywords: fc.record({ summary: fc.constantFrom("One", "Two"), tags: fc.constant(["a", "b"]) }),
  scopes: fc.constantFrom([], ["a:read"], ["a:read", "a:write"]),
  parameters: fc.uniqueArray(
    fc.record({ name: fc.constantFrom("q", "r", "s"), required: fc.boolean(), node: anyNode }),
    { selector: ({ name }) => name },
  ),
  body: fc.array(fc.record({ required: fc.boolean(), node: anyNode }), { maxLength: 1 }),
  responses: fc.uniqueArray(
    fc.record({
      status: fc.constantFrom("200", "404", "default"),
      description: fc.constant("Yes"),
      node: anyNode,
    }),
    { selector: ({ status }) => status, minLength: 1 },
  ),
});

export const anyModel: fc.Arbitrary<Model> = fc
  .record({
    info: fc.constant<JsonObject>({ title: "API", version: "1.0.0" }),
    zones: fc.constantFrom(["eu1", "us1", "eu2"], ["us2", "us1", "eu1", "eu2"]),
    scheme: fc.constant<JsonObject>({ type: "apiKey", in: "header", name: "Authorization" }),
    unused: fc.constant<JsonObject>({ type: "object" }),
    operations: fc.array(anyOperation, { minLength: 1, maxLength: 3 }),
  })
  .map((drawn) => {
    // What fast-check draws may be shared between places; a model is a tree.
    const model = structuredClone(JSON.parse(JSON.stringify(drawn)) as Model);
    let id = 0;
    const number = (node: Node, around?: number): void => {
      node.id = id++;
      if (node.kind === "loop") {
        node.shared = false;
        if (around === undefined) node.kind = "string";
        else node.target = around;
      }
      const inner = node.shared ? node.id : around;
      for (const child of [...node.items, ...node.properties.map((property) => property.node)]) {
        number(child, inner);
      }
    };
    model.operations.forEach((operation, index) => (operation.path = `/o${index}`));
    model.operations.forEach(({ parameters, body, responses }) =>
      [...parameters, ...body, ...responses].forEach(({ node }) => number(node)),
    );
    return model;
  });

const pathOf = ({ path, pathParameter }: Operation): string => `${path}/{${pathParameter}}`;

export function documentOf(model: Model): JsonObject {
  const schemas: JsonObject = { Unused: model.unused };
  const write = (node: Node): JsonObject => {
    if (node.kind === "loop") return { $ref: `#/components/schemas/S${node.target}` };
    const required = node.properties.filter((property) => property.required);
    const schema: JsonObject = {
      type: node.kind,
      ...node.keywords,
      ...(node.items[0] && { items: write(node.items[0]) }),
      ...(node.properties.length > 0 && {
        properties: Object.fromEntries(node.properties.map((p) => [p.name, write(p.node)])),
      }),
      ...(required.length > 0 && { required: required.map(({ name }) => name) }),
    };
    if (!node.shared) return schema;
    schemas[`S${node.id}`] = schema;
    return { $ref: `#/components/schemas/S${node.id}` };
  };
  const content = (node: Node): Json => ({ "application/json": { schema: write(node) } });
  const paths = model.operations.map((operation): [string, Json] => [
    pathOf(operation),
    {
      [operation.name]: {
        ...operation.keywords,
        parameters: [
          { name: operation.pathParameter, in: "path", required: true, schema: { type: "string" } },
          ...operation.parameters.map(({ name, required, node }) => ({
            name,
            in: "query",
            ...(required && { required }),
            schema: write(node),
          })),
        ],
        ...(operation.body[0] && {
          requestBody: {
            ...(operation.body[0].required && { required: true }),
            content: content(operation.body[0].node),
          },
        }),
        responses: Object.fromEntries(
          operation.responses.map(({ status, description, node }) => [
            status,
            { description, content: content(node) },
          ]),
        ),
        security: [{ token: operation.scopes }],
      },
    },
  ]);
  return structuredClone({
    openapi: "3.0.0",
    info: model.info,
    servers: model.zones.map((zone) => ({ url: `https://${zone}.make.com/api/v2` })),
    paths: Object.fromEntries(paths),
    components: { schemas, securitySchemes: { token: model.scheme } },
  });
}

type Direction = "request" | "response";

const edit = (where: string, bump: Edit["bump"], make: () => unknown, also?: RegExp): Edit => ({
  ...{ where, bump, make },
  ...(also && { also }),
});

/** Components may go with what refers to them. */
const goes = /^component /;

const newNode = (): Node => ({
  ...{ id: -1, kind: "string", shared: false },
  ...{ keywords: {}, items: [], properties: [] },
});

const put = (object: JsonObject, key: string, value: Json) => () => void (object[key] = value);

const remove =
  <T>(list: T[], item: T | undefined) =>
  () => {
    if (item !== undefined) list.splice(list.indexOf(item), 1);
  };

const ofRequired = (where: string, owner: { required: boolean }, direction: Direction): Edit =>
  edit(where, owner.required === (direction === "request") ? "minor" : "major", () => {
    owner.required = !owner.required;
  });

function ofNode(node: Node, place: (path: string) => string, path: string, way: Direction): Edit[] {
  if (node.kind === "loop") return [];
  const { keywords, properties } = node;
  const where = place(path);
  const at = (name: string) => (path === "" ? name : `${path}.${name}`);
  const values = keywords["enum"];
  const [more, fewer] =
    way === "request" ? (["minor", "major"] as const) : (["major", "minor"] as const);
  const looped = (inner: Node): boolean =>
    inner.target === node.id ||
    [...inner.items, ...inner.properties.map((it) => it.node)].some(looped);
  const share = () => void (node.shared = !node.shared);
  return [
    edit(where, "patch", put(keywords, "description", "New")),
    edit(where, "patch", put(keywords, "x-note", { type: "New" })),
    edit(where, "major", put(keywords, "nullable", !keywords["nullable"])),
    edit(where, "major", put(keywords, "format", "new")),
    edit(where, "major", put(keywords, "type", "integer")),
    edit(where, "major", put(keywords, "unheardOf", [])),
    ...(Array.isArray(values)
      ? [edit(where, more, () => values.unshift("new")), edit(where, fewer, () => values.pop())]
      : [edit(where, "major", put(keywords, "enum", ["new"]))]),
    ...(looped(node)
      ? []
      : [edit(where, "patch", share, new RegExp(`^component schemas\\.S${node.id}$`))]),
    ...(node.kind === "object" ? [true, false] : []).map((required) => {
      const name = `new${required}`;
      const bump = required && way === "request" ? "major" : "minor";
      return edit(place(at(name)), bump, () =>
        properties.unshift({ name, required, node: newNode() }),
      );
    }),
    ...properties.flatMap((property) => [
      ofRequired(place(at(property.name)), property, way),
      edit(place(at(property.name)), "major", remove(properties, property), goes),
      ...ofNode(property.node, place, at(property.name), way),
    ]),
    ...node.items.flatMap((item) => ofNode(item, place, `${path}[]`, way)),
  ];
}

function ofOperation(operation: Operation): Edit[] {
  const { name, keywords, scopes, parameters, body, responses } = operation;
  const where = `${name.toUpperCase()} ${pathOf(operation)}`;
  const below = (head: string) => (path: string) => (path === "" ? head : `${head} · ${path}`);
  return [
    edit(where, "patch", put(keywords, "summary", "New")),
    edit(where, "patch", put(keywords, "tags", ["b"])),
    edit(where, "patch", put(keywords, "deprecated", true)),
    edit(where, "major", put(keywords, "operationId", "new")),
    edit(`${where} · security`, "major", () => scopes.unshift("new")),
    ...scopes.slice(0, 1).map(() => edit(`${where} · security`, "minor", () => scopes.pop())),
    edit(`${where} · path ${operation.pathParameter}`, "major", () => {
      operation.pathParameter = "renamed";
    }),
    ...[true, false].map((required) => {
      const added = { name: `new${required}`, required, node: newNode() };
      const bump = required ? "major" : "minor";
      return edit(`${where} · query ${added.name}`, bump, () => parameters.unshift(added));
    }),
    ...parameters.flatMap((parameter) => {
      const here = `${where} · query ${parameter.name}`;
      const inside = (path: string) =>
        path === "" || path.startsWith("[") ? here + path : `${here}.${path}`;
      return [
        ofRequired(here, parameter, "request"),
        edit(here, "major", remove(parameters, parameter), goes),
        ...ofNode(parameter.node, inside, "", "request"),
      ];
    }),
    ...(body.length === 0 ? [true, false] : []).map((required) =>
      edit(`${where} · request`, required ? "major" : "minor", () =>
        body.push({ required, node: newNode() }),
      ),
    ),
    ...body.flatMap((only) => [
      ofRequired(`${where} · request`, only, "request"),
      edit(`${where} · request`, "major", () => body.pop(), goes),
      ...ofNode(only.node, below(`${where} · request`), "", "request"),
    ]),
    edit(`${where} · 418`, "minor", () =>
      responses.unshift({ status: "418", description: "", node: newNode() }),
    ),
    ...responses.flatMap((response) => {
      const here = `${where} · ${response.status}`;
      return [
        edit(here, "patch", () => (response.description = "New")),
        edit(here, "major", remove(responses, response), goes),
        ...ofNode(response.node, below(here), "", "response"),
      ];
    }),
  ];
}

/** Every edit that could be made to a model; making one changes the model. */
export function editsOf({ info, zones, scheme, unused, operations }: Model): Edit[] {
  const [first = "", second = "", third = ""] = zones;
  const last = operations.at(-1);
  const added = last && {
    ...structuredClone(last),
    ...{
      name: "trace",
      path: "/new",
      pathParameter: "id",
      parameters: [],
      body: [],
      responses: [],
    },
  };
  return [
    edit("info.version", "patch", put(info, "version", "2.0.0")),
    edit("info.title", "patch", put(info, "title", "New")),
    edit("info.contact", "major", put(info, "contact", {})),
    edit("zone eu9", "minor", () => zones.push("eu9")),
    edit(`zone ${third}`, "major", remove(zones, third)),
    edit("zones", "patch", () => zones.splice(0, 2, second, first)),
    edit("security scheme token", "major", put(scheme, "name", "X-Token")),
    edit("security scheme token", "patch", put(scheme, "description", "x")),
    edit("component schemas.Unused", "patch", put(unused, "type", "array")),
    ...(last && added
      ? [
          edit(
            `${last.name.toUpperCase()} ${pathOf(last)}`,
            "major",
            remove(operations, last),
            goes,
          ),
          edit("TRACE /new/{id}", "minor", () => operations.push(added)),
        ]
      : []),
    ...operations.flatMap(ofOperation),
  ];
}

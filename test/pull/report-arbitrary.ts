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
  make: () => void;
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

/** Every edit that could be made to a model; making one changes the model. */
export function editsOf(model: Model): Edit[] {
  const newNode = (): Node => ({
    id: -1,
    kind: "string",
    shared: false,
    keywords: {},
    items: [],
    properties: [],
  });
  const put = (object: JsonObject, key: string, value: Json) => () => void (object[key] = value);

  const ofRequired = (where: string, owner: { required: boolean }, direction: Direction): Edit => ({
    where,
    bump: owner.required === (direction === "request") ? "minor" : "major",
    make: () => void (owner.required = !owner.required),
  });

  function ofNode(
    node: Node,
    place: (path: string) => string,
    path: string,
    way: Direction,
  ): Edit[] {
    if (node.kind === "loop") return [];
    const where = place(path);
    const at = (name: string) => (path === "" ? name : `${path}.${name}`);
    const values = node.keywords["enum"];
    const edits: Edit[] = [
      { where, bump: "patch", make: put(node.keywords, "description", "New") },
      { where, bump: "patch", make: put(node.keywords, "x-note", { type: "New" }) },
      { where, bump: "major", make: put(node.keywords, "nullable", !node.keywords["nullable"]) },
      { where, bump: "major", make: put(node.keywords, "format", "new") },
      { where, bump: "major", make: put(node.keywords, "type", "integer") },
      { where, bump: "major", make: put(node.keywords, "unheardOf", []) },
    ];
    if (!Array.isArray(values)) {
      edits.push({ where, bump: "major", make: put(node.keywords, "enum", ["new"]) });
    } else {
      const [more, fewer] =
        way === "request" ? (["minor", "major"] as const) : (["major", "minor"] as const);
      edits.push(
        { where, bump: more, make: () => void values.unshift("new") },
        { where, bump: fewer, make: () => void values.pop() },
      );
    }
    const looped = (inner: Node): boolean =>
      inner.target === node.id ||
      [...inner.items, ...inner.properties.map((property) => property.node)].some(looped);
    if (!looped(node)) {
      const also = new RegExp(`^component schemas\\.S${node.id}$`);
      edits.push({ where, bump: "patch", make: () => void (node.shared = !node.shared), also });
    }
    if (node.kind === "object") {
      for (const required of [true, false]) {
        edits.push({
          where: place(at(`new${required}`)),
          bump: required && way === "request" ? "major" : "minor",
          make: () =>
            node.properties.unshift({ name: `new${required}`, required, node: newNode() }),
        });
      }
    }
    for (const property of node.properties) {
      const inner = place(at(property.name));
      edits.push(ofRequired(inner, property, way));
      edits.push({
        where: inner,
        bump: "major",
        make: () => void (node.properties = node.properties.filter((p) => p !== property)),
        also: /^component /,
      });
      edits.push(...ofNode(property.node, place, at(property.name), way));
    }
    for (const item of node.items) edits.push(...ofNode(item, place, `${path}[]`, way));
    return edits;
  }

  function ofOperation(operation: Operation): Edit[] {
    const { name, keywords, scopes, parameters, body, responses, pathParameter } = operation;
    const where = `${name.toUpperCase()} ${pathOf(operation)}`;
    const below = (head: string) => (path: string) => (path === "" ? head : `${head} · ${path}`);
    return [
      { where, bump: "patch", make: put(keywords, "summary", "New") },
      { where, bump: "patch", make: put(keywords, "tags", ["b"]) },
      { where, bump: "patch", make: put(keywords, "deprecated", true) },
      { where, bump: "major", make: put(keywords, "operationId", "new") },
      { where: `${where} · security`, bump: "major", make: () => void scopes.unshift("new") },
      ...scopes.slice(0, 1).map((): Edit => ({
        where: `${where} · security`,
        bump: "minor",
        make: () => void scopes.pop(),
      })),
      {
        where: `${where} · path ${pathParameter}`,
        bump: "major",
        make: () => void (operation.pathParameter = "renamed"),
      },
      ...[true, false].map((required): Edit => ({
        where: `${where} · query new${required}`,
        bump: required ? "major" : "minor",
        make: () => void parameters.unshift({ name: `new${required}`, required, node: newNode() }),
      })),
      ...parameters.flatMap((parameter): Edit[] => {
        const here = `${where} · query ${parameter.name}`;
        const inside = (path: string) =>
          path === "" || path.startsWith("[") ? here + path : `${here}.${path}`;
        return [
          ofRequired(here, parameter, "request"),
          {
            where: here,
            bump: "major",
            make: () => void parameters.splice(parameters.indexOf(parameter), 1),
            also: /^component /,
          },
          ...ofNode(parameter.node, inside, "", "request"),
        ];
      }),
      ...(body.length === 0 ? [true, false] : []).map((required): Edit => ({
        where: `${where} · request`,
        bump: required ? "major" : "minor",
        make: () => void body.push({ required, node: newNode() }),
      })),
      ...body.flatMap((only): Edit[] => [
        ofRequired(`${where} · request`, only, "request"),
        { where: `${where} · request`, bump: "major", make: () => body.pop(), also: /^component / },
        ...ofNode(only.node, below(`${where} · request`), "", "request"),
      ]),
      {
        where: `${where} · 418`,
        bump: "minor",
        make: () => void responses.unshift({ status: "418", description: "", node: newNode() }),
      },
      ...responses.flatMap((response): Edit[] => [
        {
          where: `${where} · ${response.status}`,
          bump: "patch",
          make: () => void (response.description = "New"),
        },
        {
          where: `${where} · ${response.status}`,
          bump: "major",
          make: () => void responses.splice(responses.indexOf(response), 1),
          also: /^component /,
        },
        ...ofNode(response.node, below(`${where} · ${response.status}`), "", "response"),
      ]),
    ];
  }

  const [first = "", second = "", third = ""] = model.zones;
  const last = model.operations.at(-1);
  return [
    { where: "info.version", bump: "patch", make: put(model.info, "version", "2.0.0") },
    { where: "info.title", bump: "patch", make: put(model.info, "title", "New") },
    { where: "info.contact", bump: "major", make: put(model.info, "contact", {}) },
    { where: "zone eu9", bump: "minor", make: () => void model.zones.push("eu9") },
    {
      where: `zone ${third}`,
      bump: "major",
      make: () => void model.zones.splice(model.zones.indexOf(third), 1),
    },
    { where: "zones", bump: "patch", make: () => void model.zones.splice(0, 2, second, first) },
    { where: "security scheme token", bump: "major", make: put(model.scheme, "name", "X-Token") },
    { where: "security scheme token", bump: "patch", make: put(model.scheme, "description", "x") },
    { where: "component schemas.Unused", bump: "patch", make: put(model.unused, "type", "array") },
    ...(last
      ? [
          {
            where: `${last.name.toUpperCase()} ${pathOf(last)}`,
            bump: "major" as const,
            make: () => void model.operations.splice(model.operations.indexOf(last), 1),
            also: /^component /,
          },
          {
            where: "TRACE /new/{id}",
            bump: "minor" as const,
            make: () =>
              void model.operations.push({
                ...structuredClone(last),
                name: "trace",
                path: "/new",
                parameters: [],
                body: [],
                responses: [],
                pathParameter: "id",
              }),
          },
        ]
      : []),
    ...model.operations.flatMap(ofOperation),
  ];
}

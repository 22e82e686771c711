import type { JsonObject } from "../../scripts/lib/json.js";

/** Operations on a page: what a reference has for one kind of thing. */
const perPage = 5;

const text = { type: "string" };
const id = { name: "thingId", in: "path", required: true, schema: { type: "integer" } };
const json = (schema: JsonObject): JsonObject => ({ content: { "application/json": { schema } } });
const data = (schema: JsonObject): JsonObject =>
  json({ type: "object", properties: { thing: schema } });

const thing = (page: number): JsonObject => ({
  type: "object",
  properties: {
    id: {
      type: "integer",
      description: "The number of the thing in its organization.",
      example: page,
    },
    name: { type: "string", description: `What people call it: "thing ${page}", say.` },
    state: { type: "string", enum: ["draft", "active", "paused", "archived"] },
    created: { type: "string", format: "date-time" },
    description: { ...text, nullable: true },
    labels: { type: "array", items: text },
    limits: {
      type: "object",
      properties: { operations: { type: "integer" }, transfer: { type: "integer", minimum: 0 } },
    },
    history: {
      type: "array",
      items: { type: "object", properties: { at: { ...text, format: "date-time" }, by: text } },
    },
  },
});

/** Method, parameters, request and answer of each operation of a page. */
const operations = (page: number): [string, string, string, JsonObject][] => {
  const one = `/things-${page}/{thingId}`;
  const query = ["pg[offset]", "pg[limit]", "pg[sortBy]"].map((name) => ({
    ...{ name, in: "query", description: "For the pages of a long list." },
    schema: { type: name === "pg[sortBy]" ? "string" : "integer" },
  }));
  const requestBody = { required: true, ...json({ ...thing(page), required: ["name"] }) };
  const list = json({
    type: "object",
    properties: { things: { type: "array", items: thing(page) } },
  });
  return [
    ["get", `/things-${page}`, "List things", { parameters: query, ...answers(list) }],
    ["post", `/things-${page}`, "Create a thing", { requestBody, ...answers(data(thing(page))) }],
    ["get", one, "Get a thing", { parameters: [id], ...answers(data(thing(page))) }],
    [
      "patch",
      one,
      "Change a thing",
      { parameters: [id], requestBody, ...answers(data(thing(page))) },
    ],
    ["delete", one, "Delete a thing", { parameters: [id], ...answers(json(text)) }],
  ];
};

const answers = (content: JsonObject): JsonObject => ({
  responses: {
    "200": { description: "Successful response", ...content },
    "404": { description: "No such thing", ...json({ $ref: "#/components/schemas/Error" }) },
  },
});

/** Pages of a synthetic reference with that many operations, by name. */
export function referencePages(count: number): Map<string, string> {
  const pages = Array.from({ length: Math.ceil(count / perPage) }, (_, page) => page);
  return new Map(
    pages.map((page) => {
      const wanted = operations(page).slice(0, count - page * perPage);
      const fragments = wanted.map((operation) => section(page, ...operation));
      return [`things-${page}`, `# Things ${page}\n\n${fragments.join("\n")}`];
    }),
  );
}

function section(page: number, method: string, path: string, summary: string, rest: JsonObject) {
  const description = `${summary} of kind ${page}. What is not \`active\` needs a scope more.`;
  const tag = `Things ${page}`;
  const fragment = {
    tags: [{ name: tag, description: `Things of kind ${page}.` }],
    security: [{ token: [`things-${page}:${method === "get" ? "read" : "write"}`] }],
    paths: { [path]: { [method]: { tags: [tag], summary, description, ...rest } } },
  };
  return `## ${summary}\n\n> ${description}\n\n${blockOf(fragment, {})}`;
}

/** A document of OpenAPI in a code block, with the schemas beside the one that every answer has. */
function blockOf(fragment: JsonObject, schemas: JsonObject): string {
  const document = {
    openapi: "3.0.0",
    info: { title: "Web API v2 - Public", version: "1.0.0" },
    servers: ["eu1.make.com", "us1.make.com", "eu1.make.celonis.com"].map((host) => ({
      url: `https://${host}/api/v2`,
    })),
    components: {
      securitySchemes: { token: { type: "apiKey", name: "Authorization", in: "header" } },
      schemas: {
        Error: { type: "object", properties: { message: text, code: text } },
        ...schemas,
      },
    },
    ...fragment,
  };
  return `\`\`\`json\n${JSON.stringify(document)}\n\`\`\`\n`;
}

/** A small page, of which the generator makes nearly as much code as it may: the heaviest known. */
export function heaviestPage(): string {
  const properties = Object.fromEntries(Array.from({ length: 900 }, (_, i) => [`p${i}`, text]));
  const ref = (name: string): JsonObject => ({ $ref: `#/components/schemas/${name}` });
  const parts = { allOf: [ref("Big"), { properties: { p0: { readOnly: true } } }] };
  const names = Array.from({ length: 240 }, (_, i) => `Part${i}`);
  const schemas = {
    Big: { type: "object", required: ["p0"], properties },
    ...Object.fromEntries(names.map((name) => [name, parts])),
  };
  const paths = Object.fromEntries(
    names.map((name) => [`/${name}`, { post: { requestBody: json(ref(name)), ...answers({}) } }]),
  );
  return `# Heavy\n\n${blockOf({ security: [{ token: ["heavy:write"] }], paths }, schemas)}`;
}

/** As JSON has it. */
type Json = Readonly<Record<string, unknown>>;

const OPERATIONS_OF_A_PAGE = 6;

const text = { type: "string" };
const id = { name: "thingId", in: "path", required: true, schema: { type: "integer" } };
const json = (schema: Json): Json => ({ content: { "application/json": { schema } } });
const data = (schema: Json): Json => json({ type: "object", properties: { thing: schema } });

const thing = (page: number): Json => ({
  type: "object",
  properties: {
    id: { type: "integer", description: "The number of the thing.", example: page },
    name: { type: "string", description: `What people call it: "thing ${page}", say.` },
    state: { type: "string", enum: ["draft", "active", "paused", "archived"] },
    created: { type: "string", format: "date-time" },
    description: { ...text, nullable: true },
    labels: { type: "array", items: text },
    limits: { type: "object", properties: { operations: { type: "integer", minimum: 0 } } },
    history: { type: "array", items: { type: "object", properties: { at: text, by: text } } },
  },
});

const answers = (content: Json): Json => ({
  responses: {
    "200": { description: "Successful response", ...content },
    "404": { description: "No such thing", ...json({ $ref: "#/components/schemas/Error" }) },
  },
});

/** Method, path, summary, and parameters, request and answers of each operation of a page. */
function operations(page: number): [string, string, string, Json][] {
  const all = `/things-${page}`;
  const one = `${all}/{thingId}`;
  const parameters = ["pg[offset]", "pg[limit]"].map((name) => {
    return { name, in: "query", description: "For long lists.", schema: { type: "integer" } };
  });
  const requestBody = { required: true, ...json({ ...thing(page), required: ["name"] }) };
  const things = { type: "array", items: thing(page) };
  const answer = answers(data(thing(page)));
  return [
    ["get", all, "List things", { parameters, ...answers(data(things)) }],
    ["post", all, "Create a thing", { requestBody, ...answer }],
    ["get", one, "Get a thing", { parameters: [id], ...answer }],
    ["patch", one, "Change a thing", { parameters: [id], requestBody, ...answer }],
    ["delete", one, "Delete a thing", { parameters: [id], ...answers(json(text)) }],
    ["post", `${one}/copy`, "Copy a thing", { parameters: [id], ...answer }],
  ];
}

/** Pages of a synthetic reference with that many operations, by name. */
export function referencePages(count: number): Map<string, string> {
  const pages = Array.from({ length: Math.ceil(count / OPERATIONS_OF_A_PAGE) }, (_, page) => page);
  return new Map(
    pages.map((page) => {
      const wanted = operations(page).slice(0, count - page * OPERATIONS_OF_A_PAGE);
      const sections = wanted.map((operation) => section(page, ...operation));
      return [`things-${page}`, `# Things ${page}\n\n${sections.join("\n")}`];
    }),
  );
}

function section(page: number, method: string, path: string, summary: string, rest: Json): string {
  const operation = { summary, description: `${summary} of kind ${page}.`, ...rest };
  const scope = `things-${page}:${method === "get" ? "read" : "write"}`;
  const paths = { [path]: { [method]: operation } };
  return `## ${summary}\n\n${blockOf({ security: [{ token: [scope] }], paths })}`;
}

/** A document of OpenAPI in a code block, with the schemas beside the one that every answer has. */
function blockOf(fragment: Json, schemas: Json = {}): string {
  const hosts = ["eu1.make.com", "us1.make.com", "eu1.make.celonis.com"];
  const error = { type: "object", properties: { message: text, code: text } };
  const document = {
    openapi: "3.0.0",
    info: { title: "Web API v2 - Public", version: "1.0.0" },
    servers: hosts.map((host) => ({ url: `https://${host}/api/v2` })),
    components: {
      securitySchemes: { token: { type: "apiKey", name: "Authorization", in: "header" } },
      schemas: { Error: error, ...schemas },
    },
    ...fragment,
  };
  return `\`\`\`json\n${JSON.stringify(document)}\n\`\`\`\n`;
}

/** A small page, of which the generator makes nearly as much code as it may: the heaviest known. */
export function heaviestPage(): string {
  const properties = Object.fromEntries(Array.from({ length: 900 }, (_, i) => [`p${i}`, text]));
  const ref = (name: string): Json => ({ $ref: `#/components/schemas/${name}` });
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

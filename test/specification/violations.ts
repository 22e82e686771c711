import { Ajv } from "ajv";
import addFormats from "ajv-formats";
import specification from "make-api-tokens/openapi.json" with { type: "json" };
import { BASE_PATH, type FakeAnswer, type FakeRequest } from "../../src/testing/make-api.js";

/** What of OpenAPI 3.0 says what an exchange looks like. */
interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly schema: object }[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
}
interface Content {
  readonly "application/json": { readonly schema: object };
}

/** What Make documents for every error; the specification leaves it out. */
const ERROR = {
  type: "object",
  required: ["detail", "message", "code"],
  properties: {
    detail: { type: "string" },
    message: { type: "string" },
    code: { type: "string" },
    suberrors: {
      type: "array",
      items: { type: "object", required: ["message"], properties: { message: { type: "string" } } },
    },
  },
};

const AUTHORIZATION = { type: "string", pattern: "^Token ." };
const NOTHING = { const: "" };
const UNDOCUMENTED = { not: {} };

// Make calls the format of scopes `uri`, and means `user:read`.
const ajv = new Ajv({ allErrors: true, formats: { uri: true } });
addFormats.default(ajv, ["date-time"]);

function problems(where: string, schema: object, value: unknown): string[] {
  if (ajv.validate(schema, value)) return [];
  return [`${where}: ${ajv.errorsText()}`];
}

const templates = Object.entries(
  specification.paths as unknown as Record<string, Record<string, Operation>>,
).map(([path, operations]) => ({
  path: new RegExp(`^${BASE_PATH}${path.replace(/\{(\w+)\}/g, "(?<$1>[^/]+)")}$`),
  operations,
}));

/** What of an exchange is not as the specification, or for errors the documentation, has it. */
export function violations(request: FakeRequest, answer: FakeAnswer): string[] {
  const { method, path, headers, body } = request;
  const { status = 200, body: answered } = answer;
  if (status >= 400) return problems(`${method} ${path} · ${status}`, ERROR, answered);

  const found = templates.find((it) => it.path.test(path));
  const operation = found?.operations[method.toLowerCase()];
  if (!operation) return [`${method} ${path}: not in the specification, but answered ${status}`];
  const { groups = {} } = found?.path.exec(path) ?? {};
  const { parameters = [], requestBody, responses } = operation;
  return [
    ...problems(`${method} · Authorization`, AUTHORIZATION, headers["authorization"] ?? null),
    ...parameters.flatMap(({ name, schema }) =>
      problems(`${method} · ${name}`, schema, decodeURIComponent(groups[name] ?? "")),
    ),
    ...(requestBody
      ? problems(
          `${method} · request`,
          requestBody.content["application/json"].schema,
          JSON.parse(body),
        )
      : problems(`${method} · request`, NOTHING, body)),
    ...problems(
      `${method} · ${status}`,
      responses[status]?.content?.["application/json"].schema ?? UNDOCUMENTED,
      answered,
    ),
  ];
}

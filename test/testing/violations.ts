import { Ajv } from "ajv";
import addFormats from "ajv-formats";
import specification from "make-api-tokens/openapi.json" with { type: "json" };

/** A request and its answer, bodies as text. */
export interface Exchange {
  readonly method: string;
  /** With its percent-encoding. */
  readonly path: string;
  readonly authorization: string | null;
  readonly body: string;
  readonly status: number;
  readonly answer: string;
}

interface Content {
  readonly content: { readonly "application/json": { readonly schema: object } };
}
interface Operation {
  readonly parameters?: readonly { readonly schema: object }[];
  readonly requestBody?: Content;
  readonly responses: Readonly<Record<string, Content>>;
}
const paths = Object.entries(
  specification.paths as unknown as Record<string, Record<string, Operation>>,
);

/** What Make documents for every error; the specification leaves it out. */
const text = { type: "string" };
const suberror = { type: "object", required: ["message"], properties: { message: text } };
const suberrors = { type: "array", items: suberror };
const ERROR = {
  type: "object",
  required: ["detail", "message", "code"],
  properties: { detail: text, message: text, code: text, suberrors },
};

// Make calls the format of scopes `uri`, and means `user:read`.
const ajv = new Ajv({ allErrors: true, formats: { uri: true } });
addFormats.default(ajv, ["date-time"]);

/** What of an exchange is not as the specification, or for errors the documentation, has it. */
export function violations(exchange: Exchange): string[] {
  const { method, path, authorization, body, status, answer } = exchange;
  const hold = (what: string, schema: object, value: unknown): string[] =>
    ajv.validate(schema, value) ? [] : [`${method} ${path} · ${what}: ${ajv.errorsText()}`];
  if (status >= 400) return hold(`${status}`, ERROR, JSON.parse(answer));

  for (const [template, operations] of paths) {
    const match = new RegExp(`^/api/v2${template.replace(/\{\w+\}/g, "([^/]+)")}$`).exec(path);
    const operation = operations[method.toLowerCase()];
    if (!match || !operation) continue;
    const { parameters = [], requestBody, responses } = operation;
    const asked = requestBody?.content["application/json"].schema;
    const answered = responses[status]?.content["application/json"].schema ?? { not: {} };
    return [
      ...hold("Authorization", { type: "string", pattern: "^Token ." }, authorization),
      ...parameters.flatMap(({ schema }) => hold("path", schema, decodeURIComponent(match[1]!))),
      ...(asked ? hold("request", asked, JSON.parse(body)) : hold("body", { const: "" }, body)),
      ...hold(`${status}`, answered, JSON.parse(answer)),
    ];
  }
  return [`${method} ${path}: not in the specification, but answered ${status}`];
}

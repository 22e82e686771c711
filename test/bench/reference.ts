import { readFileSync } from "node:fs";

const PAGE = readFileSync(new URL("../pull/pages/scenarios.md", import.meta.url), "utf8");

/** Make's page on scenarios, with 6 operations, that many times under paths of their own, by name. */
export const referencePages = (count: number): Map<string, string> =>
  new Map(
    Array.from({ length: count }, (_, at) => [
      `scenarios-${at}`,
      PAGE.replaceAll('"/scenarios', `"/scenarios-${at}`),
    ]),
  );

type Json = Readonly<Record<string, unknown>>;

/** A small page, of which the generator makes nearly as much code as it may: the heaviest known. */
export function heaviestPage(): string {
  const text = { type: "string" };
  const ref = (name: string): Json => ({ $ref: `#/components/schemas/${name}` });
  const json = (schema: Json): Json => ({ content: { "application/json": { schema } } });
  const numbers = (length: number): number[] => Array.from({ length }, (_, at) => at);
  const properties = Object.fromEntries(numbers(900).map((at) => [`p${at}`, text]));
  const parts = { allOf: [ref("Big"), { properties: { p0: { readOnly: true } } }] };
  const names = numbers(240).map((at) => `Part${at}`);
  const Big = { type: "object", required: ["p0"], properties };
  const schemas = { Big, ...Object.fromEntries(names.map((name) => [name, parts])) };
  const responses = { "200": { description: "Successful response" } };
  const post = (name: string): Json => ({ post: { requestBody: json(ref(name)), responses } });
  const securitySchemes = { token: { type: "apiKey", name: "Authorization", in: "header" } };
  const document = {
    openapi: "3.0.0",
    info: { title: "Heavy", version: "1.0.0" },
    servers: [{ url: "https://eu1.make.com/api/v2" }],
    security: [{ token: ["heavy:write"] }],
    components: { securitySchemes, schemas },
    paths: Object.fromEntries(names.map((name) => [`/${name}`, post(name)])),
  };
  return `# Heavy\n\n\`\`\`json\n${JSON.stringify(document)}\n\`\`\`\n`;
}

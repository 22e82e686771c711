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

/** A page nearly as large as it may be, and of short values: the heaviest known. */
export function heaviestPage(): string {
  const byName = (count: number, name: string, value: object): object =>
    Object.fromEntries(Array.from({ length: count }, (_, at) => [name + (100 + at), value]));
  const responses = byName(100, "", { description: "" });
  const document = {
    openapi: "3.0.0",
    info: { title: "Heavy", version: "1.0.0" },
    servers: [{ url: "https://eu1.make.com/api/v2" }],
    paths: byName(300, "/", { get: { responses } }),
  };
  return `# Heavy\n\n\`\`\`json\n${JSON.stringify(document)}\n\`\`\`\n`;
}

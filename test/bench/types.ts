import { execFile } from "node:child_process";
import { copyFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { OURS } from "./clients.js";
import { openConsumer } from "./consumer.js";
import { median, shuffled } from "./measure.js";
import { digits, print, type Row } from "./table.js";

const run = promisify(execFile);
const inPackage = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url));

const consumers = {
  "an empty module": "export {};",
  "openapi-fetch, with paths.ts": `
import createClient from "openapi-fetch";
import type { paths } from "./paths.js";

const client = createClient<paths>({
  baseUrl: "https://eu1.make.com/api/v2",
  headers: { Authorization: "Token a-token" },
});
const { data: listed } = await client.GET("/users/me/api-tokens");
export const labels = listed?.apiTokens?.map(({ label }) => label);
const body = { label: "ci", scope: ["user:read"] };
const { data: created } = await client.POST("/users/me/api-tokens", { body });
const timestamp = created?.apiToken?.created ?? "";
await client.DELETE("/users/me/api-tokens/{timestamp}", { params: { path: { timestamp } } });
`,
  [OURS]: `
import { createMakeClient } from "make-api-tokens";

const make = createMakeClient({ zone: "eu1", token: "a-token" });
const listed = await make.apiTokens.list();
export const labels = listed.map(({ label }) => label);
const { created } = await make.apiTokens.create({ label: "ci", scope: ["user:read"] });
await make.apiTokens.delete(created);
`,
};

await using consumer = await openConsumer();
await copyFile(inPackage("generated/paths.ts"), join(consumer.folder, "paths.ts"));
await writeFile(join(consumer.folder, "package.json"), '{ "type": "module" }');

const compilerOptions = {
  target: "ES2022",
  lib: ["ES2022", "DOM", "DOM.Iterable"],
  module: "NodeNext",
  types: [],
  strict: true,
  noEmit: true,
};

/** What the compiler says that it did. */
async function check(source: string, skipLibCheck: boolean): Promise<(what: string) => number> {
  const configuration = { compilerOptions: { ...compilerOptions, skipLibCheck } };
  await writeFile(join(consumer.folder, "tsconfig.json"), JSON.stringify(configuration));
  await writeFile(join(consumer.folder, "consumer.ts"), source);
  const tsc = inPackage("node_modules/typescript/bin/tsc");
  const { stdout } = await run(process.execPath, [tsc, "--extendedDiagnostics"], {
    cwd: consumer.folder,
  });
  return (what) => Number(new RegExp(`^${what}: +([\\d.]+)`, "m").exec(stdout)?.[1]);
}

type Name = keyof typeof consumers;
const names = Object.keys(consumers) as Name[];
const columns = { Types: 0, Instantiations: 0, "Check time": 2, "Total time": 2 };

for (const skipLibCheck of [true, false]) {
  const found = new Map(names.map((name) => [name, [] as ((what: string) => number)[]]));
  for (let round = 0; round < 5; round++) {
    for (const name of shuffled(names)) {
      found.get(name)?.push(await check(consumers[name], skipLibCheck));
    }
  }
  print(
    `type-checking a consumer, skipLibCheck: ${skipLibCheck}, times in s`,
    Object.keys(columns),
    names.map((name): Row => {
      const reports = found.get(name) ?? [];
      const cell = ([what, after]: [string, number]): string =>
        digits(median(reports.map((it) => it(what))), after);
      return [name, ...Object.entries(columns).map(cell)];
    }),
  );
}

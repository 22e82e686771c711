import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { generate } from "../../scripts/generate/emit.js";
import { accept } from "../../scripts/pull/prepare.js";
import { fragmentsIn } from "../../scripts/pull/read/fragments.js";
import { notesOf } from "../../scripts/pull/notes.js";
import { compile } from "../generate/compile.js";
import { hosts, seed } from "./support.js";

/** In the form of the pages of Make's reference, which has numbers of the type "bigint". */
const pageNamed = (name: string): string =>
  readFileSync(new URL(`pages/${name}.md`, import.meta.url), "utf8");

test("teams and scenarios, with their bigints, are taken beside the API tokens", async () => {
  const pages = new Map([
    ["api-tokens", Buffer.from(seed)],
    ["scenarios", Buffer.from(pageNamed("scenarios"))],
    ["teams", Buffer.from(pageNamed("teams"))],
  ]);
  const { document, remarks } = await accept(fragmentsIn(pages), hosts);
  const notes = notesOf(remarks);
  expect(notes.length).toBeGreaterThan(10);
  for (const { where, what } of notes) {
    expect(where).toMatch(/^(?:scenarios|teams)\.md:\d+, .*\.type$/);
    expect(what).toBe('a type that OpenAPI 3.0 does not know; taken as unknown: "bigint"');
  }
  const files = await generate(`${JSON.stringify(document, null, 2)}\n`);
  const use = `import type { paths } from "./generated/paths.js";
    type Content<T> = T extends { content: { "application/json": infer C } } ? C : never;
    type Teams = Content<paths["/teams"]["get"]["responses"][200]>;
    type Team = NonNullable<Teams["teams"]>[number];
    type Scenario = NonNullable<
      Content<paths["/scenarios"]["get"]["responses"][200]>["scenarios"]
    >[number];
    export const teams: Team[] = [{ id: 1, operations: "2015" }, { transfer: 1, name: "a" }];
    export const scenarios: Scenario[] = [{ operations: null, hookId: null }];
    // @ts-expect-error a number is a number
    export const wrong: Team = { id: "1" };
    export const unknown: unknown = teams[0]?.operations;
    // @ts-expect-error nothing is known of a bigint
    export const known: string | undefined = teams[0]?.operations;
    export type Tokens = paths["/users/me/api-tokens"]["get"];`;
  expect(compile(new Map([...files, ["use.ts", use]]))).toEqual([]);
});

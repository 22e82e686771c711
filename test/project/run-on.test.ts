import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { MANAGERS } from "../e2e/managers.js";
import { NODES, TYPESCRIPTS } from "../e2e/tools.js";
import { readme, table } from "./readme.js";

const at = (path: string): URL => new URL(`../../${path}`, import.meta.url);
const e2e = readdirSync(at("test/e2e"), { recursive: true, encoding: "utf8" })
  .filter((it) => !it.includes("node_modules") && /(?<!lock)\.(ts|json)$/.test(it))
  .map((it) => readFileSync(at(`test/e2e/${it}`), "utf8"))
  .join("\n");

/** What the README calls otherwise than its package. */
const PACKAGES: Record<string, string> = { "Next.js": "next" };

describe("what the README says that the package was run on", () => {
  // Such as "Node 20, 22": a name, and versions.
  const pattern = /([A-Za-z.]+)((?:,? \d+(?:\.\d+)?(?![.\d]))+)/g;
  const said = table("run on").flatMap(([what = "", which = ""]) => [
    ...[...`${what} ${which}`.matchAll(pattern)].flatMap(([, name, versions = ""]) =>
      versions.split(",").map((version) => `${name} ${version.trim()}`),
    ),
    ...which.split("; ").map((name) => `${what}: ${name}`),
  ]);
  const tested = [
    ...NODES.map((version) => `Node ${version}`),
    ...TYPESCRIPTS.map((version) => `TypeScript ${version}`),
    ...MANAGERS.map(({ name }) => name.replace(/,.*/, "")),
  ].map((name) => (/\d/.test(name) ? name : `package managers: ${name}`));

  test("has every Node, every TypeScript, and every manager that test/e2e has", () => {
    expect(said).toEqual(expect.arrayContaining(tested));
  });

  const others = said.filter((it) => !it.includes(":") && !tested.includes(it));
  test.each(others)("%s is in test/e2e, by an exact version", (tool) => {
    const [name = "", version] = tool.split(" ");
    const exact = `"(?:npm:)?${PACKAGES[name] ?? name.toLowerCase()}@${version}\\.`;
    expect(e2e).toMatch(new RegExp(exact));
  });

  test("asks for the Node that package.json asks for", () => {
    const [, version] = /Node (\d+\.\d+) or later/.exec(readme) ?? [];
    const { engines } = JSON.parse(readFileSync(at("package.json"), "utf8"));
    expect(`>=${version}`).toBe(engines.node);
  });
});

test("the README has the setting that allows what a manager refuses, and no other", () => {
  const refusals = MANAGERS.flatMap(({ name, settings, refuses }) =>
    Object.values(refuses).map(({ setting, file = settings }) => {
      const manager = name.replace(/,.*/, "");
      return { manager, key: /[\w-]+/.exec(setting)?.[0] ?? "", file };
    }),
  );
  const rows = table("manager");
  const fits = ([manager, , setting = ""]: string[], it: (typeof refusals)[number]): boolean =>
    manager === it.manager && setting.includes(it.key) && setting.endsWith(` in ${it.file}`);
  expect(refusals.filter((it) => !rows.some((row) => fits(row, it)))).toEqual([]);
  expect(rows.filter((row) => !refusals.some((it) => fits(row, it)))).toEqual([]);
});

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
const PACKAGES: Record<string, string> = { "Next.js": "next", Yarn: "@yarnpkg/cli-dist" };

describe("what the README says that the package was run on", () => {
  const rows = table("run on");
  // Such as "Node 20, 22": a name, and versions.
  const groups = rows.flatMap((row) => [
    ...row.join(" ").matchAll(/([A-Za-z.]+)((?:,? \d+(?:\.\d+)?(?![.\d]))+)/g),
  ]);
  const tools = groups.flatMap(([, name = "", versions = ""]) =>
    versions.split(",").map((it) => [name, it.trim()] as const),
  );

  test.each(tools)("%s %s is in test/e2e, by an exact version", (name, version) => {
    const known: Record<string, readonly unknown[]> = { Node: NODES, TypeScript: TYPESCRIPTS };
    const exact = `"(?:npm:)?${PACKAGES[name] ?? name.toLowerCase()}@${version}\\.`;
    if (known[name]) expect(known[name].map(String)).toContain(version);
    else if (/npm$/.test(name))
      expect(MANAGERS.map((it) => it.name)).toContain(`${name} ${version}`);
    else expect(e2e).toMatch(new RegExp(exact));
  });

  test("is every Node, every TypeScript, and every manager that test/e2e has", () => {
    const named = tools.map((it) => it.join(" "));
    const nodes = NODES.map((it) => `Node ${it}`);
    expect(named).toEqual(
      expect.arrayContaining([...nodes, ...TYPESCRIPTS.map((it) => `TypeScript ${it}`)]),
    );
    const managers = rows.find(([what]) => what === "package managers")?.[1];
    for (const { name } of MANAGERS) {
      const [tool = "", version = ""] = name.replace(/,.*/, "").split(" ");
      expect(managers).toMatch(new RegExp(`\\b${tool}\\b.*${version}`));
    }
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

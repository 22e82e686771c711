import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { BUNDLERS } from "../e2e/bundlers.js";
import { JESTS, PROJECTS } from "../e2e/consumers.js";
import { MANAGERS } from "../e2e/managers.js";
import { NODES, TYPESCRIPTS } from "../e2e/paths.js";
import { RUNTIMES } from "../e2e/runtimes.js";
import { readme, table } from "./readme.js";

const at = (path: string): URL => new URL(`../../${path}`, import.meta.url);
const read = (folder: string) => JSON.parse(readFileSync(at(`${folder}/package.json`), "utf8"));

/** What a folder's package.json has under a name: its major, or with 2 its minor too. */
function installed(folder: string, name: string, parts = 1): string {
  const { dependencies, devDependencies, optionalDependencies } = read(folder);
  const version = { ...dependencies, ...devDependencies, ...optionalDependencies }[name];
  const numbers = /^(?:npm:.*@)?(\d+\.\d+\.\d+.*)$/.exec(version)?.[1]?.split(".");
  return numbers?.slice(0, parts).join(".") ?? `no ${name} in ${folder}`;
}

/** "npm 10", "npm 11" and "Bun" as "npm 10, 11" and "Bun". */
function grouped(names: Iterable<string>, between: string): string[] {
  const groups = new Map<string, string[]>();
  for (const name of names) {
    const [tool = "", ...major] = name.split(" ");
    groups.set(tool, [...(groups.get(tool) ?? []), ...major]);
  }
  return [...groups].map(([tool, majors]) => `${tool} ${majors.join(between)}`.trim());
}

const withoutLinker = (name: string): string => name.replace(/,.*/, "");

describe("what the README says that the package was run on", () => {
  const rows = new Map(table("run on").map(([what = "", which = ""]) => [what, which]));

  test("names the runtimes of test/e2e", () => {
    const others = RUNTIMES.map(({ name }) => name);
    const nodes = NODES.map((it) => installed("test/e2e", `node-${it}-linux-x64`));
    expect(rows.get("runtimes")).toBe(`Node ${nodes.join(", ")}; ${others.join(", ")}`);
    expect(nodes).toEqual(NODES.map(String));
  });

  test("names the package managers of the matrix", () => {
    const names = MANAGERS.map(({ name }) => name);
    const cell = grouped(new Set(names.map(withoutLinker)), ", ").join("; ");
    expect(rows.get("package managers")?.replace(" (PnP and node_modules)", "")).toBe(cell);
    const linkers = names.filter((it) => it !== withoutLinker(it));
    expect(linkers).toEqual(["Yarn 4, node-modules", "Yarn 4, pnp"]);
    expect(installed("test/pins", "@yarnpkg/cli-dist")).toBe("4");
    for (const [tool = "", major = ""] of names.map((it) => it.split(" "))) {
      if (/npm/.test(tool)) expect(installed("test/pins", `${tool}-${major}`)).toBe(major);
    }
  });

  test("names the compilers, and the ways to resolve modules", () => {
    const named = TYPESCRIPTS.map((it) => installed("test/e2e", `typescript-${it}`, 2));
    expect(named).toEqual([...TYPESCRIPTS]);
    const { node10, ...others } = PROJECTS;
    expect(node10).toBeDefined();
    const ways = Object.keys(others).join(", ");
    expect(rows.get("TypeScript")).toBe(`${named.join(", ")}; ${ways}; node10 with 5.x`);
  });

  test("names the test runners and their transforms", () => {
    const [jest] = grouped(Object.keys(JESTS), ", ");
    const found = [installed("test/pins/jest-29", "jest"), installed("test/pins", "jest")];
    expect(jest).toBe(`jest ${found.join(", ")}`);
    const tsNode = `ts-node ${installed("test/pins", "ts-node")}`;
    expect(rows.get("tests")).toBe(
      `${jest} with ts-jest, @swc/jest or Babel, in Node and jsdom; ${tsNode}`,
    );
    for (const folder of ["test/pins", "test/pins/jest-29"]) {
      for (const name of ["ts-jest", "@swc/jest", "babel-jest", "jest-environment-jsdom"]) {
        expect(installed(folder, name)).toMatch(/^\d+$/);
      }
    }
  });

  test("names the frameworks and the bundlers", () => {
    const next = readdirSync(at("test/frameworks/next")).filter((it) => /^\d+$/.test(it));
    const majors = next.map((it) => installed(`test/frameworks/next/${it}`, "next"));
    expect(majors).toEqual(next);
    const command = "npx tsx test/frameworks/run.ts";
    expect(rows.get("frameworks")).toBe(`Next.js ${majors.join(", ")}, by ${command}`);
    const versions: Record<string, string> = {
      Vite: installed("test/pins", "vite"),
      webpack: installed("test/pins", "webpack"),
      Rollup: installed(".", "rollup"),
      esbuild: installed(".", "esbuild", 2),
    };
    const cell = Object.keys(BUNDLERS).map((it) => `${it} ${versions[it]}`);
    expect(rows.get("bundlers")).toBe(cell.join(", "));
  });

  test("asks for the Node that package.json asks for", () => {
    const [, version] = /Node (\d+\.\d+) or later/.exec(readme) ?? [];
    expect(`>=${version}`).toBe(read(".").engines.node);
  });
});

describe("what the README says of package managers", () => {
  const refusals = MANAGERS.flatMap(({ name, settings, refuses }) =>
    Object.values(refuses).map(({ setting, file = settings }) => {
      const key = /[\w-]+/.exec(setting)?.[0] ?? "";
      return { manager: withoutLinker(name), key, file };
    }),
  );
  const [, ...rows] = table("manager");

  test("has the setting that allows what is refused, and no other", () => {
    const fits = ([manager, , setting = ""]: string[], it: (typeof refusals)[number]): boolean =>
      manager === it.manager && setting.includes(it.key) && setting.endsWith(` in ${it.file}`);
    for (const it of refusals) expect([it, rows.some((row) => fits(row, it))]).toEqual([it, true]);
    for (const row of rows) {
      expect([row, refusals.some((it) => fits(row, it))]).toEqual([row, true]);
    }
  });

  test("names those that refuse nothing", () => {
    const all = MANAGERS.filter(({ refuses }) => Object.keys(refuses).length === 0);
    const names = grouped(
      all.map(({ name }) => name),
      " and ",
    );
    const last = names.pop();
    expect(readme).toContain(`${names.join(", ")}, and ${last} take all of these as they are.`);
  });
});

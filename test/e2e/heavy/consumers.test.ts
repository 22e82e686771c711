import { cp, mkdir, readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { run } from "../commands.js";
import { copyConsumer } from "../consumer.js";
import { given } from "../given.js";
import { NAME, nodeOf, NODES } from "../tools.js";
import { openWorkplace } from "../workplace.js";

const { packed } = given();
const workplace = await openWorkplace();
/** Which every tool here runs on. */
const NODE = nodeOf(22);

/** An empty folder in which the package is installed, and these tools, each of an exact version. */
async function install(name: string, ...tools: string[]) {
  const folder = await workplace.folder(name.replace(/\W+/g, "-"));
  await writeFile(join(folder, "package.json"), JSON.stringify({ private: true }));
  await workplace.npm(["install", "--ignore-scripts", packed.tarball, ...tools], { cwd: folder });
  const node = (program: string, ...args: string[]) =>
    run(program, args, { cwd: folder, env: workplace.env });
  return { folder, node };
}

test.each(["jest@29.7.0", "jest@30.5.2"])("a CommonJS test passes in %s", async (jest) => {
  const { folder, node } = await install(jest, jest);
  await copyConsumer("heavy/jest", folder);
  await node(NODE, "node_modules/jest/bin/jest.js", "--watchman=false", "--runInBand");
});

/** Scripts that bundle `entry.mjs` into the folder `bundled`. */
const BUNDLERS: [name: string, tools: string[], script: string][] = [
  [
    "Vite 8",
    ["vite@8.3.8"],
    `import { build } from "vite";
     const rolldownOptions = { input: "entry.mjs" };
     const options = { outDir: "bundled", modulePreload: false, rolldownOptions };
     await build({ configFile: false, logLevel: "silent", build: options });`,
  ],
  [
    "webpack 5",
    ["webpack@5.112.2"],
    `import webpack from "webpack";
     const output = { path: process.cwd() + "/bundled" };
     await new Promise((done, fail) => webpack(
       { mode: "production", entry: "./entry.mjs", output },
       (error, stats) => error || stats.hasErrors() ? fail(error ?? stats.toString()) : done()));`,
  ],
];

test.each(BUNDLERS)("%s makes one file that runs", async (name, tools, script) => {
  const { folder, node } = await install(name, ...tools);
  await writeFile(
    join(folder, "entry.mjs"),
    `import { createMakeClient, MakeError } from "${NAME}";
     console.log(createMakeClient({ zone: "eu1", token: "not-a-secret" }).zone, MakeError.name);`,
  );
  await writeFile(join(folder, "bundle.mjs"), script);
  await node(NODE, "bundle.mjs");
  const files = await readdir(join(folder, "bundled"), { recursive: true });
  const [file = "", ...others] = files.filter((it) => /\.m?js$/.test(it));
  expect(others).toEqual([]);
  expect(await node(NODE, join("bundled", file))).toBe("eu1 MakeError\n");
});

/** The one that Next.js 14 has inside, and the newest: Vercel, standalone builds, Nitro. */
describe.each(["@vercel/nft@0.27.1", "@vercel/nft@1.11.5"])("what %s traces", (nft) => {
  const installed = install(nft, nft).then(async ({ folder, node }) => {
    await writeFile(
      join(folder, "entry.cjs"),
      `const { MakeError } = require("${NAME}");
       const { startFakeZone } = require("${NAME}/testing");
       startFakeZone().then((zone) => zone.close());
       import("${NAME}").then((it) => console.log(it.MakeError === MakeError));`,
    );
    await writeFile(
      join(folder, "trace.cjs"),
      `const { nodeFileTrace } = require("@vercel/nft");
       nodeFileTrace(["entry.cjs"]).then(({ fileList }) => console.log([...fileList].join("\\n")));`,
    );
    return { folder, node };
  });

  test.each([20, 26] as const)("on Node %i runs on every Node", async (major) => {
    const { folder, node } = await installed;
    const files = (await node(nodeOf(major), "trace.cjs")).trim().split("\n");
    const traced = await workplace.folder(`traced-on-${major}-by-${nft.replace(/\W+/g, "-")}`);
    for (const file of files) {
      await mkdir(dirname(join(traced, file)), { recursive: true });
      await cp(join(folder, file), join(traced, file));
    }
    for (const other of NODES) {
      const printed = await node(nodeOf(other), join(traced, "entry.cjs"));
      expect([other, printed]).toEqual([other, "true\n"]);
    }
  });
});

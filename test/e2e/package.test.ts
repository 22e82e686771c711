import { build } from "esbuild";
import { describe, expect, test } from "vitest";
import { run } from "./commands.js";
import { given } from "./given.js";
import { NAME, nodeOf, tool } from "./tools.js";
import { openWorkplace } from "./workplace.js";

const { packed, consumer } = given();
const workplace = await openWorkplace();

test("publint finds nothing", async () => {
  const args = [tool("publint/src/cli.js"), "run", "--strict", packed.tarball];
  // Suggestions do not fail it.
  expect(await run(process.execPath, args, workplace)).toContain("All good!");
});

test("@arethetypeswrong/cli finds nothing", async () => {
  const cli = tool("@arethetypeswrong/cli/dist/index.js");
  await run(process.execPath, [cli, "--no-definitely-typed", packed.tarball], workplace);
});

describe("bundled for the edge, minified", () => {
  const bundle = async (contents: string) => {
    const { metafile, outputFiles } = await build({
      stdin: { contents, resolveDir: consumer },
      absWorkingDir: consumer,
      bundle: true,
      format: "esm",
      target: "es2022",
      platform: "browser",
      minify: true,
      write: false,
      metafile: true,
      logLevel: "silent",
    });
    const inputs = Object.keys(metafile?.inputs ?? {}).filter((it) => it !== "<stdin>");
    return { inputs, code: outputFiles?.[0]?.text ?? "" };
  };

  test("the main entry is one file", async () => {
    const { inputs, code } = await bundle(`export * from "${NAME}"`);
    expect(inputs).toEqual([`node_modules/${NAME}/dist/index.js`]);
    expect(code).not.toMatch(/["'`]node:|\brequire\(|\bimport\b|startFakeZone/);
  });

  test("the testing kit is refused", async () => {
    const refusal = bundle(`export * from "${NAME}/testing"`);
    await expect(refusal).rejects.toThrow(`Could not resolve "${NAME}/testing"`);
  });

  test("the error classes keep their names", async () => {
    const { code } = await bundle(
      `import * as all from "${NAME}";
       const classes = Object.entries(all).filter(([name]) => name.endsWith("Error"));
       console.log(classes.map(([name, it]) => [name, it.name, it.prototype.name].join()).join(" "))`,
    );
    const args = ["--input-type=module", "--eval", code];
    const printed = (await run(process.execPath, args)).trim().split(" ");
    const names = printed.map((it) => it.split(","));
    expect(names.map(([name]) => name)).toContain("MakeApiError");
    for (const [name, ...same] of names) expect(same).toEqual([name, name]);
    expect(names).toHaveLength(6);
  });
});

test.each([20, 22, 24, 26] as const)("on Node %i, a process has one MakeError", async (major) => {
  const script = `import { createRequire } from "node:module";
    import { MakeError } from "${NAME}";
    const require = createRequire("${consumer}/script.cjs");
    if (require("${NAME}").MakeError !== MakeError) throw new Error("two MakeErrors");`;
  const args = ["--input-type=module", "--eval", script];
  await run(nodeOf(major), args, { cwd: consumer, env: workplace.env });
});

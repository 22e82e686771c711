import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startVitest } from "vitest/node";
import { run } from "./commands.js";
import { compile, writeConsumer } from "./consumer.js";
import { type Packed, pack } from "./given.js";
import { HERE } from "./tools.js";
import { openWorkplace } from "./workplace.js";

const VERIFIED = join(HERE, "verified.json");

/** Installs the tools, unless what the lock file says is there already. */
async function installTools(): Promise<void> {
  const lock = await readFile(join(HERE, "package-lock.json"), "utf8");
  const stamp = join(HERE, "node_modules/.installed-lock.json");
  if ((await readFile(stamp, "utf8").catch(() => "")) === lock) return;
  await run("npm", ["ci", "--no-audit", "--no-fund"], { cwd: HERE, seconds: 600 });
  await writeFile(stamp, lock);
}

/**
 * A digest of whatever the heavy checks depend on: how the package looks from outside, the tools, and
 * the checks. Code, comments and the version stay out of it, because they change with each release.
 */
async function shapeOf({ folder, files }: Packed): Promise<string> {
  const manifest = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const { name, type, engines, main, types, exports, bin, typesVersions } = manifest;
  const heavy = await readdir(join(HERE, "heavy"), { recursive: true });
  const names = [
    ...heavy.filter((it) => /\.\w+$/.test(it)).map((it) => `heavy/${it}`),
    ...["package-lock.json", "managers.ts", "install.test.ts"],
    "../project/public-types.d.ts.txt",
  ];
  const texts = await Promise.all(names.sort().map((it) => readFile(join(HERE, it), "utf8")));
  const shape = [name, type, engines, main, types, exports, bin, typesVersions, files, texts];
  return createHash("sha256").update(JSON.stringify(shape)).digest("hex");
}

// `--all` runs the heavy checks too, and notes that they have passed for this shape. Without it, they
// run only if the shape is another. What else is passed chooses test files by a part of their names.
const { values, positionals } = parseArgs({
  options: { all: { type: "boolean", default: false } },
  allowPositionals: true,
});
await installTools();
const workplace = await openWorkplace();
const packed = await pack(workplace);
const consumer = await workplace.folder("consumer");
await writeConsumer(consumer);
await workplace.npm(["install", packed.tarball], { cwd: consumer });
await compile(consumer, "5.9", {}, ["life.ts"]);

const shape = await shapeOf(packed);
const verified = await readFile(VERIFIED, "utf8").catch(() => "{}");
const isHeavy = values.all || JSON.parse(verified).shape !== shape;
process.env["E2E_GIVEN"] = JSON.stringify({ packed, consumer, isHeavy });
const config = join(HERE, "vitest.config.ts");
const vitest = await startVitest("test", positionals, { config, watch: false });
await vitest.close();

if (!isHeavy) console.log("The heavy checks have passed for this shape: test/e2e/verified.json");
if (values.all && positionals.length === 0 && !process.exitCode) {
  await writeFile(VERIFIED, `${JSON.stringify({ shape }, null, 2)}\n`);
}

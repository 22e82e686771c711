import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "./commands.js";
import type { Pinning } from "./pins.js";
import { startRegistry } from "./registry.js";
import { copyWorkTree, type Workplace } from "./workplace.js";

const NAME = "@acme/make-api-tokens";

const SCRIPT = `import { createMakeClient } from "${NAME}";
import { startFakeZone } from "${NAME}/testing";

const zone = await startFakeZone();
const make = createMakeClient({ baseUrl: zone.baseUrl, token: zone.token });
console.log((await make.apiTokens.list()).length);
await zone.close();
`;

/** The repository with one line changed, packed as a team would: the tarball. */
async function packUnderScope(workplace: Workplace): Promise<string> {
  const folder = await workplace.folder("scope");
  await copyWorkTree(folder);
  const file = join(folder, "package.json");
  const before = await readFile(file, "utf8");
  await writeFile(file, before.replace('"name": "make-api-tokens"', `"name": "${NAME}"`));
  await workplace.npm(["ci", "--prefer-offline"], { cwd: folder });
  // The build of \`prepare\` stands between its output and the list.
  await workplace.npm(["pack"], { cwd: folder });
  const { version } = JSON.parse(before);
  return join(folder, `acme-make-api-tokens-${version}.tgz`);
}

/** Published under a team's scope, and installed from the registry that the scope names. */
export async function pinUnderScope({ checks, workplace, packed }: Pinning): Promise<void> {
  await checks.check(`npm: ${NAME}, from the registry of its scope`, async () => {
    await using registry = await startRegistry(workplace, NAME);
    const tarball = await packUnderScope(workplace);
    const folder = await workplace.folder("scope-consumer");
    await workplace.npm(["publish", tarball, "--registry", registry.url], { cwd: folder });
    await writeFile(join(folder, ".npmrc"), `@acme:registry=${registry.url}\n`);
    const manifest = { private: true, dependencies: { [NAME]: packed.version } };
    await writeFile(join(folder, "package.json"), JSON.stringify(manifest));
    await workplace.npm(["install"], { cwd: folder });
    const lock = JSON.parse(await readFile(join(folder, "package-lock.json"), "utf8"));
    const { resolved } = lock.packages[`node_modules/${NAME}`];
    if (!resolved.startsWith(registry.url)) throw new Error(`it came from ${resolved}`);
    await writeFile(join(folder, "script.mjs"), SCRIPT);
    const printed = await run(process.execPath, ["script.mjs"], { cwd: folder });
    if (printed.trim() !== "1") throw new Error(printed);
  });
}

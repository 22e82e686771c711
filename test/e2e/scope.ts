import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "./commands.js";
import { SCOPED } from "./managers.js";
import { ROOT } from "./paths.js";
import type { Pinning } from "./pins.js";
import { startRegistry } from "./registry.js";
import { copyWorkTree, type Workplace } from "./workplace.js";

const [SCOPE] = SCOPED.split("/");

const SCRIPT = `import { createMakeClient } from "${SCOPED}";
import { startFakeZone } from "${SCOPED}/testing";

const zone = await startFakeZone();
const make = createMakeClient({ baseUrl: zone.baseUrl, token: zone.token });
console.log((await make.apiTokens.list()).length);
await zone.close();
`;

/** The repository with one line changed, packed as a team would: the tarball. */
async function packUnderScope(workplace: Workplace, version: string): Promise<string> {
  const folder = await workplace.folder("scope");
  await copyWorkTree(folder);
  await run("cp", ["-R", join(ROOT, "node_modules"), folder]);
  await workplace.npm(["pkg", "set", `name=${SCOPED}`], { cwd: folder });
  await workplace.npm(["run", "package"], { cwd: folder });
  return join(folder, `${SCOPED.slice(1).replace("/", "-")}-${version}.tgz`);
}

/** Published under a team's scope, and installed from the registry that the scope names. */
export async function pinUnderScope({ checks, workplace, packed }: Pinning): Promise<void> {
  await checks.check(`npm: ${SCOPED}, from the registry of its scope`, async () => {
    await using registry = await startRegistry(workplace, SCOPED);
    const tarball = await packUnderScope(workplace, packed.version);
    const folder = await workplace.folder("scope-consumer");
    await workplace.npm(["publish", tarball, "--registry", registry.url], { cwd: folder });
    await writeFile(join(folder, ".npmrc"), `${SCOPE}:registry=${registry.url}\n`);
    const manifest = { private: true, dependencies: { [SCOPED]: packed.version } };
    await writeFile(join(folder, "package.json"), JSON.stringify(manifest));
    await workplace.npm(["install"], { cwd: folder });
    const lock = JSON.parse(await readFile(join(folder, "package-lock.json"), "utf8"));
    const { resolved } = lock.packages[`node_modules/${SCOPED}`];
    if (!resolved.startsWith(registry.url)) throw new Error(`it came from ${resolved}`);
    await writeFile(join(folder, "script.mjs"), SCRIPT);
    const printed = await run(process.execPath, ["script.mjs"], { cwd: folder });
    if (printed.trim() !== "1") throw new Error(printed);
  });
}

import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Call, NOTE_CALL, putProgram, readCalls, startCalls } from "./fake-calls.js";

/** A registry after the calls of `npm`. */
interface Registry {
  /** Of the version that was published. */
  readonly integrity?: string | undefined;
  /** The complaint of every call from now on. */
  readonly fails?: string | undefined;
}

/**
 * The two commands of npm that a release needs, with what the registry knows in the folder
 * `registry`. A shell has no SHA-512: that of the tarball is in a file, too.
 */
const PROGRAM = `#!/bin/sh
cd "\${0%/*}/registry" || exit 2
${NOTE_CALL}
[ -z "$npm_config_userconfig" ] || cp "$npm_config_userconfig" "$call.settings"
[ -z "\${GH_TOKEN+set}" ] || printf %s "$GH_TOKEN" > "$call.GH_TOKEN"
[ -z "\${NPM_TOKEN+set}" ] || printf %s "$NPM_TOKEN" > "$call.NPM_TOKEN"
if [ -e fails ]; then
  cat fails >&2
  exit 1
elif [ "$1" = publish ]; then
  [ -e "$2" ] && cp ../integrity integrity
elif [ -e integrity ]; then
  read -r integrity < integrity
  echo "\\"$integrity\\""
else
  echo '{ "error": { "code": "E404" } }'
  echo "npm error code E404" >&2
  exit 1
fi
`;

/** Puts an `npm` into a folder, for PATH, and returns how to read and to set what the registry knows. */
export async function fakeNpm(bin: string) {
  await putProgram(bin, "npm", PROGRAM);
  const npm = registryOf(bin);
  await npm.set({});
  return npm;
}

/** The same for an `npm` that is there already. */
export function registryOf(bin: string) {
  const folder = join(bin, "registry");
  return {
    /** Says what the tarball that may be published hashes to. */
    expect: (integrity: string) => writeFile(join(bin, "integrity"), `${integrity}\n`),
    async set(registry: Registry): Promise<void> {
      await rm(folder, { recursive: true, force: true });
      await startCalls(folder);
      for (const [name, text] of Object.entries(registry)) {
        await writeFile(join(folder, name), `${text}\n`);
      }
    },
    async read(): Promise<Registry & { readonly calls: readonly Call[] }> {
      const integrity = await readFile(join(folder, "integrity"), "utf8").catch(() => undefined);
      return { calls: await readCalls(folder), integrity: integrity?.trim() };
    },
  };
}

import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Call, NOTE_CALL, putProgram, readCalls, startCalls } from "./fake-calls.js";

/** GitHub after the calls of `gh`. */
export interface GitHub {
  readonly calls: readonly Call[];
  readonly pulls: readonly { readonly branch: string; readonly body: string }[];
  readonly releases: Readonly<Record<string, Release>>;
  readonly visibility: "PUBLIC" | "PRIVATE";
}
interface Release {
  readonly isDraft: boolean;
  readonly notes: string;
  readonly assets: readonly { readonly name: string; readonly state: string }[];
}

/** Runs as `gh`, with what GitHub knows in the folder `github` beside it. */
const PROGRAM = `#!/bin/sh
github="\${0%/*}/github"
cd "$github" || exit 2
${NOTE_CALL}
fail() { echo "$1" >&2; exit 1; }
[ -n "$GH_TOKEN" ] || fail "gh: GH_TOKEN is not set"
case "$1 $2" in
"pr list" | "pr create") branch="$4" ;;
"release "*) release="releases/$3" asset="releases/$3/assets/\${4##*/}" ;;
esac
case "$1 $2" in
"auth git-credential" | "workflow run") ;;
"pr list")
  if [ -e "pulls/$branch" ]; then echo "[{\\"url\\":\\"https://example.com/$branch\\"}]"; else echo "[]"; fi ;;
"pr create")
  cp "$input" "pulls/$branch"
  echo "https://example.com/$branch" ;;
"repo view") cat visibility ;;
"release view")
  [ -d "$release" ] || fail "release not found"
  read -r draft < "$release/draft"
  assets=
  for each in "$release"/assets/*; do
    [ -e "$each" ] || continue
    read -r state < "$each"
    assets="$assets\${assets:+,}{\\"name\\":\\"\${each##*/}\\",\\"state\\":\\"$state\\"}"
  done
  echo "{\\"isDraft\\":$draft,\\"assets\\":[$assets]}" ;;
"release create")
  [ ! -d "$release" ] || fail "a release with the same tag name already exists"
  mkdir -p "$release/assets"
  cp "$input" "$release/notes"
  echo false > "$release/draft"
  echo uploaded > "$asset" ;;
"release upload")
  rm -f "$release"/assets/*
  echo uploaded > "$asset" ;;
"release edit") echo false > "$release/draft" ;;
*) fail "gh: unknown command $*" ;;
esac
`;

/** Puts a `gh` into a folder, for PATH, and returns how to read and to set what GitHub knows. */
export async function fakeGh(bin: string) {
  await putProgram(bin, "gh", PROGRAM);
  const gh = gitHubOf(bin);
  await gh.set({});
  return gh;
}

/** The same for a `gh` that is there already. */
export function gitHubOf(bin: string) {
  const folder = join(bin, "github");
  const read = (...names: string[]) => readFile(join(folder, ...names), "utf8");
  const write = (text: string, ...names: string[]) => writeFile(join(folder, ...names), text);

  async function readRelease(tag: string): Promise<Release> {
    const names = await readdir(join(folder, "releases", tag, "assets"));
    const assets = names.map(async (name) => {
      const state = await read("releases", tag, "assets", name);
      return { name, state: state.trim() };
    });
    return {
      isDraft: (await read("releases", tag, "draft")).trim() === "true",
      notes: await read("releases", tag, "notes"),
      assets: await Promise.all(assets),
    };
  }

  async function writeRelease(tag: string, { isDraft, notes, assets }: Release): Promise<void> {
    await mkdir(join(folder, "releases", tag, "assets"), { recursive: true });
    await write(`${isDraft}\n`, "releases", tag, "draft");
    await write(notes, "releases", tag, "notes");
    for (const { name, state } of assets) {
      await write(`${state}\n`, "releases", tag, "assets", name);
    }
  }

  return {
    async set({ releases = {}, visibility = "PRIVATE" }: Partial<GitHub>): Promise<void> {
      await rm(folder, { recursive: true, force: true });
      for (const name of ["pulls", "releases"])
        await mkdir(join(folder, name), { recursive: true });
      await startCalls(folder);
      await write(visibility, "visibility");
      for (const [tag, release] of Object.entries(releases)) await writeRelease(tag, release);
    },
    async read(): Promise<GitHub> {
      const branches = await readdir(join(folder, "pulls"));
      const pulls = branches.map(async (branch) => ({ branch, body: await read("pulls", branch) }));
      const tags = await readdir(join(folder, "releases"));
      const releases = tags.map(async (tag) => [tag, await readRelease(tag)] as const);
      return {
        calls: await readCalls(folder),
        pulls: await Promise.all(pulls),
        releases: Object.fromEntries(await Promise.all(releases)),
        visibility: (await read("visibility")) as GitHub["visibility"],
      };
    },
  };
}

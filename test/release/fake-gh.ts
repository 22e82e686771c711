import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Call, callsOf, putProgram } from "./fake-programs.js";

/** GitHub after the calls of `gh`. */
export interface GitHub {
  readonly calls: readonly Call[];
  readonly pulls: readonly { readonly branch: string; readonly body: string }[];
  readonly releases: Readonly<Record<string, Release>>;
}
/** As GitHub describes it, and its notes. */
type Release = Readonly<{ isDraft: boolean; notes: string; assets: readonly object[] }>;

/** Each pull request and each release is a file: as JSON, with its text beside it. */
const PROGRAM = `fail() { echo "$1" >&2; exit 1; }
[ -n "$GH_TOKEN" ] || fail "gh: GH_TOKEN is not set"
mkdir -p pulls releases
case "$1 $2" in
"auth git-credential" | "workflow run") ;;
"pr list")
  [ "$5 $6" = "--state open" ] || fail "gh: which state?"
  if [ -e "pulls/$4.json" ]; then cat "pulls/$4.json"; else echo "[]"; fi ;;
"pr create")
  cp "$call.input" "pulls/$4"
  echo "[{\\"url\\":\\"https://example.com/$4\\",\\"isCrossRepository\\":false}]" > "pulls/$4.json"
  echo "https://example.com/$4" ;;
"release view") cat "releases/$3.json" 2> /dev/null || fail "release not found" ;;
"release create")
  [ ! -e "releases/$3.json" ] || fail "a release with the same tag name already exists"
  cp "$call.input" "releases/$3"
  echo "{\\"isDraft\\":false,\\"assets\\":[{\\"name\\":\\"\${4##*/}\\",\\"state\\":\\"uploaded\\"}]}" > "releases/$3.json" ;;
"release delete") rm "releases/$3.json" "releases/$3" ;;
*) fail "gh: unknown command $*" ;;
esac
`;

/** Puts a `gh` into a folder, for PATH, and returns how to read and to set what GitHub knows. */
export async function fakeGh(bin: string) {
  await mkdir(bin, { recursive: true });
  await putProgram(bin, "gh", PROGRAM);
  return gitHubOf(bin);
}

/** The same for a `gh` that is there already. */
export function gitHubOf(bin: string) {
  const inFolder = (name: string) => join(bin, "of-gh", name);
  const read = (name: string) => readFile(inFolder(name), "utf8");
  const namesIn = async (folder: string) =>
    (await readdir(inFolder(folder)).catch(() => [])).filter((name) => !name.endsWith(".json"));
  return {
    /** What `gh` has of a pull request or a release, as `pulls/<branch>` or `releases/<tag>`. */
    async set(name: string, state: object): Promise<void> {
      await writeFile(inFolder(`${name}.json`), JSON.stringify(state));
    },
    async read(): Promise<GitHub> {
      const pulls = (await namesIn("pulls")).map(async (branch) => ({
        branch,
        body: await read(`pulls/${branch}`),
      }));
      const releases = (await namesIn("releases")).map(async (tag) => {
        const state = JSON.parse(await read(`releases/${tag}.json`));
        return [tag, { ...state, notes: await read(`releases/${tag}`) }] as const;
      });
      return {
        calls: await callsOf(bin, "gh"),
        pulls: await Promise.all(pulls),
        releases: Object.fromEntries(await Promise.all(releases)),
      };
    },
  };
}

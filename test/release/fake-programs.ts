import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * Puts a program that stands in for another into a folder, for PATH. It runs in a folder of its own,
 * and notes its arguments there. A shell runs it: Node takes ten times as long to start.
 */
async function putProgram(bin: string, name: string, text: string): Promise<void> {
  await mkdir(join(bin, `of-${name}`), { recursive: true });
  const program = `#!/bin/sh
cd "\${0%/*}/of-${name}" || exit 2
{ printf '%s\\t' "$@"; echo; } >> calls
fail() { echo "$1" >&2; exit 1; }
${text}`;
  await writeFile(join(bin, name), program, { mode: 0o755 });
}

/** The arguments of each of its calls. */
export async function callsOf(bin: string, name: string): Promise<string[][]> {
  const calls = await readFile(join(bin, `of-${name}/calls`), "utf8").catch(() => "");
  const lines = calls.split("\n").slice(0, -1);
  return lines.map((line) => line.split("\t").slice(0, -1));
}

/**
 * The two commands of npm that a release needs. In its folder are the tokens and the settings that it
 * was given, and what was published; what it is to complain of is in `fails`.
 */
export const fakeNpm = (bin: string): Promise<void> =>
  putProgram(
    bin,
    "npm",
    `env | grep -E "^(GH|NPM)_TOKEN=" > tokens
cp "$npm_config_userconfig" settings 2> /dev/null
[ ! -e fails ] || fail "$(cat fails)"
if [ "$1" = publish ]; then [ -e "$2" ] && echo "$2" > published
elif [ -e published ]; then echo 1.4.2
else fail "npm error code E404"; fi
`,
  );

/** Each pull request and each release is a text, and its state as GitHub describes it as JSON. */
const GH = `[ -n "$GH_TOKEN" ] || fail "gh: GH_TOKEN is not set"
mkdir -p pulls releases
case "$1 $2" in
"auth git-credential" | "workflow run") ;;
"pr list")
  [ "$5 $6" = "--state open" ] || fail "gh: which state?"
  cat "pulls/$4.json" 2> /dev/null || echo "[]" ;;
"pr create")
  cat > "pulls/$4"
  echo "[{\\"url\\":\\"https://example.com/$4\\",\\"isCrossRepository\\":false}]" > "pulls/$4.json"
  echo "https://example.com/$4" ;;
"release view") cat "releases/$3.json" 2> /dev/null || fail "release not found" ;;
"release create")
  [ ! -e "releases/$3.json" ] || fail "a release with the same tag name already exists"
  cat > "releases/$3"
  echo "{\\"isDraft\\":false,\\"tarball\\":\\"\${4##*/}\\"}" > "releases/$3.json" ;;
"release delete") rm "releases/$3.json" "releases/$3" ;;
*) fail "gh: unknown command $*" ;;
esac
`;

/** What GitHub knows of a pull request, by its branch, or of a release, by its tag. */
interface Entry {
  readonly name: string;
  readonly text: string;
  readonly state: unknown;
}

export const fakeGh = (bin: string): Promise<void> => putProgram(bin, "gh", GH);

/** How to read and to set what GitHub knows after the calls of such a `gh`. */
export function gitHubOf(bin: string) {
  const pathOf = (name: string) => join(bin, "of-gh", name);
  async function entriesOf(folder: string): Promise<Entry[]> {
    const files = await readdir(pathOf(folder)).catch(() => []);
    const read = (name: string) => readFile(pathOf(`${folder}/${name}`), "utf8");
    const names = files.filter((name) => !name.endsWith(".json"));
    return Promise.all(
      names.map(async (name) => {
        return { name, text: await read(name), state: JSON.parse(await read(`${name}.json`)) };
      }),
    );
  }
  return {
    /** The state of `pulls/<branch>` or `releases/<tag>`. */
    set: (name: string, state: unknown) => writeFile(pathOf(`${name}.json`), JSON.stringify(state)),
    calls: () => callsOf(bin, "gh"),
    pulls: () => entriesOf("pulls"),
    releases: () => entriesOf("releases"),
  };
}

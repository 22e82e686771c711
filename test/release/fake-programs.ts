import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** One run of a program that stands in for another. */
export interface Call {
  readonly args: readonly string[];
  readonly input: string;
  /** Whatever else it notes: name → text. */
  readonly saw: Readonly<Record<string, string>>;
}

/**
 * Puts such a program into a folder, for PATH. It runs in a folder of its own, and notes there how it
 * is called, in files that begin with `$call`. A shell runs it: Node takes ten times as long to start.
 */
export async function putProgram(bin: string, name: string, text: string): Promise<void> {
  const calls = join(bin, `of-${name}/calls`);
  await mkdir(calls, { recursive: true });
  // So that names are in the order of the calls.
  await writeFile(join(calls, "number"), "100\n");
  const program = `#!/bin/sh
cd "\${0%/*}/of-${name}" || exit 2
read -r number < calls/number
echo $((number + 1)) > calls/number
call="calls/$number"
printf '%s\\0' "$@" > "$call.args"
if [ "$1" = auth ]; then : > "$call.input"; else cat > "$call.input"; fi
${text}`;
  await writeFile(join(bin, name), program, { mode: 0o755 });
}

export async function callsOf(bin: string, name: string): Promise<Call[]> {
  const folder = join(bin, `of-${name}/calls`);
  const calls: Record<string, Record<string, string>> = {};
  for (const file of (await readdir(folder)).sort()) {
    const [number = "", what] = file.split(".");
    if (what) (calls[number] ??= {})[what] = await readFile(join(folder, file), "utf8");
  }
  return Object.values(calls).map(({ args = "", input = "", ...saw }) => {
    return { args: args.split("\0").slice(0, -1), input, saw };
  });
}

/** The two commands of npm that a release needs. What it is to complain of is in `fails`. */
export const fakeNpm = (bin: string): Promise<void> =>
  putProgram(
    bin,
    "npm",
    `[ -z "$npm_config_userconfig" ] || cp "$npm_config_userconfig" "$call.settings"
[ -z "\${GH_TOKEN+set}" ] || printf %s "$GH_TOKEN" > "$call.GH_TOKEN"
[ -z "\${NPM_TOKEN+set}" ] || printf %s "$NPM_TOKEN" > "$call.NPM_TOKEN"
fail() { echo "$1" >&2; exit 1; }
[ ! -e fails ] || fail "$(cat fails)"
if [ "$1" = publish ]; then [ -e "$2" ] && echo "$2" > published
elif [ -e published ]; then echo 1.4.2
else fail "npm error code E404"; fi
`,
  );

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
 * The part of such a program, in its folder, that notes how it is called: in files that begin with
 * `$call`. `$input` is one of them.
 * These programs are written for a shell because Node takes ten times as long to start.
 */
export const NOTE_CALL = `read -r number < calls/number
echo $((number + 1)) > calls/number
call="calls/$number"
input="$call.input"
printf '%s\\0' "$@" > "$call.args"
if [ "$1" = auth ]; then : > "$input"; else cat > "$input"; fi`;

/** Puts such a program into a folder, for PATH. */
export async function putProgram(bin: string, name: string, text: string): Promise<void> {
  await mkdir(bin, { recursive: true });
  await writeFile(join(bin, name), text, { mode: 0o755 });
}

export async function startCalls(folder: string): Promise<void> {
  await mkdir(join(folder, "calls"), { recursive: true });
  // So that names are in the order of the calls.
  await writeFile(join(folder, "calls/number"), "100\n");
}

export async function readCalls(folder: string): Promise<Call[]> {
  const calls = new Map<string, Record<string, string>>();
  for (const name of (await readdir(join(folder, "calls"))).sort()) {
    const [number = "", what] = name.split(".");
    if (what === undefined) continue;
    const text = await readFile(join(folder, "calls", name), "utf8");
    calls.set(number, { ...calls.get(number), [what]: text });
  }
  return [...calls.values()].map(({ args = "", input = "", ...saw }) => ({
    args: args.split("\0").slice(0, -1),
    input,
    saw,
  }));
}

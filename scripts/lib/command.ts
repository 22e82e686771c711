import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { debuglog, parseArgs } from "node:util";
// By their names with .ts, because in workflows Node itself runs propose.ts and publish-release.ts.
import { Refusal } from "./refusal.ts";
import { messageOf, printable } from "./text.ts";

const debug = debuglog("make-api-tokens");
const packageRoot = fileURLToPath(new URL("../..", import.meta.url));
const bumpLevels = ["patch", "minor", "major"] as const;

/** The flags of all commands, as parseArgs takes them, with what --help says of each. */
const known = {
  root: { type: "string", form: "--root <dir>", says: "the folder, if it is not this package" },
  check: { type: "boolean", form: "--check", says: "only looks; exits with 1 if out of date" },
  json: { type: "boolean", form: "--json", says: "prints the report as JSON, and nothing else" },
  bump: { type: "string", form: "--bump patch|minor|major", says: "the version's bump, at least" },
  pending: { type: "boolean", form: "--pending", says: "only says if there is anything to do" },
  save: { type: "boolean", form: "--save", says: "only saves a proposal" },
  open: { type: "boolean", form: "--open", says: "only opens the saved proposal's pull request" },
  serve: { type: "boolean", form: "--serve", says: "keeps the zone running, for the command" },
  help: { type: "boolean", form: "--help", says: "says this" },
} as const;
type Name = keyof typeof known;

/** `root` is absolute; a flag that is not given is undefined. */
type Flags = ReturnType<typeof readFlags>;

/**
 * Runs a command that has these flags, and sets the exit code: 0 when `body` resolves, 1 when it
 * throws, 2 on wrong usage. With --help, it only says which flags there are.
 */
export async function runCommand(
  names: readonly Name[],
  body: (flags: Flags) => Promise<void>,
): Promise<void> {
  // A reader that closes early, as in `| head`, must not stop the work.
  process.stdout.on("error", () => undefined);
  const allowed = [...names, "help"] as const;
  const forms = allowed.map((name) => `[${known[name].form}]`).join(" ");
  const usage = `Usage: ${forms}, after "--" where npm runs the command.`;
  let flags: Flags | undefined;
  try {
    flags = readFlags(allowed);
    if (!flags.help) return await body(flags);
    console.log(usage);
    for (const { form, says } of allowed.map((name) => known[name])) {
      console.log(`  ${form.padEnd(26)}${says}`);
    }
  } catch (error) {
    debug("%s", error instanceof Error ? error.stack : error);
    process.exitCode = flags ? 1 : 2;
    const message = error instanceof Refusal ? error.message : messageOf(error);
    const remedy = flags ? remedyFor(error) : usage;
    const lines = [...message.split("\n"), remedy.replaceAll("\n", " ")];
    process.stderr.write(lines.map((line) => `${printable(line)}\n`).join(""));
  }
}

function remedyFor(error: unknown): string {
  if (error instanceof Refusal) return error.remedy;
  return error instanceof Error && "syscall" in error
    ? "Correct what the system reports above, then run the same command again."
    : "This is a fault in scripts/: NODE_DEBUG=make-api-tokens shows where. Please report it.";
}

/** @throws Error on wrong usage */
function readFlags(allowed: readonly Name[]) {
  const { values } = parseArgs({ options: known });
  const { root = packageRoot, bump, ...switches } = values;
  const other = Object.keys(values).find((name) => !allowed.some((it) => it === name));
  if (other !== undefined) throw new Error(`Unknown option '--${other}'.`);
  const level = bumpLevels.find((it) => it === bump);
  if (bump !== level) throw new Error(`Option '--bump' is one of ${bumpLevels.join(", ")}.`);
  return { ...switches, root: resolve(root), bump: level };
}

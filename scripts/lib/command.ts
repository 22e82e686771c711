import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { debuglog, parseArgs } from "node:util";
// By their names with .ts, because in workflows Node itself runs propose.ts and publish-release.ts.
import { Refusal } from "./refusal.ts";
import { printable } from "./text.ts";

const debug = debuglog("make-api-tokens");
const packageRoot = fileURLToPath(new URL("../..", import.meta.url));
const bumpLevels = ["patch", "minor", "major"] as const;

/** The flags of all commands, as parseArgs takes them, with what --help says of each. */
const known = {
  root: { type: "string", of: " <dir>", says: "the folder to work on; without it, this package" },
  check: {
    type: "boolean",
    of: "",
    says: "writes nothing; exits with 1 if something would change",
  },
  json: { type: "boolean", of: "", says: "prints the report as JSON, and nothing else" },
  bump: {
    type: "string",
    of: ` ${bumpLevels.join("|")}`,
    says: "the lowest level of the next version",
  },
  pending: { type: "boolean", of: "", says: "only says whether there is anything to do" },
  save: { type: "boolean", of: "", says: "only saves a proposal" },
  open: { type: "boolean", of: "", says: "only opens the pull request for a saved proposal" },
  serve: { type: "boolean", of: "", says: "keeps the zone running, for the command" },
  help: { type: "boolean", of: "", says: "says this" },
} as const;
type Name = keyof typeof known;

const shown = (name: Name): string => `--${name}${known[name].of}`;

/** `root` is absolute; a flag that is not given is undefined. */
export type Flags = ReturnType<typeof readFlags>;

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
  const usage = `Usage: ${names.map((name) => `[${shown(name)}]`).join(" ")} [--help], after "--" where npm runs the command.`;
  let flags: Flags;
  try {
    flags = readFlags(names);
  } catch (error) {
    return fail(2, messageOf(error), usage);
  }
  if (flags.help) {
    console.log(usage);
    for (const name of names) console.log(`  ${shown(name).padEnd(26)}${known[name].says}`);
    return;
  }
  try {
    await body(flags);
  } catch (error) {
    debug("%s", error instanceof Error ? error.stack : error);
    if (error instanceof Refusal) fail(1, error.message, error.remedy);
    else fail(1, `Failed: ${messageOf(error)}`, remedyFor(error));
  }
}

/** @throws Error on wrong usage */
function readFlags(names: readonly Name[]) {
  const { values } = parseArgs({ options: known });
  const { root = packageRoot, bump, ...switches } = values;
  const allowed: readonly string[] = [...names, "help"];
  const other = Object.keys(values).find((name) => !allowed.includes(name));
  if (other !== undefined) throw new Error(`Unknown option '--${other}'.`);
  if (root === "") throw new Error("Option '--root' needs a folder.");
  const level = bumpLevels.find((it) => it === bump);
  if (bump !== level) throw new Error(`Option '--bump' is one of ${bumpLevels.join(", ")}.`);
  return { ...switches, root: resolve(root), bump: level };
}

function fail(exitCode: 1 | 2, message: string, remedy: string): void {
  process.exitCode = exitCode;
  const lines = [...message.split("\n"), remedy.replaceAll("\n", " ")];
  process.stderr.write(lines.map((line) => `${printable(line)}\n`).join(""));
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

const remedyFor = (error: unknown): string =>
  error instanceof Error && "syscall" in error
    ? "Correct what the system reports above, then run the same command again."
    : "This is a fault in scripts/: NODE_DEBUG=make-api-tokens shows where. Please report it.";

import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { debuglog, parseArgs } from "node:util";
// By their own names: Node itself runs the release, and what it imports.
import { Refusal } from "./refusal.ts";
import { printable } from "./text.ts";

const debug = debuglog("make-api-tokens");
const packageRoot = fileURLToPath(new URL("../..", import.meta.url));

const levels = ["patch", "minor", "major"] as const;
type Level = (typeof levels)[number];

const flag = <Type extends "string" | "boolean">(type: Type, shown: string, says: string) => ({
  ...{ type, shown, says },
});

/** The flags of all commands, each as its usage shows it, and what it is for. */
const known = {
  root: flag("string", "--root <dir>", "the folder to work on; without it, this package"),
  check: flag("boolean", "--check", "writes nothing; exits with 1 if something would change"),
  json: flag("boolean", "--json", "prints the report as JSON, and nothing else"),
  bump: flag("string", `--bump ${levels.join("|")}`, "the lowest level of the next version"),
  pending: flag("boolean", "--pending", "only says whether there is anything to do"),
  save: flag("boolean", "--save", "only saves a proposal"),
  open: flag("boolean", "--open", "only opens the pull request for a saved proposal"),
  help: flag("boolean", "--help", "says this"),
};
type Name = keyof typeof known;

export interface Flags {
  /** Absolute; this package, where the command is told no other. */
  readonly root: string;
  readonly check: boolean;
  readonly json: boolean;
  /** The lowest bump that is asked for. */
  readonly bump: Level | undefined;
  /** Only to say whether there is anything to do. */
  readonly pending: boolean;
  /** Only to save a proposal, or only to open the pull request for a saved one. */
  readonly save: boolean;
  readonly open: boolean;
}

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
  const flags = readFlags(names);
  if (flags === "help") return console.log([usage(names), ...names.map(explained)].join("\n"));
  if (typeof flags === "string") return fail(2, flags, usage(names));
  try {
    await body(flags);
  } catch (error) {
    debug("%s", error instanceof Error ? error.stack : error);
    if (error instanceof Refusal) fail(1, error.message, error.remedy);
    else fail(1, `Failed: ${messageOf(error)}`, remedyFor(error));
  }
}

function usage(names: readonly Name[]): string {
  if (names.length === 0) return "It takes no options.";
  const shown = names.map((name) => `[${known[name].shown}]`);
  return `Usage: ${shown.join(" ")}, after "--" where npm runs the command.`;
}

const explained = (name: Name): string => `  ${known[name].shown.padEnd(26)}${known[name].says}`;

/** The flags, the fault in them, or "help". */
function readFlags(names: readonly Name[]): Flags | string {
  try {
    const all: Name[] = [...names, "help"];
    const options = Object.fromEntries(all.map((name) => [name, known[name]]));
    const { values } = parseArgs({ options });
    if (values["help"] === true) return "help";
    const { root = packageRoot, bump } = values;
    if (typeof root !== "string" || root === "") return "Option '--root' needs a folder.";
    const level = levels.find((it) => it === bump);
    if (bump !== undefined && level === undefined) {
      return `Option '--bump' is one of ${levels.join(", ")}.`;
    }
    return {
      root: resolve(root),
      check: values["check"] === true,
      json: values["json"] === true,
      bump: level,
      pending: values["pending"] === true,
      save: values["save"] === true,
      open: values["open"] === true,
    };
  } catch (error) {
    return messageOf(error);
  }
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

import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { debuglog, parseArgs } from "node:util";
// By their own names: Node itself runs the release, and what it imports.
import { Refusal } from "./refusal.ts";
import { printable } from "./text.ts";

const debug = debuglog("make-api-tokens");
const packageRoot = fileURLToPath(new URL("../..", import.meta.url));

const levels = ["patch", "minor", "major"] as const;

export interface Flags {
  root: string;
  check: boolean;
  json: boolean;
  /** The lowest bump that is asked for. */
  bump: (typeof levels)[number] | undefined;
  /** Only to say whether there is anything to do. */
  pending: boolean;
}

/** The flags that a command has. */
interface Options {
  root?: boolean;
  check?: boolean;
  json?: boolean;
  bump?: boolean;
  pending?: boolean;
}

/**
 * Runs a command with its flags and sets the exit code: 0 when `body` resolves to true, 1 when it
 * resolves to false (out of date, with --check) or throws, 2 on wrong usage.
 */
export async function runCommand(
  options: Options,
  body: (flags: Flags) => Promise<boolean>,
): Promise<void> {
  // A reader that closes early, as in `| head`, must not stop the work.
  process.stdout.on("error", () => undefined);
  const flags = readFlags(options);
  if (typeof flags === "string") {
    const known = usage(options);
    fail(
      2,
      flags,
      known === ""
        ? "It takes no options."
        : `Usage: ${known}, after "--" where npm runs the command.`,
    );
    return;
  }
  try {
    if (await body(flags)) return;
    fail(1, "Out of date.", "Run the same command without --check, and commit what it writes.");
  } catch (error) {
    debug("%s", error instanceof Error ? error.stack : error);
    if (error instanceof Refusal) fail(1, error.message, error.remedy);
    else fail(1, `Failed: ${messageOf(error)}`, remedyFor(error));
  }
}

const usage = ({
  root = true,
  check = true,
  json = false,
  bump = false,
  pending = false,
}: Options): string =>
  [
    ...(root ? ["[--root <dir>]"] : []),
    ...(check ? ["[--check]"] : []),
    ...(json ? ["[--json]"] : []),
    ...(bump ? [`[--bump ${levels.join("|")}]`] : []),
    ...(pending ? ["[--pending]"] : []),
  ].join(" ");

function readFlags(options: Options): Flags | string {
  const { root = true, check = true, json = false, bump = false, pending = false } = options;
  try {
    const { values } = parseArgs({
      options: {
        ...(root && { root: { type: "string", default: packageRoot } }),
        ...(check && { check: { type: "boolean", default: false } }),
        ...(json && { json: { type: "boolean", default: false } }),
        ...(bump && { bump: { type: "string" } }),
        ...(pending && { pending: { type: "boolean", default: false } }),
      },
    });
    const folder = values["root"] ?? packageRoot;
    if (typeof folder !== "string" || folder === "") return "Option '--root' needs a folder.";
    const level = levels.find((name) => name === values["bump"]);
    if (values["bump"] !== undefined && level === undefined) {
      return `Option '--bump' is one of ${levels.join(", ")}.`;
    }
    return {
      root: resolve(folder),
      check: values["check"] === true,
      json: values["json"] === true,
      bump: level,
      pending: values["pending"] === true,
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
    ? "Mend what the system reports above, then run the same command again."
    : "This is a fault in scripts/: NODE_DEBUG=make-api-tokens shows where. Please report it.";

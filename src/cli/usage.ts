import { parseArgs } from "node:util";
import { zones } from "../index.js";
import { check } from "../options.js";
import { toTimestamp } from "../timestamp.js";

const OPTIONS = {
  label: { type: "string" },
  created: { type: "string" },
  own: { type: "boolean" },
  scope: { type: "string", multiple: true },
  store: { type: "string" },
  timeout: { type: "string" },
  json: { type: "boolean" },
  zone: { type: "string" },
  "base-url": { type: "string" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean" },
} as const;

export type CommandName = "list" | "create" | "delete" | "rotate";

/** How each command is used, and the pattern of its options, in the order above. */
const COMMANDS: Record<CommandName, { usage: string; options: string }> = {
  list: { usage: "list [--json]", options: "(json )?" },
  create: {
    usage: "create --label <label> --scope <scope>... --store <command>",
    options: "label scope store (timeout )?",
  },
  delete: { usage: "delete <created>", options: "created " },
  rotate: {
    usage: "rotate (--label <label> | --created <created> | --own) --store <command> [--json]",
    options: "(label|created|own) store (timeout )?(json )?",
  },
};

export const HELP = `Usage: make-api-tokens <command> [options], --help or --version

  ${COMMANDS.list.usage}
      shows the tokens, one a line: created, mask, label, scopes
  ${COMMANDS.create.usage}
      creates a token, stores its secret, and prints when it was created
  ${COMMANDS.delete.usage}
      deletes the token that was created then, and prints that timestamp
  ${COMMANDS.rotate.usage}
      creates a successor, stores its secret, deletes the old token, and prints when the new one
      was created; --own is the token in MAKE_API_KEY itself

  --scope <scope>      such as user:read; repeat it for each further scope
  --store <command>    such as 'gh secret set MAKE_API_KEY': run by /bin/sh (on Windows, cmd.exe)
                       with the secret on standard input, MAKE_TOKEN_CREATED and MAKE_TOKEN_LABEL,
                       and no MAKE_API_KEY. Exit code 0: stored; 75: nothing was written; any other:
                       nobody knows. The secret ends without a newline: "while read -r t" stores
                       nothing, and exits with 0
  --timeout <seconds>  after which the store is ended; default: 60
  --zone <zone>        ${zones.join(", ")}; default: MAKE_ZONE
  --base-url <url>     instead, for a private instance: all up to and including /api/v2
  --json               prints the result as JSON

The token comes from the environment variable MAKE_API_KEY alone, never from an argument.
Exit codes: 0 done. 1 it failed, and certainly nothing has changed. 2 wrong usage. 3 it failed, and
something may have changed: the last line says what to look for, and what to do.`;

const parse = (args: string[]) => parseArgs({ args, options: OPTIONS, allowPositionals: true });

export type Values = ReturnType<typeof parse>["values"];

const isCommand = (name: string): name is CommandName => Object.hasOwn(COMMANDS, name);

/** Without a name, help or the version is asked for. */
export function readArguments(args: string[]): { name?: CommandName; values: Values } {
  // Node has replaced what it could not decode: a label or a command is not what was meant.
  check(!args.join().includes("\ufffd"), "arguments", "pass UTF-8, and not the character U+FFFD");
  const { values, positionals } = parse(args);
  const [name = "", ...words] = positionals;
  if (values.help || values.version) return { values };
  check(isCommand(name), "command", `pass ${Object.keys(COMMANDS).join(", ")} or --help`);
  if (name === "delete") values.created = words.shift() ?? "";
  const { usage, options } = COMMANDS[name];
  const pattern = new RegExp(`^${options}(zone |base-url )?$`);
  const given = Object.keys(OPTIONS).filter((it) => it in values);
  const isUsage = words.length === 0 && pattern.test(given.map((it) => `${it} `).join(""));
  check(isUsage, "usage", `make-api-tokens ${usage} [--zone <zone> | --base-url <url>]`);

  const { label, scope = [], created, store, timeout = "60" } = values;
  check(label?.trim() !== "", "--label", "pass the label of a token, not an empty one");
  const isScope = scope.every((it) => /^[^\s,]+$/.test(it));
  check(isScope, "--scope", "repeat it for each scope: --scope user:read --scope user:write");
  if (created !== undefined) toTimestamp(created);
  // The shell would run it, and end with 0.
  check(store?.trim() !== "", "--store", "pass a command that keeps the secret, not an empty one");
  const isDuration = Number(timeout) > 0 && Number(timeout) < 2 ** 31 / 1000;
  check(isDuration, "--timeout", "pass a number of seconds, up to 2147483");
  return { name, values };
}

import { parseArgs } from "node:util";
import { zones } from "../index.js";

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

/** How each command is used, and the options that it may be given together, in the order above. */
const USAGE: Readonly<Record<CommandName, readonly [usage: string, options: RegExp]>> = {
  list: ["list [--json]", /^(json )?$/],
  create: [
    "create --label <label> --scope <scope>... --store <command>",
    /^label scope store (timeout )?$/,
  ],
  delete: ["delete <created>", /^created $/],
  rotate: [
    "rotate (--label <label> | --created <created> | --own) --store <command> [--json]",
    /^(label|created|own) store (timeout )?(json )?$/,
  ],
};

export const HELP = `Usage: make-api-tokens <command> [options], --help or --version

  ${USAGE.list[0]}
      shows the tokens, one a line: created, mask, label, scopes
  ${USAGE.create[0]}
      creates a token, stores its secret, and prints when it was created
  ${USAGE.delete[0]}
      deletes the token that was created then, and prints that timestamp
  ${USAGE.rotate[0]}
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

/** No message quotes a value, which might be a token in the wrong place. */
function check(isRight: unknown, message: string): asserts isRight {
  if (!isRight) throw new Error(message);
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options: OPTIONS, allowPositionals: true });
  } catch (error) {
    if (Object(error).code !== "ERR_PARSE_ARGS_UNKNOWN_OPTION") throw error;
    throw new Error(`there is no such option, but --${Object.keys(OPTIONS).join(", --")}`);
  }
}

export type Values = ReturnType<typeof parse>["values"];

const isCommand = (name: string): name is CommandName => Object.hasOwn(USAGE, name);

/** Without a name, help or the version is asked for. The word after `delete` is `created`. */
export function readArguments(args: string[]): { name?: CommandName; values: Values } {
  // Node has replaced what it could not decode: a label or a command is not what was meant.
  check(!args.join().includes("\ufffd"), "an argument is not UTF-8, or holds the character U+FFFD");
  const { values, positionals } = parse(args);
  const [name, ...words] = positionals;
  if (values.help || values.version) return { values };
  const commands = `pass ${Object.keys(USAGE).join(", ")} or --help`;
  check(name !== undefined, `no command was given: ${commands}`);
  check(isCommand(name), `there is no such command: ${commands}`);
  const [usage, options] = USAGE[name];
  const [word] = name === "delete" ? words.splice(0, 1) : [];
  if (word !== undefined) values.created = word;
  const given = Object.keys(OPTIONS).filter((it) => it in values && !/^(zone|base-url)$/.test(it));
  const isUsage = !words.length && options.test(given.map((it) => `${it} `).join(""));
  check(isUsage, `usage: make-api-tokens ${usage}`);

  const { label, scope = [], created, store, timeout = "60" } = values;
  check(!(values.zone && values["base-url"]), "pass --zone or --base-url, not both");
  check(label?.trim() !== "", "--label is empty: pass the label of a token");
  const isScope = scope.every((it) => /^[^\s,]+$/.test(it));
  check(isScope, "--scope takes one scope: repeat it, as --scope user:read --scope user:write");
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i;
  const isTime = created === undefined || time.test(created);
  check(isTime, "<created> is no timestamp, as list shows it: 2020-03-27T05:53:27.368Z");
  // The shell would run it, and end with 0.
  check(store?.trim() !== "", "--store is empty: pass a command that keeps the secret");
  const isDuration = /^\d*\.?\d+$/.test(timeout) && +timeout > 0 && +timeout < 2 ** 31 / 1000;
  check(isDuration, "--timeout is no time: pass a number of seconds, up to 2147483");
  return { name, values };
}

import { parseArgs } from "node:util";
import { zones } from "../options.js";

/** The options: their types for `parseArgs`, and what help says of them. */
export const OPTIONS = {
  label: { type: "string", help: "--label <label>      the token's label" },
  scope: {
    type: "string",
    multiple: true,
    help: "--scope <scope>      a scope, such as user:read; once for each",
  },
  created: {
    type: "string",
    help: "--created <created>  when the token was created, as list shows it",
  },
  own: { type: "boolean", help: "--own                the token in MAKE_API_KEY itself" },
  store: {
    type: "string",
    help: `--store <command>    run by the shell with the secret on its standard input, without a newline;
                       MAKE_TOKEN_CREATED and MAKE_TOKEN_LABEL are in its environment, and
                       MAKE_API_KEY is not; it has no terminal. Exit code 0: stored; 75: nothing
                       was written; any other: nobody knows`,
  },
  timeout: {
    type: "string",
    help: "--timeout <seconds>  for the store, which is ended then; default: 60",
  },
  json: { type: "boolean", help: "--json               the result as JSON on standard output" },
  zone: {
    type: "string",
    help: `--zone <zone>        ${zones.join(", ")};
                       default: the environment variable MAKE_ZONE`,
  },
  "base-url": {
    type: "string",
    help: "--base-url <url>     instead, for a private instance: all up to and including /api/v2",
  },
  help: {
    type: "boolean",
    short: "h",
    help: "--help               this text, or that of a command",
  },
  version: { type: "boolean", help: "--version            the version of this package" },
} as const;

type Option = keyof typeof OPTIONS;

interface Usage {
  readonly usage: string;
  readonly does: string;
  /** Exactly one option of each group. */
  readonly needs: readonly (readonly Option[])[];
  readonly takes: readonly Option[];
  readonly example: string;
}

export type CommandName = "list" | "create" | "delete" | "rotate";

export const USAGE: Readonly<Record<CommandName, Usage>> = {
  list: {
    usage: "list [--json]",
    does: "shows the tokens, one a line: created, mask, label, scopes",
    needs: [],
    takes: ["json"],
    example: "list --zone eu1",
  },
  create: {
    usage: "create --label <label> --scope <scope>… --store <command>",
    does: "creates a token, stores its secret, and prints when it was created",
    needs: [["label"], ["scope"], ["store"]],
    takes: ["timeout"],
    example: "create --zone eu1 --label ci --scope user:read --store 'gh secret set MAKE_API_KEY'",
  },
  delete: {
    usage: "delete <created>",
    does: "deletes the token that was created then, and prints that timestamp",
    needs: [],
    takes: [],
    example: "delete --zone eu1 2020-03-27T05:53:27.368Z",
  },
  rotate: {
    usage: "rotate (--label <label> | --created <created> | --own) --store <command> [--json]",
    does: "replaces a token: creates a successor, stores its secret, and then deletes the old token",
    needs: [["label", "created", "own"], ["store"]],
    takes: ["timeout", "json"],
    example: "rotate --zone eu1 --own --store 'gh secret set MAKE_API_KEY'",
  },
};

const COMMON: readonly Option[] = ["zone", "base-url", "help", "version"];
const optionsOf = ({ needs, takes }: Usage): readonly Option[] => [
  ...needs.flat(),
  ...takes,
  ...COMMON,
];

export function help(name?: CommandName): string {
  const describe = (options: readonly Option[]) =>
    options.map((it) => `  ${OPTIONS[it].help}\n`).join("");
  const commands = Object.values(USAGE)
    .map((it) => `  ${it.usage}\n      ${it.does}\n`)
    .join("");
  const body = name
    ? `${USAGE[name].usage}\n\n${name} ${USAGE[name].does}.\n\n${describe(optionsOf(USAGE[name]))}`
    : `<command> [options]\n\nCommands:\n${commands}\nOptions of every command:\n${describe(COMMON)}`;
  return `Usage: make-api-tokens ${body}
The token comes from the environment variable MAKE_API_KEY alone, never from an argument.

Exit codes:
  0  done
  1  it failed, and certainly nothing has changed
  2  wrong usage
  3  it failed, and something may have changed; the last line says what to look for

Example:
  make-api-tokens ${USAGE[name ?? "rotate"].example}
`;
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options: OPTIONS, allowPositionals: true });
  } catch (error) {
    if (Object(error).code !== "ERR_PARSE_ARGS_UNKNOWN_OPTION") throw error;
    const known = Object.keys(OPTIONS).map((it) => `--${it}`);
    throw new TypeError(`no such option: pass some of ${known.join(", ")}`);
  }
}

/** The options as they were given. */
export type Values = ReturnType<typeof parse>["values"];

export interface CommandLine {
  /** Undefined if a text about all commands is asked for. */
  readonly name: CommandName | undefined;
  /** For `delete`, `created` is the timestamp that it is given. */
  readonly values: Values;
}

function check(isRight: unknown, message: string): asserts isRight {
  if (!isRight) throw new TypeError(message);
}

const isCommand = (name = ""): name is CommandName => Object.hasOwn(USAGE, name);

/**
 * Reads the words of the command line.
 *
 * @throws TypeError, which quotes no value: it might be a token in the wrong place
 */
export function readArguments(args: string[]): CommandLine {
  const { values, positionals } = parse(args);
  const [name, ...words] = positionals;
  const isAsked = values.help || values.version;
  if (name === undefined && isAsked) return { name, values };
  check(isCommand(name), `no such command: pass ${Object.keys(USAGE).join(", ")}, or --help`);
  if (isAsked) return { name, values };

  const { usage, needs } = USAGE[name];
  const known = optionsOf(USAGE[name]);
  for (const option of Object.keys(values)) {
    const others = known.map((it) => `--${it}`).join(", ");
    check(
      known.some((it) => it === option),
      `${name} takes no --${option}, but ${others}`,
    );
  }
  const isComplete = needs.every((each) => each.filter((it) => it in values).length === 1);
  check(isComplete && words.length === (name === "delete" ? 1 : 0), `usage: ${usage}`);
  // An empty command exits with 0, as if it had stored something.
  check(values.store?.trim() !== "", "--store is empty: pass a command that keeps the secret");
  const { timeout = "60" } = values;
  const isTime = /^\d*\.?\d+$/.test(timeout) && +timeout > 0 && +timeout < 2 ** 31 / 1000;
  check(isTime, "--timeout is no time: pass a number of seconds, up to 2147483");
  check(!(values.zone && values["base-url"]), "pass --zone or --base-url, not both");
  return { name, values: words[0] === undefined ? values : { ...values, created: words[0] } };
}

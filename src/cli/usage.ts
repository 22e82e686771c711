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
const COMMON: readonly Option[] = ["zone", "base-url", "help", "version"];

interface Usage {
  readonly usage: string;
  readonly does: string;
  readonly options: readonly Option[];
  readonly example: string;
}

export type CommandName = "list" | "create" | "delete" | "rotate";

export const USAGE: Readonly<Record<CommandName, Usage>> = {
  list: {
    usage: "list [--json]",
    does: "shows the tokens, one a line: created, mask, label, scopes",
    options: ["json"],
    example: "list --zone eu1",
  },
  create: {
    usage: "create --label <label> --scope <scope>… --store <command>",
    does: "creates a token, stores its secret, and prints when it was created",
    options: ["label", "scope", "store", "timeout"],
    example: "create --zone eu1 --label ci --scope user:read --store 'gh secret set MAKE_API_KEY'",
  },
  delete: {
    usage: "delete <created>",
    does: "deletes the token that was created then, and prints that timestamp",
    options: [],
    example: "delete --zone eu1 2020-03-27T05:53:27.368Z",
  },
  rotate: {
    usage: "rotate (--label <label> | --created <created> | --own) --store <command> [--json]",
    does: "replaces a token: creates a successor, stores its secret, and then deletes the old token",
    options: ["label", "created", "own", "store", "timeout", "json"],
    example: "rotate --zone eu1 --own --store 'gh secret set MAKE_API_KEY'",
  },
};

export const isAllowed = (command: CommandName, option: string): boolean =>
  [...USAGE[command].options, ...COMMON].some((it) => it === option);

const describe = (options: readonly Option[]): string =>
  options.map((it) => `  ${OPTIONS[it].help}\n`).join("");

const REST = `
The token comes from the environment variable MAKE_API_KEY alone, never from an argument.

Exit codes:
  0  done
  1  it failed, and certainly nothing has changed
  2  wrong usage
  3  it failed, and something may have changed; the last line says what to look for
`;

export function helpOf(name: CommandName): string {
  const { usage, does, options, example } = USAGE[name];
  return `Usage: make-api-tokens ${usage}

${name} ${does}.

${describe([...options, ...COMMON])}${REST}
Example:
  make-api-tokens ${example}
`;
}

export function help(): string {
  const commands = Object.values(USAGE).map(({ usage, does }) => `  ${usage}\n      ${does}\n`);
  return `Usage: make-api-tokens <command> [options]

Commands:
${commands.join("")}
Options of every command:
${describe(COMMON)}${REST}
Example:
  make-api-tokens ${USAGE.rotate.example}
`;
}

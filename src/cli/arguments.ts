import { parseArgs } from "node:util";
import { type CommandName, isAllowed, OPTIONS, USAGE } from "./usage.js";

/** The words of the command line make no command. */
export class UsageError extends TypeError {}

const parse = (args: string[]) => parseArgs({ args, options: OPTIONS, allowPositionals: true });

/** The options as they were given. */
export type Values = ReturnType<typeof parse>["values"];

export interface CommandLine {
  /** Undefined where a text about all commands is asked for. */
  readonly name: CommandName | undefined;
  readonly values: Values;
  /** The timestamp that `delete` is given, otherwise empty. */
  readonly created: string;
}

function check(isRight: unknown, message: string): asserts isRight {
  if (!isRight) throw new UsageError(message);
}

const isCommand = (name = ""): name is CommandName => Object.hasOwn(USAGE, name);

// An empty command exits with 0, as if it had stored something.
const hasStore = ({ store, timeout = "60" }: Values): boolean =>
  !!store?.trim() && timeout.trim() !== "" && +timeout > 0 && +timeout < 2 ** 31 / 1000;

const isComplete: Readonly<Record<CommandName, (values: Values, created: string) => boolean>> = {
  list: () => true,
  create: (values) => values.label !== undefined && !!values.scope && hasStore(values),
  delete: (_, created) => !!created,
  rotate: (values) =>
    [values.label, values.created, values.own].filter((it) => it !== undefined).length === 1 &&
    hasStore(values),
};

/**
 * Reads the words of the command line.
 *
 * @throws UsageError, which quotes no value: it might be a token in the wrong place
 */
export function readArguments(args: string[]): CommandLine {
  const { values, positionals } = parse(args);
  const [name, created = "", ...rest] = positionals;
  if (name === undefined && (values.help || values.version)) return { name, values, created };
  check(isCommand(name), `no such command: pass ${Object.keys(USAGE).join(", ")}, or --help`);
  if (values.help || values.version) return { name, values, created };

  const { usage } = USAGE[name];
  for (const option of Object.keys(values)) {
    check(isAllowed(name, option), `${name} takes no --${option}; usage: ${usage}`);
  }
  const isRight = rest.length === 0 && (name === "delete" || created === "");
  check(isRight && isComplete[name](values, created), `usage: ${usage}`);
  check(!(values.zone && values["base-url"]), "pass --zone or --base-url, not both");
  return { name, values, created };
}

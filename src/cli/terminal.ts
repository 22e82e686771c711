/** Standard error, for a person who looks at it and for a log. */
export interface Terminal {
  /** A line for everybody. */
  readonly say: (text: string) => void;
  /** A line that says why a command failed. */
  readonly fail: (text: string) => void;
  /** A line for a person who waits. */
  readonly progress: (text: string) => void;
}

/** The parts of `process` that a terminal is made of. */
interface Surroundings {
  readonly env: NodeJS.ProcessEnv;
  readonly stderr: { readonly isTTY?: boolean; readonly write: (text: string) => unknown };
}

/** `text` must be safe for a terminal. See no-color.org for NO_COLOR. */
export function createTerminal({ env, stderr }: Surroundings): Terminal {
  const isWatched = stderr.isTTY && !env["CI"] && env["TERM"] !== "dumb";
  const write = (style: number, text: string): void => {
    const isColoured = style && isWatched && !env["NO_COLOR"];
    stderr.write(isColoured ? `\x1b[${style}m${text}\x1b[0m\n` : `${text}\n`);
  };
  return {
    say: (text) => write(0, text),
    fail: (text) => write(31, text),
    progress: (text) => isWatched && write(2, text),
  };
}

/** JSON without a character that could steer a terminal: it stands there as an escape. */
export const toJson = (value: unknown): string =>
  JSON.stringify(value).replace(/[^\P{C}]|[\p{Zl}\p{Zp}\p{DI}]/gu, (character) =>
    character.replace(/[^]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`),
  );

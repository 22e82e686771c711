import type { Json, Path } from "../../lib/json.js";
import { excerpt } from "../../lib/text.js";

/** RFC 8259 text that cannot be read, or that JSON.parse would read as something else. */
export class JsonFault extends Error {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

const maxDepth = 100;

/** JSON without duplicate keys, a key that sets a prototype, or nesting beyond a depth of 100. */
export function parseStrict(text: string): Json {
  scan(text, () => undefined);
  return JSON.parse(text) as Json;
}

/** A step of the paths that are looked for, and the offset at which its value begins. */
interface Step {
  offset: number | undefined;
  readonly next: Map<string | number, Step>;
}

/** The offset in `text` of the value at each path, or else of the nearest value around it. */
export function offsetsOf(text: string, paths: readonly Path[]): number[] {
  const start: Step = { offset: 0, next: new Map() };
  for (const path of paths) path.reduce(stepTo, start);
  const passed: (Step | undefined)[] = [start];
  scan(text, (here, offset) => {
    const last = here.at(-1);
    if (last === undefined) return void (start.offset = offset);
    const step = passed[here.length - 1]?.next.get(last);
    passed[here.length] = step;
    if (step) step.offset = offset;
  });
  return paths.map((path) => {
    let step = start;
    for (const key of path) {
      const next = step.next.get(key);
      if (next?.offset === undefined) break;
      step = next;
    }
    return step.offset ?? 0;
  });
}

export const offsetOf = (text: string, path: Path): number => offsetsOf(text, [path])[0] ?? 0;

function stepTo(from: Step, step: string | number): Step {
  const known = from.next.get(step);
  if (known) return known;
  const next: Step = { offset: undefined, next: new Map() };
  from.next.set(step, next);
  return next;
}

const quote = 0x22;
const backslash = 0x5c;

const isSpace = (code: number): boolean =>
  code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;

interface Container {
  close: "}" | "]";
  /** The keys of an object; an array has none. */
  keys: Set<string> | undefined;
}

const literal = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

/** Reads a text once, from left to right, and shows the path and the offset of every value. */
class Scanner {
  readonly #text: string;
  readonly #onValue: (path: Path, offset: number) => void;
  readonly #open: Container[] = [];
  readonly #path: (string | number)[] = [];
  #offset = 0;

  constructor(text: string, onValue: (path: Path, offset: number) => void) {
    this.#text = text;
    this.#onValue = onValue;
  }

  scan(): void {
    this.#skipSpace();
    this.#value();
    while (this.#open.length > 0) this.#afterValue();
    if (this.#offset < this.#text.length) this.#fail("Unexpected text after the end of the JSON");
  }

  #value(): void {
    this.#onValue(this.#path, this.#offset);
    const character = this.#text[this.#offset];
    if (character === "{" || character === "[") return this.#enter(character);
    if (character === '"') this.#string();
    else this.#literal();
    this.#skipSpace();
  }

  #enter(character: "{" | "["): void {
    if (this.#open.length === maxDepth) this.#fail(`Nested deeper than ${maxDepth}`);
    this.#offset++;
    this.#skipSpace();
    const close = character === "{" ? "}" : "]";
    this.#open.push({ close, keys: character === "{" ? new Set() : undefined });
    this.#path.push(-1);
    if (this.#text[this.#offset] !== close) this.#next();
  }

  #afterValue(): void {
    const close = this.#open.at(-1)?.close;
    const character = this.#text[this.#offset];
    if (character !== close && character !== ",") this.#fail(`Expected "," or "${close}"`);
    this.#offset++;
    this.#skipSpace();
    if (character === ",") return this.#next();
    this.#open.pop();
    this.#path.pop();
  }

  #next(): void {
    const last = this.#path.length - 1;
    const keys = this.#open[last]?.keys;
    this.#path[last] = keys ? this.#key(keys) : Number(this.#path[last]) + 1;
    this.#value();
  }

  #key(keys: Set<string>): string {
    const begin = this.#offset;
    if (this.#text[begin] !== '"') this.#fail("Expected a key in double quotes");
    const key = this.#string();
    if (key === "__proto__") this.#fail(`The key "__proto__" is not allowed`, begin);
    if (keys.has(key)) {
      this.#fail(`The key ${excerpt(JSON.stringify(key))} is there twice`, begin);
    }
    keys.add(key);
    this.#skipSpace();
    if (this.#text[this.#offset] !== ":") this.#fail('Expected ":"');
    this.#offset++;
    this.#skipSpace();
    return key;
  }

  #string(): string {
    const text = this.#text;
    const begin = this.#offset;
    const { end, isEscaped } = this.#endOfString(begin);
    this.#offset = end;
    if (!isEscaped) return text.slice(begin + 1, end - 1);
    try {
      return JSON.parse(text.slice(begin, end)) as string;
    } catch {
      return this.#fail("A string with a wrong escape", begin);
    }
  }

  #endOfString(begin: number): { end: number; isEscaped: boolean } {
    const text = this.#text;
    let isEscaped = false;
    for (let at = begin + 1; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === quote) return { end: at + 1, isEscaped };
      if (code < 0x20) this.#fail("A control character in a string", at);
      if (code !== backslash) continue;
      isEscaped = true;
      at++;
    }
    return this.#fail("A string has no end", begin);
  }

  #literal(): void {
    const text = this.#text;
    literal.lastIndex = this.#offset;
    const [token] =
      literal.exec(text) ??
      this.#fail(this.#offset < text.length ? "Unexpected text" : "Unexpected end");
    // JSON.stringify would make it null.
    if (Math.abs(Number(token)) === Infinity) this.#fail("A number that is too large");
    this.#offset = literal.lastIndex;
  }

  #skipSpace(): void {
    while (isSpace(this.#text.charCodeAt(this.#offset))) this.#offset++;
  }

  #fail(message: string, offset = this.#offset): never {
    throw new JsonFault(message, offset);
  }
}

const scan = (text: string, onValue: (path: Path, offset: number) => void): void =>
  new Scanner(text, onValue).scan();

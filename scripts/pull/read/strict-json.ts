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

/** A step of the ways that are looked for, and where the value there begins. */
interface Step {
  offset: number | undefined;
  readonly next: Map<string | number, Step>;
}

/** Where the value at each path begins in `text`, or else the nearest value around it. */
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

/** Reads `text` once, from left to right, and shows every value's path and where it begins. */
function scan(text: string, onValue: (path: Path, offset: number) => void): void {
  const open: Container[] = [];
  const path: (string | number)[] = [];
  let at = 0;

  skipSpace();
  value();
  while (open.length > 0) afterValue();
  if (at < text.length) fail("Unexpected text after the end of the JSON");

  function value(): void {
    onValue(path, at);
    const character = text[at];
    if (character === "{" || character === "[") return enter(character);
    if (character === '"') string();
    else literal();
    skipSpace();
  }

  function enter(character: "{" | "["): void {
    if (open.length === maxDepth) fail(`Nested deeper than ${maxDepth}`);
    at++;
    skipSpace();
    const close = character === "{" ? "}" : "]";
    open.push({ close, keys: character === "{" ? new Set() : undefined });
    path.push(-1);
    if (text[at] !== close) next();
  }

  function afterValue(): void {
    const close = open.at(-1)?.close;
    if (text[at] === close) {
      open.pop();
      path.pop();
      at++;
      skipSpace();
      return;
    }
    if (text[at] !== ",") fail(`Expected "," or "${close}"`);
    at++;
    skipSpace();
    next();
  }

  function next(): void {
    const last = path.length - 1;
    const keys = open[last]?.keys;
    path[last] = keys ? key(keys) : Number(path[last]) + 1;
    value();
  }

  function key(keys: Set<string>): string {
    const begin = at;
    if (text[at] !== '"') fail("Expected a key in double quotes");
    const key = string();
    if (key === "__proto__") fail(`The key "__proto__" is not allowed`, begin);
    if (keys.has(key)) fail(`The key ${excerpt(JSON.stringify(key))} is there twice`, begin);
    keys.add(key);
    skipSpace();
    if (text[at] !== ":") fail('Expected ":"');
    at++;
    skipSpace();
    return key;
  }

  function string(): string {
    const begin = at++;
    let escaped = false;
    for (; ; at++) {
      const code = text.charCodeAt(at);
      if (code === quote) break;
      if (code === backslash) {
        escaped = true;
        at++;
      } else if (code < 0x20) fail("A control character in a string");
      else if (at >= text.length) fail("A string has no end", begin);
    }
    at++;
    if (!escaped) return text.slice(begin + 1, at - 1);
    try {
      return JSON.parse(text.slice(begin, at)) as string;
    } catch {
      return fail("A string with a wrong escape", begin);
    }
  }

  function literal(): void {
    const pattern = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
    pattern.lastIndex = at;
    const [token] =
      pattern.exec(text) ?? fail(at < text.length ? "Unexpected text" : "Unexpected end");
    // JSON.stringify would make it null.
    if (Math.abs(Number(token)) === Infinity) fail("A number that is too large");
    at = pattern.lastIndex;
  }

  function skipSpace(): void {
    while (isSpace(text.charCodeAt(at))) at++;
  }

  function fail(message: string, offset = at): never {
    throw new JsonFault(message, offset);
  }
}

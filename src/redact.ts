import { cleaned } from "./cleaned.js";
import { blanks, viewsOf } from "./escapes.js";

/** Takes secrets out of text of others, before it is put between words of our own. */
export interface Mask {
  /** `text` without the secrets. */
  readonly mask: (text: string) => string;
  /** `text` on one line, without secrets and what no reader sees, and only then cut. */
  readonly readable: (text: string, length?: number) => string;
}

/** Knows the newest secrets of one client, and keeps them out of whatever leaves it. */
export interface Redactor extends Mask {
  /** Remembers a token that a call is sent with, as the newest. */
  readonly add: (token: string) => void;
  /** Remembers the secret of a created token, as the newest. */
  readonly addCreated: (secret: string) => void;
  /**
   * For an error that a create was answered with: its secret is not known, so whatever has the form
   * of a token is masked too, and the value of every `token` key in the answer, wherever it stands.
   */
  readonly wary: (answer: string) => Mask;
  /** The error itself where no secret can be found in it, otherwise a copy without them. */
  readonly clean: (error: unknown) => unknown;
}

const MASK = "[redacted]";

/** Anything shorter is a placeholder, as in a test, and would occur in any text. */
const SHORTEST = 8;

/** How many tokens, and how many created secrets, are kept: each makes every error a bit slower. */
const KEPT = 100;

/** Lower case, and one alphabet of base64 (RFC 4648, sections 4 and 5). The length stays the same. */
const fold = (text: string): string =>
  text.replaceAll("İ", "i").toLowerCase().replaceAll("-", "+").replaceAll("_", "/");

/**
 * In folded text: a UUID, with or without hyphens, and what stands after a `token` key, in quotes,
 * in brackets, or bare. The first group is not part of it.
 */
const UUID = /[\da-f]{8}(?:\+?[\da-f]{4}){3}\+?[\da-f]{12}/g;
const VALUES = [
  /(token["']?\s*[:=>]\s*(["']))[^]*?(?=\2(?:[\s"',;&<>})\]]|$)|$)/g,
  /((?<!\w)token["']?\s*[:=]\s*)[[{][^]*/g,
  /(token["']?\s*[:=>]\s*)[^\s"',;&<>[\]{}()]{8,}/g,
];

/** The part of a secret's base64 that is the same whatever the 0 to 2 bytes before it in a group. */
const base64 = (secret: string, before: number): string =>
  btoa(" ".repeat(before) + secret).slice(
    Math.ceil((before * 4) / 3),
    Math.floor(((before + secret.length) * 4) / 3),
  );

/** A secret as it is looked for: the whole search is in folded text. */
function formsOf(secret: string): readonly string[] {
  const isLatin1 = /^[\0-\xff]*$/.test(secret);
  const encoded = isLatin1 ? [0, 1, 2].map((it) => base64(secret, it)) : [];
  const forms = [...viewsOf(secret).map(({ text }) => text), ...encoded].map(fold);
  // Little may be left of a secret that is nearly all escapes, and would occur in any text.
  return [...new Set(forms)].filter((it) => it.length >= Math.min(SHORTEST, secret.length / 2));
}

type Range = [from: number, to: number];

/** The matches from where to where, without their first groups. */
const valuesIn = (folded: string, patterns: readonly RegExp[]): Range[] =>
  patterns
    .flatMap((it) => [...folded.matchAll(it)])
    .map(({ 0: all, 1: before = "", index }) => [index + before.length, index + all.length]);

function createMask(forms: () => readonly string[], patterns: readonly RegExp[]): Mask {
  /** Each secret from where to where, in the order of the text. */
  function find(text: string): Range[] {
    const found = viewsOf(text).flatMap(({ text, origin }) => {
      const folded = fold(text);
      const ranges = valuesIn(folded, patterns).filter(([from, to]) => from < to);
      for (const form of forms()) {
        for (let at = 0; (at = folded.indexOf(form, at)) >= 0; at += form.length)
          ranges.push([at, at + form.length]);
      }
      return ranges.map((it): Range => [origin(it[0]), origin(it[1])]);
    });
    return found.sort(([a], [b]) => a - b);
  }

  function mask(text: string): string {
    let masked = "";
    let end = 0;
    for (const [from, to] of find(text)) {
      if (from >= end) masked += text.slice(end, from) + MASK;
      end = Math.max(end, to);
    }
    return masked + text.slice(end);
  }

  function readable(text: string, length = 300): string {
    const line = mask(text).replace(blanks(), " ").trim();
    // A character outside the basic plane is not cut in half.
    return line.length > length
      ? `${line.slice(0, length).replace(/[\uD800-\uDBFF]$/, "")}…`
      : line;
  }

  return { mask, readable };
}

export function createRedactor(): Redactor {
  const tokens = new Map<string, readonly string[]>();
  const created: typeof tokens = new Map();

  function keep(kept: typeof tokens, secret: string): void {
    if (secret.length < SHORTEST) return;
    const forms = kept.get(secret) ?? formsOf(secret);
    kept.delete(secret);
    kept.set(secret, forms);
    const [oldest = ""] = kept.keys();
    if (kept.size > KEPT) kept.delete(oldest);
  }

  const known = (): readonly string[] => [...tokens.values(), ...created.values()].flat();

  function wary(answer: string): Mask {
    const values = viewsOf(answer)
      .map(({ text }) => fold(text))
      .flatMap((it) => valuesIn(it, VALUES).map(([from, to]) => it.slice(from, to)));
    const likely = [...new Set(values)].filter((it) => it.length >= SHORTEST).slice(0, KEPT);
    return createMask(() => [...known(), ...likely], [UUID, ...VALUES]);
  }

  const { mask, readable } = createMask(known, []);
  return {
    mask,
    readable,
    add: (token) => keep(tokens, token),
    addCreated: (secret) => keep(created, secret),
    wary,
    clean: (error) => cleaned(error, mask),
  };
}

/** `text` with a mask in place of `token`, if that is long enough to be a secret, and of each UUID. */
export function withoutSecrets(text: string, token: string | undefined): string {
  const masked = token && token.length >= SHORTEST ? text.replaceAll(token, MASK) : text;
  return masked.replace(/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/gi, MASK);
}

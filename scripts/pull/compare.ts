import { isDeepStrictEqual } from "node:util";
import type { Json, JsonObject } from "../lib/json.ts";
import { cut, order } from "../lib/text.ts";
import { bumpFor, levels } from "./bump-rules.ts";
import { type Fact, factsOf } from "./facts.ts";
import type { Change } from "./report.ts";

/** Characters of a place or of a change: both hold names from a page, which have no end. */
const longest = 400;

/**
 * Every difference between two merged documents, the highest bump first, then by place; without a
 * document before, its zones and operations are new.
 *
 * @example
 * compare(before, after);
 * // [{ bump: "minor", where: "GET /users · 200 · name", what: "optional property added" }]
 */
export function compare(before: JsonObject | undefined, after: JsonObject): Change[] {
  const changes = before === undefined ? everythingIn(after) : differencesIn(before, after);
  return changes.sort((one, other) => order(rank(one), rank(other)));
}

const rank = ({ bump, where, what }: Change): string => `${levels.indexOf(bump)} ${where}\n${what}`;

const everythingIn = (document: JsonObject): Change[] =>
  [...factsOf(document).values()]
    .filter(({ kind }) => kind === "zone" || kind === "operation")
    .map(({ place }) => ({ bump: "minor", where: place, what: "new" }));

function differencesIn(before: JsonObject, after: JsonObject): Change[] {
  const [earlier, later] = [factsOf(before), factsOf(after)];
  const hidden = new Set<string>();
  return [...new Map([...later, ...earlier])].flatMap(([id, fact]) => {
    const [one, other] = [earlier.get(id), later.get(id)];
    // What comes or goes hides its parts.
    const isHidden = hidden.has(fact.within);
    if (isHidden || !one || !other) hidden.add(id);
    const [difference, values = ""] = isHidden ? [] : differenceOf(fact, one, other);
    if (difference === undefined) return [];
    // Between a body and a place in it stands a dot in the middle, and no other.
    const where = fact.place.replace(/ · $/, "").replace(" · .", " · ") || "document";
    const what = cut(difference + values, longest);
    return { bump: bumpFor(difference, fact.direction), where: cut(where, longest), what };
  });
}

/** What is to be said of a fact of one document or both, for the table of bumps, and its values. */
function differenceOf({ kind, name, value }: Fact, before?: Fact, after?: Fact): string[] {
  if (name === undefined) {
    if (isDeepStrictEqual(before?.value, after?.value)) return [];
    const [from, to] = [show(before?.value), show(after?.value)];
    return [`${kind} changed`, from === to ? "" : ` from ${from} to ${to}`];
  }
  const shown = value === undefined ? "" : `: ${show(value)}`;
  if (!after) return [`${kind} removed`, shown];
  const { isNeeded } = after;
  const need = isNeeded === undefined ? "" : isNeeded ? "required " : "optional ";
  if (!before) return [`${need}${kind} added`, shown];
  return before.isNeeded === isNeeded ? [] : [isNeeded ? "now required" : "no longer required"];
}

/** A value, cut to a readable length; words that need no quotes have none. */
function show(value: Json | undefined): string {
  if (value === undefined) return "none";
  const isWord = /^(?!(?:none|null|true|false)$)\p{L}[\p{L}\p{N}_:./-]*$/u;
  return cut(typeof value === "string" && isWord.test(value) ? value : JSON.stringify(value), 60);
}

import { operationsOf, zonesOf } from "../../generate/data.js";
import type { JsonObject } from "../../lib/json.js";
import { cut, order } from "../../lib/text.js";
import { type Bump, bumpFor, type Direction, type Level, levels } from "./bump-rules.js";
import type { PlacedDifference } from "./pairs.js";
import { differencesBetween } from "./walk.js";

export interface Change {
  readonly bump: Level;
  readonly where: string;
  readonly what: string;
}

/** Characters of a place or of a change: both hold names from a page, which have no end. */
const longest = 400;

/**
 * Every difference between two merged documents, the highest bump first; without a document
 * before, everything is new.
 */
export function compare(before: JsonObject | undefined, after: JsonObject): Change[] {
  const changes = before === undefined ? everything(after) : changesBetween(before, after);
  const readable = changes.map(({ bump, where, what }) => ({
    bump,
    where: cut(where, longest),
    what: cut(what, longest),
  }));
  const distinct = new Map(readable.map((change) => [JSON.stringify(change), change]));
  return [...distinct.values()].sort(
    (one, other) =>
      levels.indexOf(one.bump) - levels.indexOf(other.bump) ||
      order(one.where, other.where) ||
      order(one.what, other.what),
  );
}

function changesBetween(before: JsonObject, after: JsonObject): Change[] {
  const { request, response } = differencesBetween(before, after);
  const inDirection =
    (direction: Direction) =>
    ({ fact, what, path }: PlacedDifference): Change => ({
      bump: bumpFor(fact, direction),
      where: path,
      what,
    });
  return [...request.map(inDirection("request")), ...response.map(inDirection("response"))];
}

const everything = (document: JsonObject): Change[] =>
  [
    ...[...zonesOf(document).keys()].map((name) => `zone ${name}`),
    ...operationsOf(document).keys(),
  ].map((where) => ({ bump: "minor", where, what: "new" }));

export const highest = (changes: readonly { bump: Bump }[]): Bump =>
  levels.find((bump) => changes.some((change) => change.bump === bump)) ?? "none";

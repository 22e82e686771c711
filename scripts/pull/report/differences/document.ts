import { zoneName } from "../../../generate/data.js";
import type { JsonObject } from "../../../lib/json.js";
import { sameText } from "./both-documents.js";
import { Comparison, fixed, keyed, named, type Compare, type Difference } from "./comparison.js";
import { paths } from "./paths.js";
import { fromTo } from "./wording.js";

/** The sections of `components` (section 4.7.7) whose names nothing outside the document uses. */
const internal = new Set([
  ...["schemas", "responses", "parameters", "examples"],
  ...["requestBodies", "headers", "links", "callbacks"],
]);

/** Every difference in meaning between two documents, where a caller meets it. */
export function differencesBetween(before: JsonObject, after: JsonObject): Difference[] {
  const comparison = new Comparison(before, after);
  const note = comparison.noteAt("document", "response");
  const { components: had = {}, ...old } = before;
  const { components: has = {}, ...now } = after;
  const root = {
    info: info(comparison),
    servers: zones(comparison),
    tags: tags(comparison),
    paths: paths(comparison),
  };
  comparison.fields(old, now, note, fixed(root));
  // Last, when it is known which components the rest refers to.
  const rest = fixed({ components: components(comparison) });
  comparison.fields({ components: had }, { components: has }, note, rest);
  return comparison.differences();
}

const info =
  (comparison: Comparison): Compare =>
  (before, after) =>
    comparison.fields(before, after, comparison.noteAt("info", "response"), (key) => (x, y) => {
      const fact = key === "version" ? "API version updated" : (`${key} changed` as const);
      if (!sameText(x, y)) comparison.noteAt(`info.${key}`, "response")(fact, fromTo(x, y));
      return true;
    });

const zones =
  (comparison: Comparison): Compare =>
  (before, after) => {
    const [had, has] = [keyed(before, zoneOf), keyed(after, zoneOf)];
    if (!had || !has) return false;

    for (const name of new Set([...had.keys(), ...has.keys()])) {
      const note = comparison.noteAt(`zone ${name}`, "request");
      named(
        note,
        () => "zone added",
        "zone removed",
        (x, y) => comparison.fields(x, y, note),
      )(had.get(name), has.get(name));
    }
    const old = [...had.keys()].filter((name) => has.has(name));
    const now = [...has.keys()].filter((name) => had.has(name));
    if (!sameText(old, now)) {
      comparison.noteAt("zones", "request")("zones reordered", fromTo(old, now));
    }
    return true;
  };

const zoneOf = ({ url }: JsonObject): string | undefined =>
  typeof url === "string" && URL.canParse(url) ? zoneName(url) : undefined;

const tags =
  (comparison: Comparison): Compare =>
  (before, after) => {
    const [had, has] = [keyed(before, nameOf), keyed(after, nameOf)];
    if (!had || !has) return false;

    for (const name of new Set([...had.keys(), ...has.keys()])) {
      const note = comparison.noteAt(`tag ${name}`, "response");
      named(
        note,
        () => "tag added",
        "tag removed",
        (x, y) => sameText(x, y) || note("tag redefined"),
      )(had.get(name), has.get(name));
    }
    return true;
  };

const nameOf = ({ name }: JsonObject): string | undefined =>
  typeof name === "string" ? name : undefined;

const components =
  (comparison: Comparison): Compare =>
  (before, after) => {
    const at = (place: string) => comparison.noteAt(place, "response");
    return comparison.fields(before, after, at("components"), (section) => {
      if (section === "securitySchemes") {
        return (x, y) =>
          comparison.fields(x, y, at(section), (name) => securityScheme(comparison, name));
      }
      if (!internal.has(section)) return undefined;
      return (x, y) =>
        comparison.fields(x, y, at(section), (name) => component(comparison, section, name));
    });
  };

function securityScheme(comparison: Comparison, name: string): Compare {
  const note = comparison.noteAt(`security scheme ${name}`, "request");
  return named(
    note,
    () => "security scheme added",
    "security scheme removed",
    (before, after) => comparison.fields(before, after, note),
  );
}

/** What a component holds is compared where it is used; one without use is noted here. */
function component(comparison: Comparison, section: string, name: string): Compare {
  const { before, after } = comparison.documents;
  const reference = `#/components/${section}/${name}`;
  const used = before.followed.has(reference) && after.followed.has(reference);
  const note = comparison.noteAt(`component ${section}.${name}`, "response");
  return named(
    note,
    () => "component added",
    "component removed",
    (x, y) => used || sameText(x, y) || note("component redefined"),
  );
}

import type { Direction } from "../bump-rules.js";
import { fixed, named, type Compare, type Comparison } from "./comparison.js";
import { join, show } from "./wording.js";

export const responses =
  (comparison: Comparison, operation: string): Compare =>
  (before, after) =>
    comparison.fields(before, after, comparison.noteAt(operation, "response"), (status) =>
      status.startsWith("x-") ? undefined : response(comparison, `${operation} · ${status}`),
    );

function response(comparison: Comparison, where: string): Compare {
  const note = comparison.noteAt(where, "response");
  return named(
    note,
    () => "response status added",
    "response status removed",
    (before, after) =>
      comparison.fields(
        ...comparison.documents.resolve(before, after, note),
        note,
        fixed({
          content: content(comparison, where, "response"),
          headers: (x, y) =>
            comparison.fields(x, y, note, (name) =>
              header(comparison, `${where} · header ${name}`),
            ),
        }),
      ),
  );
}

function header(comparison: Comparison, where: string): Compare {
  const note = comparison.noteAt(where, "response");
  return named(
    note,
    () => "header added",
    "header removed",
    (before, after) =>
      comparison.fields(
        ...comparison.documents.resolve(before, after, note),
        note,
        fixed({
          schema: (x, y) => comparison.schema(x, y, "response", (path) => join(where, path)),
          content: content(comparison, where, "response"),
        }),
      ),
  );
}

export const content =
  (comparison: Comparison, outer: string, direction: Direction): Compare =>
  (before, after) =>
    comparison.fields(before, after, comparison.noteAt(outer, direction), (type) => {
      const where = type === "application/json" ? outer : `${outer} · ${type}`;
      const note = comparison.noteAt(where, direction);
      return named(
        note,
        () => "media type added",
        "media type removed",
        (x, y) =>
          comparison.fields(
            x,
            y,
            note,
            fixed({
              schema: (a, b) =>
                comparison.schema(a, b, direction, (path) => join(where, path, " · ")),
            }),
          ),
        `: ${show(type)}`,
      );
    });

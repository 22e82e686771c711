import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isObject, type Json, type JsonObject } from "../../scripts/lib/json.js";
import { type Bump, highest } from "../../scripts/pull/bump-rules.js";
import { compare } from "../../scripts/pull/compare.js";
import { anyModel, documentOf, editsOf, type Edit, type Model } from "./report-arbitrary.js";
import { at, edited } from "./report-documents.js";

const bumps: Bump[] = ["none", "patch", "minor", "major"];
const higher = (x: Bump, y: Bump): Bump => (bumps.indexOf(x) > bumps.indexOf(y) ? x : y);

/** The document after the edits that `pick` chooses from all possible ones. */
function make(model: Model, pick: (edits: Edit[]) => Edit[]): [Edit[], JsonObject] {
  const copy = structuredClone(model);
  const edits = pick(editsOf(copy));
  for (const edit of edits) edit.make();
  return [edits, documentOf(copy)];
}

describe("any document", () => {
  it("does not differ from itself, with nor without a component that changed elsewhere", () => {
    fc.assert(
      fc.property(anyModel, (model) => {
        const document = documentOf(model);
        expect(compare(document, documentOf(model))).toEqual([]);
        const after = edited(document, (d) => (at(d, "components", "schemas")["New"] = {}));
        expect(compare(document, after)).toEqual([
          { bump: "patch", where: "component schemas.New", what: "component added" },
        ]);
      }),
    );
  });

  it("does not differ from itself with its keys and sets in another order", () => {
    const turn = (value: Json, key?: string): Json => {
      if (Array.isArray(value)) {
        const items = value.map((item) => turn(item));
        return key === "servers" ? items : items.reverse();
      }
      if (!isObject(value)) return value;
      const entries = Object.entries(value).map(
        ([name, item]) => [name, turn(item, name)] as const,
      );
      return Object.fromEntries(entries.reverse());
    };
    fc.assert(
      fc.property(anyModel, (model) => {
        const document = documentOf(model);
        const turned = turn(document);
        expect(compare(document, turned as JsonObject)).toEqual([]);
      }),
    );
  });

  it("reports any single edit where it was made, with its bump, and nothing else", () => {
    fc.assert(
      fc.property(anyModel, fc.nat(), (model, index) => {
        const [[edit], after] = make(model, (edits) => [edits[index % edits.length] as Edit]);
        const report = compare(documentOf(model), after);
        expect(highest(report)).toBe(edit?.bump);
        expect(report).toContainEqual(
          expect.objectContaining({ where: edit?.where, bump: edit?.bump }),
        );
        const elsewhere = report.filter(
          ({ where, bump }) =>
            where !== edit?.where && !(bump === "patch" && edit?.also?.test(where)),
        );
        expect(elsewhere).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it("calls for the higher bump of two edits", () => {
    fc.assert(
      fc.property(anyModel, fc.nat(), fc.nat(), (model, first, second) => {
        const [[one, two], after] = make(model, (edits) =>
          [first, second].map((index) => edits[index % edits.length] as Edit),
        );
        // One edit may hide, or undo, another at the same place or around it.
        if (!one || !two || one.where.startsWith(two.where) || two.where.startsWith(one.where))
          return;
        const report = compare(documentOf(model), after);
        expect(highest(report)).toBe(higher(one.bump, two.bump));
        for (const { where, bump } of [one, two]) {
          expect(report).toContainEqual(expect.objectContaining({ where, bump }));
        }
      }),
      { numRuns: 300 },
    );
  });

  it("is never taken for one in which anything was replaced, deleted or renamed", () => {
    const places = (value: Json, place: string[] = []): string[][] =>
      typeof value === "object" && value !== null
        ? Object.entries(value).flatMap(([key, child]) => [
            [...place, key],
            ...places(child, [...place, key]),
          ])
        : [];
    fc.assert(
      fc.property(
        anyModel,
        fc.nat(),
        fc.constantFrom("text", "null", "delete", "rename"),
        (model, index, action) => {
          const before = documentOf(model);
          const all = places(before);
          const place = all[index % all.length] ?? [];
          const [key = ""] = place.slice(-1);
          const after = edited(before, (d) => {
            const parent = at(d, ...place.slice(0, -1));
            const value = parent[key] ?? null;
            if (Array.isArray(parent) && (action === "delete" || action === "rename")) {
              parent.splice(Number(key), 1);
              return;
            }
            if (action === "text") parent[key] = "something else";
            else if (action === "null") parent[key] = null;
            else delete parent[key];
            if (action === "rename") parent[`${key}2`] = value;
          });
          expect(compare(before, after), place.join(" / ")).not.toEqual([]);
          expect(compare(after, before), place.join(" / ")).not.toEqual([]);
          expect(compare(after, structuredClone(after))).toEqual([]);
        },
      ),
      { numRuns: 300 },
    );
  });
});

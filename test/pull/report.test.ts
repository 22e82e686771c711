import { describe, expect, it } from "vitest";
import { Refusal } from "../../scripts/lib/refusal.js";
import { nextVersion } from "../../scripts/lib/manifest.js";
import { formatReport as format, reportAsJson as asJson } from "../../scripts/pull/report.js";
import { highest } from "../../scripts/pull/bump-rules.js";
import { compare } from "../../scripts/pull/compare.js";
import type { Change } from "../../scripts/pull/report.js";
import { at, edited, lines, things } from "./report-documents.js";

const formatReport = (changes: readonly Change[], version?: string) =>
  format({ changes, notes: [] }, version);
const reportAsJson = (changes: readonly Change[]) => asJson({ changes, notes: [] });
const change = (bump: Change["bump"]): Change => ({ bump, where: bump, what: "changed" });

describe("compare", () => {
  it("reports every zone and operation of a first document as new", () => {
    expect(lines(undefined, things)).toEqual([
      "minor  DELETE /things/{id}/parts/{part}: new",
      "minor  GET /things: new",
      "minor  POST /things: new",
      "minor  zone eu1: new",
      "minor  zone eu1.celonis: new",
      "minor  zone us1: new",
    ]);
  });

  it("puts the highest bump first, then orders by place", () => {
    const after = edited(things, (d) => {
      at(d, "info")["title"] = "Stuff";
      at(d, "paths")["/new"] = { get: {} };
      delete at(d, "paths")["/things"];
    });
    expect(compare(things, after)).toEqual([
      { bump: "major", where: "GET /things", what: "operation removed" },
      { bump: "major", where: "POST /things", what: "operation removed" },
      { bump: "minor", where: "GET /new", what: "operation added" },
      { bump: "patch", where: "info.title", what: "title changed from Things to Stuff" },
    ]);
  });

  it("sees no meaning in saying what is so by default", () => {
    const after = edited(things, (d) => {
      const get = at(d, "paths", "/things", "get");
      get["deprecated"] = false;
      at(get, "parameters", 0)["required"] = false;
      at(get, "parameters", 0)["allowReserved"] = false;
      at(get, "parameters", 0, "schema")["nullable"] = false;
      at(d, "paths", "/things", "post", "requestBody")["required"] = false;
    });
    expect(compare(things, after)).toEqual([]);
  });
});

describe("the version", () => {
  it("is raised by the highest bump", () => {
    expect(highest([])).toBe("none");
    expect(highest([change("patch")])).toBe("patch");
    expect(highest([change("patch"), change("minor"), change("patch")])).toBe("minor");
    expect(highest([change("minor"), change("major"), change("patch")])).toBe("major");
  });

  it.each([
    ["1.2.3", "1.2.4", "1.3.0", "2.0.0"],
    ["0.9.9", "0.9.10", "0.10.0", "1.0.0"],
    ["1.2.3-rc.1", "1.2.3", "1.3.0", "2.0.0"],
    ["1.2.0-rc.1", "1.2.0", "1.2.0", "2.0.0"],
  ])("%s is followed by %s, %s or %s", (version, patch, minor, major) => {
    expect(nextVersion(version, "patch")).toBe(patch);
    expect(nextVersion(version, "minor")).toBe(minor);
    expect(nextVersion(version, "major")).toBe(major);
  });

  it.each(["", "1", "1.2", "v1.2.3", "1.2.x", "1.2.3 ", "1.0.0-rc.1+build.5"])(
    "%j is refused",
    (version) => {
      expect(() => nextVersion(version, "minor")).toThrow(Refusal);
    },
  );
});

describe("the report for a person", () => {
  const changes: Change[] = [
    { bump: "major", where: "GET /a · 200", what: "type changed from string to integer" },
    { bump: "patch", where: "info.title", what: "title changed" },
  ];

  it("ends with the bump, the current version and the next one", () => {
    expect(formatReport(changes, "1.4.2").split("\n")).toEqual([
      "major  GET /a · 200: type changed from string to integer",
      "patch  info.title: title changed",
      "",
      "Bump: major, version 1.4.2 to 2.0.0",
    ]);
  });

  it("names no version where there is none, and says that nothing is to be done", () => {
    expect(formatReport(changes.slice(1))).toMatch(/\nBump: patch$/);
    expect(formatReport([], "1.4.2")).toBe("Bump: none, version 1.4.2 stays");
    expect(formatReport([])).toBe("Bump: none");
  });

  it("shows what could steer a terminal as escapes, and keeps a change to its line", () => {
    const hostile = "\u001b[2J\u202e\u2028\r\n\u0007\u009b";
    const before = edited(things, (d) => {
      at(d, "paths", "/things", "get", "parameters", 0)["name"] = hostile;
      at(d, "info")["title"] = hostile;
    });
    const after = edited(before, (d) => {
      at(d, "paths", "/things", "get", "parameters", 0)["required"] = true;
      at(d, "info")["title"] = `${hostile}!`;
    });
    const report = formatReport(compare(before, after), "1.0.0");
    expect(report.split("\n")).toHaveLength(4);
    expect(report.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    expect(reportAsJson(compare(before, after)).replaceAll("\n", "")).not.toMatch(
      /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u,
    );
    expect(JSON.parse(reportAsJson(compare(before, after))).changes).toEqual(
      compare(before, after),
    );
    expect(report).toContain("query \\x1b[2J\\u202e\\u2028\\x0d\\x0a\\x07\\x9b: now required");
  });

  it("cuts long values between characters", () => {
    const after = edited(things, (d) => (at(d, "info")["x-long"] = "😀".repeat(1000)));
    const [{ what } = { what: "" }] = compare(things, after);
    expect(what.length).toBeLessThan(200);
    expect(what).toMatch(/^x-long changed from none to "(😀)+…$/u);
  });

  it("shows the notes after the changes, and does not count them", () => {
    const notes = [{ where: "api-tokens.md:17", what: "required names no property" }];
    expect(format({ changes, notes }).split("\n").slice(2)).toEqual([
      "note  api-tokens.md:17: required names no property",
      "",
      "Bump: major",
    ]);
    expect(JSON.parse(asJson({ changes: [], notes }))).toEqual({
      bump: "none",
      changes: [],
      notes,
    });
  });

  it("has an end, however much has changed and however long names are", () => {
    const many = edited(things, (d) => {
      const answer = at(d, "paths", "/things", "get", "responses", "200", "content");
      const properties = at(answer, "application/json", "schema", "properties");
      for (let i = 0; i < 20_000; i++) properties[`p${i}`] = { type: "string" };
      at(d, "tags")[2] = { name: "t".repeat(2_000_000) };
    });
    const found = compare(things, many);
    expect(found).toHaveLength(20_001);
    const text = formatReport(found, "1.0.0").split("\n");
    expect(text[100]).toBe("minor  …: and 19900 more");
    expect(text.join("\n").length).toBeLessThan(20_000);
    const json = reportAsJson(found);
    expect(JSON.parse(json)).toMatchObject({ bump: "minor", notes: [] });
    expect(JSON.parse(json).changes[1000]).toEqual({
      bump: "minor",
      where: "…",
      what: "and 19000 more",
    });
    expect(json.length).toBeLessThan(200_000);
  });
});

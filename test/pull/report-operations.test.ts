import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../scripts/lib/json.js";
import { at, edited, lines, things } from "./report-documents.js";

type Edit = (document: JsonObject) => void;
/** A title, an edit, what it is reported as, and what taking it back is reported as. */
type Row = [title: string, edit: Edit, forth: string[], back: string[]];

const get = ["paths", "/things", "get"];
const post = ["paths", "/things", "post"];
const answer = [...get, "responses", "200"];
const parts = "/things/{id}/parts/{part}";
const remove = ["paths", parts, "delete"];
const server = (url: string): JsonObject => ({ url });

const rows: Row[] = [
  [
    "an operation removed",
    (d) => delete at(d, "paths", "/things")["post"],
    ["major  POST /things: operation removed"],
    ["minor  POST /things: operation added"],
  ],
  [
    "a path removed",
    (d) => delete at(d, "paths")[parts],
    [`major  DELETE ${parts}: operation removed`],
    [`minor  DELETE ${parts}: operation added`],
  ],
  [
    "an operation moved to another path",
    (d) => {
      at(d, "paths")["/stuff"] = { post: at(d, ...post) };
      delete at(d, "paths", "/things")["post"];
    },
    ["major  POST /things: operation removed", "minor  POST /stuff: operation added"],
    ["major  POST /stuff: operation removed", "minor  POST /things: operation added"],
  ],
  [
    "a path without operations removed",
    (d) => (at(d, "paths")["/empty"] = {}),
    ["major  /empty: path added"],
    ["major  /empty: path removed"],
  ],
  [
    "a zone added",
    (d) => (at(d, "servers")[3] = server("https://eu3.make.com/api/v2")),
    ["minor  zone eu3: zone added"],
    ["major  zone eu3: zone removed"],
  ],
  [
    "a zone inserted before the others",
    (d) =>
      (d["servers"] = [
        server("https://eu1.celonis.make.org/api/v2"),
        ...Object.values(at(d, "servers")),
      ]),
    ["minor  zone eu1.celonis.org: zone added"],
    ["major  zone eu1.celonis.org: zone removed"],
  ],
  [
    "a zone with another base URL",
    (d) => (at(d, "servers", 0)["url"] = "https://eu1.make.com/v3"),
    ["major  zone eu1: url changed from https://eu1.make.com/api/v2 to https://eu1.make.com/v3"],
    ["major  zone eu1: url changed from https://eu1.make.com/v3 to https://eu1.make.com/api/v2"],
  ],
  [
    "the order of servers",
    (d) => (d["servers"] = Object.values(at(d, "servers")).reverse()),
    [
      'patch  zones: zones reordered from ["eu1","us1","eu1.celonis"] to ["eu1.celonis","us1","eu1"]',
    ],
    [
      'patch  zones: zones reordered from ["eu1.celonis","us1","eu1"] to ["eu1","us1","eu1.celonis"]',
    ],
  ],
  [
    "the description of a zone",
    (d) => (at(d, "servers", 1)["description"] = "USA"),
    ['patch  zone us1: description changed from "United States" to USA'],
    ['patch  zone us1: description changed from USA to "United States"'],
  ],
  [
    "the version that Make gives the API",
    (d) => (at(d, "info")["version"] = "1.1.0"),
    ['patch  info.version: API version updated from "1.0.0" to "1.1.0"'],
    ['patch  info.version: API version updated from "1.1.0" to "1.0.0"'],
  ],
  [
    "the API's title, and a description gone",
    (d) => (d["info"] = { title: "Stuff", version: "1.0.0" }),
    [
      'patch  info.description: description changed from "All about things." to none',
      "patch  info.title: title changed from Things to Stuff",
    ],
    [
      'patch  info.description: description changed from none to "All about things."',
      "patch  info.title: title changed from Stuff to Things",
    ],
  ],
  [
    "a key of info that no rule knows",
    (d) => (at(d, "info")["license"] = { name: "MIT" }),
    ['major  info.license: license changed from none to {"name":"MIT"}'],
    ['major  info.license: license changed from {"name":"MIT"} to none'],
  ],
  [
    "the version of OpenAPI",
    (d) => (d["openapi"] = "3.0.3"),
    ['patch  document: openapi changed from "3.0.0" to "3.0.3"'],
    ['patch  document: openapi changed from "3.0.3" to "3.0.0"'],
  ],
  [
    "extensions at every level",
    (d) => {
      for (const place of [[], ["info"], ["servers", 0], ["paths"], get, [...get, "responses"]]) {
        at(d, ...place)["x-note"] = { get: {} };
      }
      at(d, "components", "securitySchemes", "token")["x-note"] = { get: {} };
    },
    ["GET /things", "document", "info.x-note", "paths", "security scheme token", "zone eu1"].map(
      (where) => `patch  ${where}: x-note changed from none to {"get":{}}`,
    ),
    ["GET /things", "document", "info.x-note", "paths", "security scheme token", "zone eu1"].map(
      (where) => `patch  ${where}: x-note changed from {"get":{}} to none`,
    ),
  ],
  [
    "tags of the document",
    (d) => (d["tags"] = [{ name: "New" }, { name: "Things", description: "All things." }]),
    [
      "patch  tag New: tag added",
      "patch  tag Other: tag removed",
      "patch  tag Things: tag redefined",
    ],
    [
      "patch  tag New: tag removed",
      "patch  tag Other: tag added",
      "patch  tag Things: tag redefined",
    ],
  ],
  [
    "a tag of an operation",
    (d) => (at(d, ...get)["tags"] = ["Things"]),
    ['patch  GET /things: tags changed from ["Things","Other"] to ["Things"]'],
    ['patch  GET /things: tags changed from ["Things"] to ["Things","Other"]'],
  ],
  [
    "a summary, a description, deprecation",
    (d) => Object.assign(at(d, ...get), { summary: "All", description: "", deprecated: true }),
    [
      "patch  GET /things: deprecated changed from false to true",
      'patch  GET /things: description changed from "Lists things." to ""',
      'patch  GET /things: summary changed from "List things" to All',
    ],
    [
      "patch  GET /things: deprecated changed from true to false",
      'patch  GET /things: description changed from "" to "Lists things."',
      'patch  GET /things: summary changed from All to "List things"',
    ],
  ],
  [
    "the id of an operation",
    (d) => (at(d, ...get)["operationId"] = "listThings"),
    ["major  GET /things: operationId changed from none to listThings"],
    ["major  GET /things: operationId changed from listThings to none"],
  ],
  [
    "a path parameter renamed",
    (d) => {
      at(d, "paths")["/things/{thing}/parts/{part}"] = at(d, "paths", parts);
      delete at(d, "paths")[parts];
      at(d, "paths", "/things/{thing}/parts/{part}", "delete", "parameters", 0)["name"] = "thing";
    },
    [`major  DELETE ${parts} · path id: path parameter renamed to thing`],
    ["major  DELETE /things/{thing}/parts/{part} · path thing: path parameter renamed to id"],
  ],
  [
    "two path parameters that change places",
    (d) => {
      at(d, "paths")["/things/{part}/parts/{id}"] = at(d, "paths", parts);
      delete at(d, "paths")[parts];
    },
    [
      `major  DELETE ${parts} · path id: format changed from none to uuid`,
      `major  DELETE ${parts} · path id: path parameter renamed to part`,
      `major  DELETE ${parts} · path part: format changed from uuid to none`,
      `major  DELETE ${parts} · path part: path parameter renamed to id`,
    ],
    [
      "major  DELETE /things/{part}/parts/{id} · path id: format changed from none to uuid",
      "major  DELETE /things/{part}/parts/{id} · path id: path parameter renamed to part",
      "major  DELETE /things/{part}/parts/{id} · path part: format changed from uuid to none",
      "major  DELETE /things/{part}/parts/{id} · path part: path parameter renamed to id",
    ],
  ],
  [
    "an operation added where a path parameter was renamed",
    (d) => {
      const item = at(d, "paths", parts);
      at(d, "paths")["/things/{thing}/parts/{part}"] = { get: { responses: {} }, ...item };
      delete at(d, "paths")[parts];
      at(item, "delete", "parameters", 0)["name"] = "thing";
    },
    [
      `major  DELETE ${parts} · path id: path parameter renamed to thing`,
      "minor  GET /things/{thing}/parts/{part}: operation added",
    ],
    [
      "major  DELETE /things/{thing}/parts/{part} · path thing: path parameter renamed to id",
      "major  GET /things/{thing}/parts/{part}: operation removed",
    ],
  ],
  [
    "the format of a path parameter",
    (d) => (at(d, ...remove, "parameters", 1, "schema")["format"] = "date-time"),
    [`major  DELETE ${parts} · path part: format changed from uuid to date-time`],
    [`major  DELETE ${parts} · path part: format changed from date-time to uuid`],
  ],
  [
    "an optional parameter added",
    (d) => (at(d, ...get, "parameters")[2] = { name: "sort[by]", in: "query" }),
    ["minor  GET /things · query sort[by]: optional parameter added"],
    ["major  GET /things · query sort[by]: parameter removed"],
  ],
  [
    "a required parameter added",
    (d) => (at(d, ...get, "parameters")[2] = { name: "sort", in: "query", required: true }),
    ["major  GET /things · query sort: required parameter added"],
    ["major  GET /things · query sort: parameter removed"],
  ],
  [
    "a parameter newly required",
    (d) => (at(d, ...get, "parameters", 0)["required"] = true),
    ["major  GET /things · query limit: now required"],
    ["minor  GET /things · query limit: no longer required"],
  ],
  [
    "a parameter moved from the query to a header",
    (d) => (at(d, ...get, "parameters", 0)["in"] = "header"),
    [
      "major  GET /things · query limit: parameter removed",
      "minor  GET /things · header limit: optional parameter added",
    ],
    [
      "major  GET /things · header limit: parameter removed",
      "minor  GET /things · query limit: optional parameter added",
    ],
  ],
  [
    "how a parameter is written",
    (d) => (at(d, ...get, "parameters", 0)["explode"] = false),
    ["major  GET /things · query limit: explode changed from none to false"],
    ["major  GET /things · query limit: explode changed from false to none"],
  ],
  [
    "texts of a parameter",
    (d) => Object.assign(at(d, ...get, "parameters", 0), { description: "Most", example: 5 }),
    [
      "patch  GET /things · query limit: description changed from none to Most",
      "patch  GET /things · query limit: example changed from none to 5",
    ],
    [
      "patch  GET /things · query limit: description changed from Most to none",
      "patch  GET /things · query limit: example changed from 5 to none",
    ],
  ],
  [
    "the type of a parameter",
    (d) =>
      (at(d, ...get, "parameters", 0)["schema"] = { type: "array", items: { type: "integer" } }),
    [
      'major  GET /things · query limit: items changed from none to {"type":"integer"}',
      "major  GET /things · query limit: type changed from integer to array",
    ],
    [
      'major  GET /things · query limit: items changed from {"type":"integer"} to none',
      "major  GET /things · query limit: type changed from array to integer",
    ],
  ],
  [
    "an optional body added",
    (d) => (at(d, ...get)["requestBody"] = { content: {} }),
    ["minor  GET /things · request: optional request body added"],
    ["major  GET /things · request: request body removed"],
  ],
  [
    "a required body added",
    (d) => (at(d, ...get)["requestBody"] = { required: true, content: {} }),
    ["major  GET /things · request: required request body added"],
    ["major  GET /things · request: request body removed"],
  ],
  [
    "a body newly required",
    (d) => (at(d, ...post, "requestBody")["required"] = true),
    ["major  POST /things · request: now required"],
    ["minor  POST /things · request: no longer required"],
  ],
  [
    "a media type of a body",
    (d) => delete at(d, ...post, "requestBody", "content")["text/csv"],
    ["major  POST /things · request · text/csv: media type removed: text/csv"],
    ["major  POST /things · request · text/csv: media type added: text/csv"],
  ],
  [
    "the schema of another media type than JSON",
    (d) => (at(d, ...post, "requestBody", "content", "text/csv", "schema")["type"] = "number"),
    ["major  POST /things · request · text/csv: type changed from string to number"],
    ["major  POST /things · request · text/csv: type changed from number to string"],
  ],
  [
    "a media type without a schema",
    (d) => delete at(d, ...post, "requestBody", "content", "text/csv")["schema"],
    ['major  POST /things · request · text/csv: schema changed from {"type":"string"} to none'],
    ['major  POST /things · request · text/csv: schema changed from none to {"type":"string"}'],
  ],
  [
    "a response status removed",
    (d) => delete at(d, ...get, "responses")["404"],
    ["major  GET /things · 404: response status removed"],
    ["minor  GET /things · 404: response status added"],
  ],
  [
    "a default response",
    (d) => (at(d, ...get, "responses")["default"] = { description: "Any error" }),
    ["minor  GET /things · default: response status added"],
    ["major  GET /things · default: response status removed"],
  ],
  [
    "the description of a response",
    (d) => (at(d, ...answer)["description"] = "All things"),
    ['patch  GET /things · 200: description changed from Things to "All things"'],
    ['patch  GET /things · 200: description changed from "All things" to Things'],
  ],
  [
    "a media type of a response",
    (d) => delete at(d, ...answer)["content"],
    ["major  GET /things · 200: media type removed: application/json"],
    ["major  GET /things · 200: media type added: application/json"],
  ],
  [
    "examples of a response",
    (d) => (at(d, ...answer, "content", "application/json")["examples"] = { one: { value: 1 } }),
    ['patch  GET /things · 200: examples changed from none to {"one":{"value":1}}'],
    ['patch  GET /things · 200: examples changed from {"one":{"value":1}} to none'],
  ],
  [
    "a header of a response",
    (d) => delete at(d, ...answer, "headers")["X-Total"],
    ["major  GET /things · 200 · header X-Total: header removed"],
    ["major  GET /things · 200 · header X-Total: header added"],
  ],
  [
    "the type of a header of a response",
    (d) => (at(d, ...answer, "headers", "X-Total", "schema")["type"] = "string"),
    ["major  GET /things · 200 · header X-Total: type changed from integer to string"],
    ["major  GET /things · 200 · header X-Total: type changed from string to integer"],
  ],
  [
    "callbacks, which no rule knows",
    (d) => (at(d, ...post)["callbacks"] = {}),
    ["major  POST /things: callbacks changed from none to {}"],
    ["major  POST /things: callbacks changed from {} to none"],
  ],
  [
    "a scope required in addition",
    (d) => (at(d, ...get)["security"] = [{ token: ["teams:read", "things:read"] }]),
    ["major  GET /things · security: scope now required: teams:read"],
    ["minor  GET /things · security: scope no longer required: teams:read"],
  ],
  [
    "a scope required instead",
    (d) => (at(d, ...get)["security"] = [{ token: ["teams:read"] }]),
    [
      "major  GET /things · security: scope now required: teams:read",
      "minor  GET /things · security: scope no longer required: things:read",
    ],
    [
      "major  GET /things · security: scope now required: things:read",
      "minor  GET /things · security: scope no longer required: teams:read",
    ],
  ],
  [
    "a second scheme in addition",
    (d) => (at(d, ...get)["security"] = [{ token: ["things:read"], other: [] }]),
    [
      'major  GET /things · security: security changed from [{"token":["things:read"]}] to [{"token":["things:read"],"other":[]}]',
    ],
    [
      'major  GET /things · security: security changed from [{"token":["things:read"],"other":[]}] to [{"token":["things:read"]}]',
    ],
  ],
  [
    "an operation without authentication",
    (d) => (at(d, ...get)["security"] = []),
    ['major  GET /things · security: security changed from [{"token":["things:read"]}] to []'],
    ['major  GET /things · security: security changed from [] to [{"token":["things:read"]}]'],
  ],
  [
    "security no longer stated",
    (d) => delete at(d, ...get)["security"],
    ['major  GET /things · security: security changed from [{"token":["things:read"]}] to none'],
    ['major  GET /things · security: security changed from none to [{"token":["things:read"]}]'],
  ],
  [
    "the name of the authentication header",
    (d) => (at(d, "components", "securitySchemes", "token")["name"] = "X-Token"),
    ["major  security scheme token: name changed from Authorization to X-Token"],
    ["major  security scheme token: name changed from X-Token to Authorization"],
  ],
  [
    "another authentication scheme",
    (d) => {
      at(d, "components")["securitySchemes"] = {
        key: at(d, "components", "securitySchemes", "token"),
      };
      at(d, ...get)["security"] = [{ key: ["things:read"] }];
    },
    [
      'major  GET /things · security: security changed from [{"token":["things:read"]}] to [{"key":["things:read"]}]',
      "major  security scheme key: security scheme added",
      "major  security scheme token: security scheme removed",
    ],
    [
      'major  GET /things · security: security changed from [{"key":["things:read"]}] to [{"token":["things:read"]}]',
      "major  security scheme key: security scheme removed",
      "major  security scheme token: security scheme added",
    ],
  ],
  [
    "the description of the authentication scheme",
    (d) => (at(d, "components", "securitySchemes", "token")["description"] = "A token."),
    ['patch  security scheme token: description changed from "Your token." to "A token."'],
    ['patch  security scheme token: description changed from "A token." to "Your token."'],
  ],
  [
    "a component that no operation refers to",
    (d) => (at(d, "components", "schemas", "Unused")["type"] = "array"),
    ["patch  component schemas.Unused: component redefined"],
    ["patch  component schemas.Unused: component redefined"],
  ],
  [
    "a component that no operation refers to, removed",
    (d) => delete at(d, "components")["schemas"],
    ["patch  component schemas.Unused: component removed"],
    ["patch  component schemas.Unused: component added"],
  ],
];

describe("a difference", () => {
  it.each(rows)("%s", (_, edit, forth, back) => {
    const after = edited(things, edit);
    expect(lines(things, after)).toEqual(forth);
    expect(lines(after, things)).toEqual(back);
  });
});

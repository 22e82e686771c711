import { describe, expect, it } from "vitest";
import type { Json } from "../../scripts/lib/json.js";
import { at, edited, lines, things } from "./report-documents.js";

/** Edits at places in the document: the value that is put there, or none. */
type Edits = [place: string, value?: Json | undefined][];

const names: { [name: string]: string[] } = {
  GET: ["paths", "/things", "get"],
  POST: ["paths", "/things", "post"],
  DELETE: ["paths", "/things/{id}/parts/{part}", "delete"],
  200: ["responses", "200"],
  json: ["content", "application/json"],
};

const withEdits = (edits: Edits) =>
  edited(things, (document) => {
    for (const [place, value] of edits) {
      const keys = place.split(" ").flatMap((name) => names[name] ?? [name]);
      const [key = ""] = keys.splice(-1);
      if (value === undefined) delete at(document, ...keys)[key];
      else at(document, ...keys)[key] = value;
    }
  });

const zone = (name: string) => ({ url: `https://${name}.make.com/api/v2` });
const servers = Object.values(at(things, "servers"));
const operation = (...keys: string[]) => structuredClone(at(things, "paths", ...keys));
const removal = operation("/things/{id}/parts/{part}");
const renamed = edited(removal, (d) => (at(d, "delete", "parameters", 0)["name"] = "thing"));
const parameter = (name: string, required?: true) => ({
  name,
  in: "query",
  ...(required && { required }),
});
const scheme = { type: "apiKey", name: "Authorization", in: "header" };

/** What is reported of an edit, and of taking it back where that is not the same the other way. */
const rows: [Edits, forth: string | string[], back?: string | string[]][] = [
  // Operations and paths.
  [[["POST"]], "major  POST /things: operation removed", "minor  POST /things: operation added"],
  [
    [["POST"], ["paths /stuff", { post: operation("/things", "post") }]],
    ["major  POST /things: operation removed", "minor  POST /stuff: operation added"],
    ["major  POST /stuff: operation removed", "minor  POST /things: operation added"],
  ],
  [[["paths /empty", {}]], "major  /empty: path added", "major  /empty: path removed"],
  [
    [["GET operationId", "listThings"]],
    "major  GET /things: operationId changed from none to listThings",
  ],
  [[["POST callbacks", {}]], "major  POST /things: callbacks changed from none to {}"],
  [[["GET deprecated", true]], "patch  GET /things: deprecated changed from false to true"],
  [[["GET description", ""]], 'patch  GET /things: description changed from "Lists things." to ""'],
  [[["GET summary", "All"]], 'patch  GET /things: summary changed from "List things" to All'],
  [
    [["GET tags", ["Things"]]],
    'patch  GET /things: tags changed from ["Other","Things"] to ["Things"]',
  ],
  [
    [["paths /things summary", "All"]],
    [
      "patch  GET /things: summary changed from none to All",
      "patch  POST /things: summary changed from none to All",
    ],
  ],

  // The document itself.
  [[["servers 3", zone("eu3")]], "minor  zone eu3: zone added", "major  zone eu3: zone removed"],
  [
    [["servers", [{ url: "https://eu1.celonis.make.org/api" }, ...servers]]],
    "minor  zone eu1.celonis.org: zone added",
    "major  zone eu1.celonis.org: zone removed",
  ],
  [
    [["servers 0 url", "https://eu1.make.com/v3"]],
    "major  zone eu1: url changed from https://eu1.make.com/api/v2 to https://eu1.make.com/v3",
  ],
  [
    [["servers", [...servers].reverse()]],
    'patch  zones: zones reordered from ["eu1","us1","eu1.celonis"] to ["eu1.celonis","us1","eu1"]',
  ],
  [
    [["servers 1 description", "USA"]],
    'patch  zone us1: description changed from "United States" to USA',
  ],
  [[["info version", "1.1.0"]], 'patch  info.version: API version updated from "1.0.0" to "1.1.0"'],
  [[["info title", "Stuff"]], "patch  info.title: title changed from Things to Stuff"],
  [
    [["info license", { name: "MIT" }]],
    'major  info.license: license changed from none to {"name":"MIT"}',
  ],
  [[["openapi", "3.0.3"]], 'patch  document: openapi changed from "3.0.0" to "3.0.3"'],
  [
    [["tags 1 name", "New"]],
    ["patch  tag New: tag added", "patch  tag Other: tag removed"],
    ["patch  tag New: tag removed", "patch  tag Other: tag added"],
  ],
  [
    [["tags 1 description", "All"]],
    'patch  tag Other: tag redefined from {"name":"Other"} to {"name":"Other","description":"All"}',
  ],
  ...[
    ["", "document"],
    ["info ", "info.x-note"],
    ["servers 0 ", "zone eu1"],
    ["paths ", "paths"],
    ["GET ", "GET /things"],
    ["GET responses ", "GET /things · responses"],
    ["components securitySchemes token ", "security scheme token"],
  ].map(([place, where]): [Edits, string] => [
    [[`${place}x-note`, { get: 1 }]],
    `patch  ${where}: x-note changed from none to {"get":1}`,
  ]),

  // Parameters.
  [
    [["paths /things/{id}/parts/{part}"], ["paths /things/{thing}/parts/{part}", renamed]],
    "major  DELETE /things/{id}/parts/{part} · path id: path parameter renamed from id to thing",
    "major  DELETE /things/{thing}/parts/{part} · path thing: path parameter renamed from thing to id",
  ],
  [
    [["paths /things/{id}/parts/{part}"], ["paths /things/{part}/parts/{id}", removal]],
    ["id: format changed from none to uuid", "id: path parameter renamed from id to part"]
      .concat(
        "part: format changed from uuid to none",
        "part: path parameter renamed from part to id",
      )
      .map((line) => `major  DELETE /things/{id}/parts/{part} · path ${line}`),
    ["id: format changed from none to uuid", "id: path parameter renamed from id to part"]
      .concat(
        "part: format changed from uuid to none",
        "part: path parameter renamed from part to id",
      )
      .map((line) => `major  DELETE /things/{part}/parts/{id} · path ${line}`),
  ],
  [
    [
      ["paths /things/{id}/parts/{part}"],
      ["paths /things/{thing}/parts/{part}", { ...renamed, get: { responses: {} } }],
    ],
    [
      "major  DELETE /things/{id}/parts/{part} · path id: path parameter renamed from id to thing",
      "minor  GET /things/{thing}/parts/{part}: operation added",
    ],
    [
      "major  DELETE /things/{thing}/parts/{part} · path thing: path parameter renamed from thing to id",
      "major  GET /things/{thing}/parts/{part}: operation removed",
    ],
  ],
  [
    [["GET parameters 2", parameter("sort[by]")]],
    "minor  GET /things · query sort[by]: optional parameter added",
    "major  GET /things · query sort[by]: parameter removed",
  ],
  [
    [["GET parameters 2", parameter("sort", true)]],
    "major  GET /things · query sort: required parameter added",
    "major  GET /things · query sort: parameter removed",
  ],
  [
    [["GET parameters 0 required", true]],
    "major  GET /things · query limit: now required",
    "minor  GET /things · query limit: no longer required",
  ],
  [
    [["GET parameters 0 in", "header"]],
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
    [["GET parameters 0 explode", false]],
    "major  GET /things · query limit: explode changed from none to false",
  ],
  [
    [["GET parameters 0 example", 5]],
    "patch  GET /things · query limit: example changed from none to 5",
  ],
  [
    [["GET parameters 0 schema items", {}]],
    "major  GET /things · query limit[]: items added: {}",
    "major  GET /things · query limit[]: items removed: {}",
  ],

  // Bodies and responses.
  [
    [["GET requestBody", { content: {} }]],
    "minor  GET /things · request: optional request body added",
    "major  GET /things · request: request body removed",
  ],
  [
    [["GET requestBody", { required: true, content: {} }]],
    "major  GET /things · request: required request body added",
    "major  GET /things · request: request body removed",
  ],
  [
    [["POST requestBody required", true]],
    "major  POST /things · request: now required",
    "minor  POST /things · request: no longer required",
  ],
  [
    [["POST requestBody content text/csv"]],
    "major  POST /things · request · text/csv: media type removed: text/csv",
    "major  POST /things · request · text/csv: media type added: text/csv",
  ],
  [
    [["POST requestBody content text/csv schema type", "number"]],
    "major  POST /things · request · text/csv: type changed from string to number",
  ],
  [
    [["POST requestBody content text/csv schema"]],
    'major  POST /things · request · text/csv: schema removed: {"type":"string"}',
    'major  POST /things · request · text/csv: schema added: {"type":"string"}',
  ],
  [
    [["GET responses 404"]],
    "major  GET /things · 404: response status removed",
    "minor  GET /things · 404: response status added",
  ],
  [
    [["GET 200 description", "All things"]],
    'patch  GET /things · 200: description changed from Things to "All things"',
  ],
  [
    [["GET 200 content"]],
    "major  GET /things · 200: media type removed: application/json",
    "major  GET /things · 200: media type added: application/json",
  ],
  [
    [["GET 200 json examples", { one: 1 }]],
    'patch  GET /things · 200: examples changed from none to {"one":1}',
  ],
  [
    [["GET 200 headers"]],
    "major  GET /things · 200 · header X-Total: header removed",
    "major  GET /things · 200 · header X-Total: header added",
  ],
  [
    [["GET 200 headers X-Total schema type", "string"]],
    "major  GET /things · 200 · header X-Total: type changed from integer to string",
  ],

  // Security.
  [
    [["GET security", [{ token: ["teams:read", "things:read"] }]]],
    "major  GET /things · security: scope now required: teams:read",
    "minor  GET /things · security: scope no longer required: teams:read",
  ],
  [
    [["GET security", [{ token: ["things:read"], other: [] }]]],
    [
      'major  GET /things · security: security changed from token to [{"token":["things:read"],"other":[]}]',
      "minor  GET /things · security: scope no longer required: things:read",
    ],
    [
      "major  GET /things · security: scope now required: things:read",
      'major  GET /things · security: security changed from [{"token":["things:read"],"other":[]}] to token',
    ],
  ],
  ...(
    [
      [[], "[]"],
      [undefined, "none"],
    ] as const
  ).map(([security, words]): [Edits, string[], string[]] => [
    [["GET security", security && [...security]]],
    [
      `major  GET /things · security: security changed from token to ${words}`,
      "minor  GET /things · security: scope no longer required: things:read",
    ],
    [
      "major  GET /things · security: scope now required: things:read",
      `major  GET /things · security: security changed from ${words} to token`,
    ],
  ]),
  [
    [["components securitySchemes token name", "X-Token"]],
    "major  security scheme token: name changed from Authorization to X-Token",
  ],
  [
    [
      ["components securitySchemes", { key: scheme }],
      ["GET security 0", { key: ["things:read"] }],
    ],
    [
      "major  GET /things · security: security changed from token to key",
      "major  security scheme key: security scheme added",
      "major  security scheme token: security scheme removed",
    ],
    [
      "major  GET /things · security: security changed from key to token",
      "major  security scheme key: security scheme removed",
      "major  security scheme token: security scheme added",
    ],
  ],
  [
    [["components securitySchemes token description", "Yours."]],
    'patch  security scheme token: description changed from "Your token." to Yours.',
  ],

  // Components that nothing refers to.
  [
    [["components schemas Unused", {}]],
    'patch  component schemas.Unused: component redefined from {"type":"array"} to {}',
  ],
  [
    [["components schemas"]],
    "patch  component schemas.Unused: component removed",
    "patch  component schemas.Unused: component added",
  ],
];

const turned = (line: string) => line.replace(/ from (.*) to (.*)$/, " from $2 to $1");

describe("a difference, and that the other way round", () => {
  it.each(rows)("%j: %s", (edits, forth, back = [forth].flat().map(turned)) => {
    const after = withEdits(edits);
    expect(lines(things, after)).toEqual([forth].flat());
    expect(lines(after, things)).toEqual([back].flat());
  });
});

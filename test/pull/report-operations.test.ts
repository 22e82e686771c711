import { expect, it } from "vitest";
import type { Json, JsonObject } from "../../scripts/lib/json.js";
import { at, edited, lines, things } from "./report-documents.js";

/**
 * Edits of the document (a value put at a place, a place removed, "=>" moved), what is reported of
 * them (">"), and of taking them back ("<", where that is not the same the other way round).
 */
const table = `
POST
  > major  POST /things: operation removed
  < minor  POST /things: operation added
paths /stuff = {}
paths /things post => paths /stuff post
  > major  POST /things: operation removed
  > minor  POST /stuff: operation added
  < major  POST /stuff: operation removed
  < minor  POST /things: operation added
PATH => paths /things/{thing}/parts/{part}
paths /things/{thing}/parts/{part} delete parameters 0 name = "thing"
paths /things/{thing}/parts/{part} get = {"responses":{}}
  > major  DELETE /things/{id}/parts/{part} · path id: name changed from id to thing
  > minor  GET /things/{thing}/parts/{part}: operation added
  < major  DELETE /things/{thing}/parts/{part} · path thing: name changed from thing to id
  < major  GET /things/{thing}/parts/{part}: operation removed
PATH => paths /things/{part}/parts/{id}
  > major  DELETE /things/{id}/parts/{part} · path id: name changed from id to part
  > major  DELETE /things/{id}/parts/{part} · path part: format changed from uuid to none
  > major  DELETE /things/{id}/parts/{part} · path part: name changed from part to id
  > major  DELETE /things/{part}/parts/{id} · path part: format changed from none to uuid
  < major  DELETE /things/{id}/parts/{part} · path part: format changed from none to uuid
  < major  DELETE /things/{part}/parts/{id} · path id: name changed from id to part
  < major  DELETE /things/{part}/parts/{id} · path part: format changed from uuid to none
  < major  DELETE /things/{part}/parts/{id} · path part: name changed from part to id
paths /empty = {}
  > major  paths: /empty changed from none to {}
GET operationId = "listThings"
  > major  GET /things: operationId changed from none to listThings
POST callbacks = {}
  > major  POST /things: callbacks changed from none to {}
GET deprecated = true
  > patch  GET /things: deprecated changed from none to true
GET description = ""
  > patch  GET /things: description changed from "Lists things." to ""
GET tags = ["Things"]
  > patch  GET /things: tags changed from ["Things","Other"] to ["Things"]
paths /things summary = "All"
  > patch  /things: summary changed from none to All
servers 3 = {"url":"https://eu3.make.com/api/v2"}
  > minor  zone eu3: zone added
  > patch  zones: zones changed from ["eu1","us1","eu1.celonis"] to ["eu1","us1","eu1.celonis","eu3"]
  < major  zone eu3: zone removed
  < patch  zones: zones changed from ["eu1","us1","eu1.celonis","eu3"] to ["eu1","us1","eu1.celonis"]
servers 0 url = "https://eu1.make.com/v3"
  > major  zone eu1: url changed from https://eu1.make.com/api/v2 to https://eu1.make.com/v3
info version = "1.1.0"
  > patch  info.version: version changed from "1.0.0" to "1.1.0"
info title = "Stuff"
  > patch  info.title: title changed from Things to Stuff
openapi = "3.0.3"
  > patch  document: openapi changed from "3.0.0" to "3.0.3"
tags 1 name = "New"
  > patch  document: tags changed from [{"name":"Things","description":"Things."},{"name":"Other"}] to [{"name":"Things","description":"Things."},{"name":"New"}]
x-note = {"get":1}
  > patch  document: x-note changed from none to {"get":1}
GET x-note = {"get":1}
  > patch  GET /things: x-note changed from none to {"get":1}
GET parameters 2 = {"name":"sort[by]","in":"query"}
  > minor  GET /things · query sort[by]: optional parameter added
  < major  GET /things · query sort[by]: parameter removed
GET parameters 2 = {"name":"sort","in":"query","required":true}
  > major  GET /things · query sort: required parameter added
  < major  GET /things · query sort: parameter removed
GET parameters 0 required = true
  > major  GET /things · query limit: now required
  < minor  GET /things · query limit: no longer required
GET parameters 0 in = "header"
  > major  GET /things · query limit: parameter removed
  > minor  GET /things · header limit: optional parameter added
  < major  GET /things · header limit: parameter removed
  < minor  GET /things · query limit: optional parameter added
GET parameters 0 schema items = {}
  > major  GET /things · query limit[]: items added: {}
  < major  GET /things · query limit[]: items removed: {}
GET requestBody = {"content":{}}
  > minor  GET /things · request: optional request body added
  < major  GET /things · request: request body removed
GET requestBody = {"required":true,"content":{}}
  > major  GET /things · request: required request body added
  < major  GET /things · request: request body removed
POST requestBody content text/csv
  > major  POST /things · request · text/csv: media type removed: text/csv
  < major  POST /things · request · text/csv: media type added: text/csv
POST requestBody content text/csv schema
  > major  POST /things · request · text/csv: schema removed: {"type":"string"}
  < major  POST /things · request · text/csv: schema added: {"type":"string"}
GET responses 404
  > major  GET /things · 404: response status removed
  < minor  GET /things · 404: response status added
GET 200 content
  > major  GET /things · 200: media type removed: application/json
  < major  GET /things · 200: media type added: application/json
GET 200 headers
  > major  GET /things · 200 · header X-Total: header removed
  < major  GET /things · 200 · header X-Total: header added
GET security = [{"token":["teams:read","things:read"]}]
  > major  GET /things · security: required scope added: teams:read
  < minor  GET /things · security: required scope removed: teams:read
GET security = [{"token":["things:read"],"other":[]}]
  > major  GET /things · security: security changed from token to [{"token":["things:read"],"other":[]}]
  > minor  GET /things · security: required scope removed: things:read
  < major  GET /things · security: required scope added: things:read
  < major  GET /things · security: security changed from [{"token":["things:read"],"other":[]}] to token
GET security = []
  > major  GET /things · security: security changed from token to []
  > minor  GET /things · security: required scope removed: things:read
  < major  GET /things · security: required scope added: things:read
  < major  GET /things · security: security changed from [] to token
components securitySchemes token name = "X-Token"
  > major  security scheme token: name changed from Authorization to X-Token
components securitySchemes = {"key":{"type":"apiKey","name":"Authorization","in":"header"}}
GET security 0 = {"key":["things:read"]}
  > major  GET /things · security: security changed from token to key
  > major  security scheme key: security scheme added
  > major  security scheme token: security scheme removed
  < major  GET /things · security: security changed from key to token
  < major  security scheme key: security scheme removed
  < major  security scheme token: security scheme added
components securitySchemes token description = "Yours."
  > patch  security scheme token: description changed from "Your token." to Yours.
components schemas Unused = {}
  > patch  component schemas.Unused: component changed from {"type":"array"} to {}
`;

const names: { [name: string]: string[] } = {
  PATH: ["paths", "/things/{id}/parts/{part}"],
  GET: ["paths", "/things", "get"],
  POST: ["paths", "/things", "post"],
  200: ["responses", "200"],
  json: ["content", "application/json"],
};

const withEdits = (edits: readonly string[]) =>
  edited(things, (document) => {
    const find = (place: string): [parent: JsonObject, key: string] => {
      const keys = place.split(" ").flatMap((name) => names[name] ?? [name]);
      return [at(document, ...keys.slice(0, -1)), keys.at(-1) ?? ""];
    };
    for (const edit of edits) {
      const [, place = "", sign, text = ""] = /^(.+?)(?: (=>?) (.*))?$/.exec(edit) ?? [];
      const [parent, key] = find(place);
      const value = sign === "=" ? (JSON.parse(text) as Json) : (parent[key] ?? null);
      if (sign !== "=") delete parent[key];
      const [target, name] = sign === "=>" ? find(text) : [parent, key];
      if (sign !== undefined) target[name] = value;
    }
  });

const turned = (line: string) => line.replace(/ from (.*) to (.*)$/, " from $2 to $1");
const linesAfter = (sign: string, row: string) =>
  row.split("\n").flatMap((line) => (line.startsWith(sign) ? line.slice(sign.length) : []));
const rows = table.trim().split(/(?<=\n {2}.*)\n(?=\S)/);

it.each(rows)("%s", (row) => {
  const after = withEdits(row.split("\n").filter((line) => !line.startsWith("  ")));
  const [forth, back] = [linesAfter("  > ", row), linesAfter("  < ", row)];
  expect(lines(things, after)).toEqual(forth);
  expect(lines(after, things)).toEqual(back.length > 0 ? back : forth.map(turned));
});

it("tells that zones were reordered", () => {
  const [first, ...others] = Object.values(at(things, "servers"));
  const after = edited(things, (d) => (d["servers"] = [...others, first ?? null]));
  expect(lines(things, after)).toEqual([
    'patch  zones: zones changed from ["eu1","us1","eu1.celonis"] to ["us1","eu1.celonis","eu1"]',
  ]);
});

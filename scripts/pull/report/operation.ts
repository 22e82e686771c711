import { isObject, type Json, type JsonObject } from "../../lib/json.js";
import { type Both, equal } from "./both.js";
import {
  type Child,
  type Children,
  type Context,
  entries,
  type Difference,
  type Kind,
  named,
  type Pairing,
  type Reading,
  single,
} from "./kinds.js";
import { bodySchema } from "./schema.js";
import { onlyIn } from "./values.js";
import { fromTo, show } from "./wording.js";

const isRequired: Reading = ({ before = false, after = false }) => {
  if (typeof before !== "boolean" || typeof after !== "boolean") return undefined;
  return before === after ? [] : [{ fact: after ? "now required" : "no longer required" }];
};

const mediaType: Kind = { fields: { schema: bodySchema(" · ") } };

const content: Children = {
  pairing: entries,
  kind: mediaType,
  place: (path, { name }) => (name === "application/json" ? path : `${path} · ${name}`),
  thing: "media type",
  shows: ({ name }) => name,
};

const header: Kind = {
  referable: true,
  fields: { schema: bodySchema("."), content },
};

const response: Kind = {
  referable: true,
  fields: {
    content,
    headers: {
      pairing: entries,
      kind: header,
      place: (path, { name }) => `${path} · header ${name}`,
      thing: "header",
    },
  },
};

const parameter: Kind = {
  referable: true,
  fields: {
    // The two were paired by it.
    name: () => [],
    required: isRequired,
    schema: bodySchema("."),
    content,
  },
};

const requestBody: Kind = { referable: true, fields: { required: isRequired, content } };

/** The new name of each path parameter that was renamed. */
export type Renamed = ReadonlyMap<string, string>;

export const operation = (renamed: Renamed): Kind => ({
  differences: [...renamed].map(([before, after]) => ({
    fact: "path parameter renamed",
    particulars: ` to ${show(after)}`,
    place: (path) => `${path} · path ${before}`,
  })),
  fields: {
    parameters: {
      pairing: parametersOf(renamed),
      kind: parameter,
      place: (path, { name }) => `${path} · ${name}`,
      thing: "parameter",
    },
    requestBody: {
      pairing: (both, context) => withNeed(single(both, context), context),
      kind: requestBody,
      place: (path) => `${path} · request`,
      thing: "request body",
    },
    responses: {
      pairing: entries,
      kind: response,
      place: (path, { name }) => `${path} · ${name}`,
      extensions: (path) => path,
      direction: "response",
      thing: "response status",
    },
    security: scopes,
  },
});

/** Says of each child whether callers must send it. */
const withNeed = (children: Child[] | undefined, { references }: Context): Child[] | undefined =>
  children?.map((child) => {
    const after = isObject(child.after) ? references.after.resolve(child.after) : {};
    return { ...child, need: after["required"] === true ? "required" : "optional" };
  });

/** Pairs parameters by their place and name (section 4.7.12), also those that the path renamed. */
function parametersOf(renamed: Renamed): Pairing {
  const pairing = named(({ in: place, name }, side) => {
    const isPath = side === "before" && place === "path" && typeof name === "string";
    return nameOf({ in: place, name: (isPath && renamed.get(name)) || name });
  });
  return (both, context) => {
    const children = pairing(both, context)?.map((child) => {
      const before = isObject(child.before) ? context.references.before.resolve(child.before) : {};
      return { ...child, name: nameOf(before) ?? child.name };
    });
    return withNeed(children, context);
  };
}

/** Such as "query limit"; undefined if it is no parameter. */
const nameOf = ({ in: place, name }: Partial<JsonObject>): string | undefined =>
  typeof place === "string" && typeof name === "string" ? `${place} ${name}` : undefined;

/** Tells the scopes of a single scheme apart; all else is a value. */
function scopes(both: Both): Difference[] {
  const place = (path: string) => `${path} · security`;
  const before = requirement(both.before);
  const after = requirement(both.after);
  if (!before || !after || before.scheme !== after.scheme) {
    if (equal(both)) return [];
    return [{ fact: "security changed", particulars: fromTo(both), place }];
  }
  return [
    ...onlyIn(after.scopes, before.scopes, "scope now required"),
    ...onlyIn(before.scopes, after.scopes, "scope no longer required"),
  ].map((difference) => ({ ...difference, place }));
}

/** The one scheme and its scopes; undefined for none, alternatives, or combinations. */
function requirement(security: Json | undefined): { scheme: string; scopes: Json[] } | undefined {
  if (!Array.isArray(security) || security.length !== 1 || !isObject(security[0])) return undefined;
  const [[scheme, scopes] = [], ...others] = Object.entries(security[0]);
  if (scheme === undefined || others.length > 0 || !Array.isArray(scopes)) return undefined;
  if (!scopes.every((scope) => typeof scope === "string")) return undefined;
  return { scheme, scopes };
}

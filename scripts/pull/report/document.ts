import { zoneName } from "../../generate/data.js";
import { isObject, type JsonObject } from "../../lib/json.js";
import { sections } from "../../lib/old-openapi.js";
import { areObjects, type Both } from "./both.js";
import { type Child, type Children, type Context, entries, type Kind, named } from "./kinds.js";
import { paths } from "./paths.js";

export const withoutStructure: Kind = { fields: {} };

export const document: Kind = {
  fields: {
    info: {
      pairing: entries,
      place: (_, { name }) => `info.${name}`,
      changed: (name) => (name === "version" ? "API version updated" : `${name} changed`),
    },
    servers: {
      pairing: zones,
      kind: withoutStructure,
      place: (_, { name, before }) => (Array.isArray(before) ? "zones" : `zone ${name}`),
      thing: "zone",
      changed: () => "zones reordered",
    },
    tags: {
      pairing: named(({ name }) => (typeof name === "string" ? name : undefined)),
      place: (_, { name }) => `tag ${name}`,
      thing: "tag",
    },
    paths,
    // The walk compares these last, as `components` says below.
    components: (both) => (areObjects(both) ? [] : undefined),
  },
};

/** The sections of `components` (section 4.7.7). */
export const components: Kind = {
  fields: {
    ...Object.fromEntries(Object.keys(sections).map((section) => [section, unused(section)])),
    securitySchemes: {
      pairing: entries,
      kind: withoutStructure,
      place: (_, { name }) => `security scheme ${name}`,
      thing: "security scheme",
    },
  },
};

/** A component is compared at each place of use; one that nothing uses is compared here. */
function unused(section: string): Children {
  return {
    pairing: (both, context) =>
      entries(both, context)?.filter(
        (child) =>
          !areObjects(child) ||
          !context.references.wereFollowed(`#/components/${section}/${child.name}`),
      ),
    place: (_, { name }) => `component ${section}.${name}`,
    thing: "component",
  };
}

/** The servers by their zones, and last the order of those that are in both documents. */
function zones(both: Both, context: Context): Child[] | undefined {
  const children = named(zoneOf)(both, context);
  if (!children || !Array.isArray(both.after)) return children;
  const names = new Map(children.filter(areObjects).map(({ name, after }) => [after, name]));
  const after = both.after.flatMap((server) => (isObject(server) ? (names.get(server) ?? []) : []));
  return [...children, { name: "", before: [...names.values()], after }];
}

function zoneOf({ url }: JsonObject): string | undefined {
  return typeof url === "string" && URL.canParse(url) ? zoneName(url) : undefined;
}

import { directReferences } from "../lib/references.js";
import type { Components } from "./references.js";

/**
 * Names of the schemas that lead to themselves without an object between, as a list of itself does,
 * and of those between two such circles. TypeScript has no type for them.
 */
export function circularSchemas(components: Components): ReadonlySet<string> {
  const edges = new Map(
    Object.entries(components.all("schemas")).map(([name, schema]) => [
      name,
      new Set(directReferences(schema).map((it) => components.nameIn("schemas", it))),
    ]),
  );
  withoutEnds(edges);
  const backwards = new Map([...edges.keys()].map((name) => [name, new Set<string>()]));
  for (const [name, targets] of edges) {
    for (const target of targets) backwards.get(target)?.add(name);
  }
  withoutEnds(backwards);
  return new Set(backwards.keys());
}

/** Takes out every node from which no edge leads on, until none is left. */
function withoutEnds(edges: Map<string, Set<string>>): void {
  const sources = new Map([...edges.keys()].map((name) => [name, [] as string[]]));
  for (const [name, targets] of edges) {
    for (const target of targets) sources.get(target)?.push(name);
  }
  const ends = [...edges].filter(([, targets]) => targets.size === 0).map(([name]) => name);
  for (let end = ends.pop(); end !== undefined; end = ends.pop()) {
    edges.delete(end);
    for (const source of sources.get(end) ?? []) {
      const targets = edges.get(source);
      targets?.delete(end);
      if (targets?.size === 0) ends.push(source);
    }
  }
}

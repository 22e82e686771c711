import { describe, expect, test } from "vitest";
import { publicTypes } from "../../scripts/build/declarations.js";
import { withoutOtherPages } from "../../scripts/build/facade-types.js";

test("the public types are the reviewed ones", async () => {
  await expect(await publicTypes()).toMatchFileSnapshot("public-types.d.ts.txt");
});

describe("of the types of the pages, a reviewer sees", () => {
  const facade = 'type Listed = paths["/tokens"]["get"];\n';
  const paths = (...members: string[]) => `interface paths {\n${members.join("")}}\n`;
  const components = (...schemas: string[]) =>
    `interface components {\n    schemas: {\n${schemas.join("")}    };\n    headers: never;\n}\n`;
  const tokens = '    "/tokens": { get: components["schemas"]["Token"]; };\n';
  const token = '        Token: { owner: components["schemas"]["Owner"]; };\n';
  const owner = "        Owner: string;\n";

  test("the paths that the facade names, those below, and the components of both", () => {
    const below = '    "/tokens/{id}": { get: string; };\n';
    const reviewed = paths(tokens, below) + components(token, owner) + facade;
    expect(withoutOtherPages(reviewed)).toBe(reviewed);
    const teams = '    "/teams": { get: components["schemas"]["Team"]; };\n';
    const alike = '    "/tokens-of-others": { get: string; };\n';
    const team = "        Team: { owner: string; };\n";
    const all = paths(teams, tokens, alike, below) + components(token, team, owner) + facade;
    expect(withoutOtherPages(all)).toBe(reviewed);
  });

  test("no components where the facade names none", () => {
    const own = paths('    "/tokens": { get: string; };\n');
    expect(withoutOtherPages(own + components(owner) + facade)).toBe(own + facade);
  });

  test("every component of a section that the facade names as a whole", () => {
    const all = components(token, owner) + 'type Any = components["schemas"];\n';
    expect(withoutOtherPages(all)).toBe(all);
  });
});

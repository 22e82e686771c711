import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** What GitHub would know after the calls of `gh`. */
export interface GitHub {
  readonly calls: readonly { readonly args: readonly string[]; readonly input: string }[];
  readonly pulls: readonly { readonly branch: string; readonly body: string }[];
  readonly releases: Readonly<
    Record<string, { isDraft: boolean; notes: string; assets: { name: string; state: string }[] }>
  >;
  readonly visibility: "PUBLIC" | "PRIVATE";
}

const EMPTY: GitHub = { calls: [], pulls: [], releases: {}, visibility: "PRIVATE" };

/** Runs as `gh`, with what it knows in a file. */
const program = (file: string): string => `#!${process.execPath}
const fs = require("node:fs");
const { basename } = require("node:path");
const github = JSON.parse(fs.readFileSync(${JSON.stringify(file)}, "utf8"));
const args = process.argv.slice(2);
const input = args[0] === "auth" ? "" : fs.readFileSync(0, "utf8");
const after = (flag) => args[args.indexOf(flag) + 1];
const fail = (text) => { console.error(text); process.exitCode = 1; };
const asset = (path) => ({ name: basename(path), state: "uploaded" });
const url = (at) => "https://example.com/pull/" + (at + 1);
const release = github.releases[args[2]];
const commands = {
  "auth git-credential": () => {},
  "pr list": () => {
    const at = github.pulls.findIndex(({ branch }) => branch === after("--head"));
    console.log(JSON.stringify(at < 0 ? [] : [{ url: url(at) }]));
  },
  "pr create": () => {
    const at = github.pulls.push({ branch: after("--head"), body: input }) - 1;
    console.log(url(at));
  },
  "workflow run": () => {},
  "repo view": () => console.log(github.visibility),
  "release view": () =>
    release ? console.log(JSON.stringify(release)) : fail("release not found"),
  "release create": () => {
    if (release) return fail("a release with the same tag name already exists");
    github.releases[args[2]] = { isDraft: false, notes: input, assets: [asset(args[3])] };
  },
  "release upload": () => { release.assets = [asset(args[3])]; },
  "release edit": () => { release.isDraft = false; },
};
const command = commands[args.slice(0, 2).join(" ")];
if (!process.env.GH_TOKEN) fail("gh: GH_TOKEN is not set");
else if (command) command();
else fail("gh: unknown command " + args.join(" "));
github.calls.push({ args, input });
fs.writeFileSync(${JSON.stringify(file)}, JSON.stringify(github));
`;

/** Puts a `gh` into a folder, for PATH, and returns how to read and to set what it knows. */
export async function fakeGh(bin: string, known: Partial<GitHub> = {}) {
  const file = join(bin, "github.json");
  const set = (github: Partial<GitHub>) => writeFile(file, JSON.stringify({ ...EMPTY, ...github }));
  await mkdir(bin, { recursive: true });
  await set(known);
  await writeFile(join(bin, "gh"), program(file), { mode: 0o755 });
  return {
    set,
    read: async () => JSON.parse(await readFile(file, "utf8")) as GitHub,
  };
}

import { join } from "node:path";
import { NAME, nodeOf, PINS, PLATFORM, tool } from "./paths.js";

/** How a consumer names the package in its package.json. */
export type Way = (typeof WAYS)[number];

export const WAYS = [
  "registry",
  "own scope",
  "tarball",
  "tarball URL",
  "git tag",
  "workspace",
] as const;

/** The package as a team publishes it; a consumer imports it by its name without the scope. */
export const SCOPED = "@your-team/make-api-tokens";

/** What a manager refuses by default, and the one setting that allows it. */
export interface Refusal {
  readonly says: RegExp;
  /** A line of the settings file, in which <repository> stands for the URL of git. */
  readonly setting: string;
  /** Where that line is not to be added to the manager's settings: a file of its own. */
  readonly file?: string;
}

export interface Manager {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  readonly install: readonly string[];
  /** Its settings file; whatever reads .npmrc finds the registry there. */
  readonly settings: string;
  /** The settings of a consumer, who has the registry at this URL. */
  readonly lines: (url: string) => string;
  /** The version by which a workspace's member is asked for. */
  readonly member: string;
  readonly refuses: Partial<Record<Way, Refusal>>;
  /** Those that it knows, if not all. */
  readonly ways?: readonly Way[];
  /** Options that Node needs to find the package. */
  readonly nodeOptions?: (root: string) => string;
}

const pinsTool = (path: string): string => join(PINS, "node_modules", path);

/** npm 12 needs 22.22.2, and the others run on it too. */
export const NODE = nodeOf(22);

const npm = (major: number, refuses: Manager["refuses"] = {}): Manager => ({
  name: `npm ${major}`,
  command: [NODE, pinsTool(`npm-${major}/bin/npm-cli.js`)],
  install: ["install"],
  settings: ".npmrc",
  lines: (url) => `registry=${url}`,
  member: "*",
  refuses,
});

const pnpm = (major: number, command: Manager["command"], refuses: Manager["refuses"] = {}) => ({
  name: `pnpm ${major}`,
  command,
  install: ["install", "--no-frozen-lockfile"],
  settings: "pnpm-workspace.yaml",
  lines: () => "packages: [packages/*]",
  member: "workspace:*",
  refuses,
});

const yarn = (
  linker: string,
  refuses: Manager["refuses"],
  nodeOptions?: Manager["nodeOptions"],
): Manager => ({
  name: `Yarn 4, ${linker}`,
  command: [NODE, pinsTool("@yarnpkg/cli-dist/bin/yarn.js")],
  install: ["install", "--no-immutable"],
  settings: ".yarnrc.yml",
  lines: (url) =>
    `nodeLinker: ${linker}\nnpmRegistryServer: ${url}\nunsafeHttpWhitelist: [127.0.0.1]`,
  member: "workspace:*",
  refuses,
  ...(nodeOptions && { nodeOptions }),
});

/** There is no node_modules: Node looks where these say. */
const pnp = (root: string): string =>
  `--require ${root}/.pnp.cjs --experimental-loader ${root}/.pnp.loader.mjs`;

const quarantined = (name: string): Refusal => ({
  says: /YN0016.*quarantined/,
  setting: `npmPreapprovedPackages: ["${name}"]`,
});

/** Yarn takes no version of the last day and no repository, unless they are approved. */
const YARN_REFUSES: Manager["refuses"] = {
  registry: quarantined(NAME),
  "own scope": quarantined(SCOPED),
  "git tag": {
    says: /YN0080.*approvedGitRepositories/,
    setting: "approvedGitRepositories: [<repository>]",
  },
};

const tooYoung = (name: string): Refusal => ({
  says: /blocked by the minimum dependency age policy/,
  setting: `{ "minimumDependencyAge": { "exclude": ["npm:${name}"] } }`,
  file: "deno.json",
});

export const MANAGERS: readonly Manager[] = [
  npm(10),
  npm(11),
  npm(12, {
    "tarball URL": { says: /EALLOWREMOTE/, setting: "allow-remote=root" },
    "git tag": { says: /EALLOWGIT/, setting: "allow-git=root" },
  }),
  pnpm(10, [NODE, pinsTool("pnpm-10/bin/pnpm.cjs")]),
  pnpm(12, [pinsTool(`@pnpm/exe.${PLATFORM}/pnpm`)]),
  yarn("node-modules", YARN_REFUSES),
  yarn("pnp", YARN_REFUSES, pnp),
  {
    name: "Bun",
    command: [tool(`bun-${PLATFORM}/bin/bun`)],
    install: ["install"],
    settings: "bunfig.toml",
    lines: (url) => `[install]\nregistry = "${url}"`,
    member: "workspace:*",
    refuses: {},
  },
  {
    name: "Deno",
    command: [tool(`deno-${PLATFORM}/deno`)],
    install: ["install"],
    settings: ".npmrc",
    lines: (url) => `registry=${url}`,
    member: "workspace:*",
    // It says that it knows no other, or links a tarball as if it were a folder, and ends with 0.
    ways: ["registry", "own scope", "workspace"],
    refuses: { registry: tooYoung(NAME), "own scope": tooYoung(SCOPED) },
  },
];

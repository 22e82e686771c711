import { join } from "node:path";
import { BUN, DENO, NAME, nodeOf, PLATFORM } from "./tools.js";
import type { Command } from "./zones.js";

/** How a consumer names the package in its package.json. */
export const WAYS = ["registry", "own scope", "tarball", "git tag", "workspace"] as const;
export type Way = (typeof WAYS)[number];

/** The package as a team publishes it; a consumer imports it by its name without the scope. */
export const SCOPED = "@your-team/make-api-tokens";

/** What a manager refuses by default, and the one setting that allows it. */
interface Refusal {
  readonly says: RegExp;
  /** A line of a settings file, in which <repository> stands for the URL of git. */
  readonly setting: string;
  /** That file, if not the manager's. */
  readonly file?: string;
}

export interface Manager {
  readonly name: string;
  /** What npm installs it from, if it is not of test/e2e/package.json. */
  readonly version?: string;
  /** With the folder in which it is installed. */
  readonly command: (tools: string) => Command;
  readonly install: readonly string[];
  /** Its settings file, and the lines of a consumer who has the registry at this URL. */
  readonly settings: string;
  readonly lines: (url: string) => string;
  readonly refuses: Partial<Record<Way, Refusal>>;
  /** Those that it knows, if not all. */
  readonly ways?: readonly Way[];
  /** Options that Node needs to find the package. */
  readonly nodeOptions?: (root: string) => string;
}

/** npm 12 needs 22.22.2, and the others run on it too. */
export const NODE = nodeOf(22);
const onNode =
  (path: string): Manager["command"] =>
  (tools) => [NODE, join(tools, "node_modules", path)];

/** What reads .npmrc. */
const NPMRC = { settings: ".npmrc", lines: (url: string) => `registry=${url}` };

/** An npm of that version: the one in the folder of tools, or this machine's. */
export function npm(version: string, own?: Command): Manager {
  const [major = ""] = version.split(".");
  const refuses = { "git tag": { says: /EALLOWGIT/, setting: "allow-git=root" } };
  return {
    ...NPMRC,
    name: `npm ${major}`,
    ...(!own && { version: `npm-${major}@npm:npm@${version}` }),
    command: own ? () => own : onNode(`npm-${major}/bin/npm-cli.js`),
    install: ["install"],
    refuses: Number(major) < 12 ? {} : refuses,
  };
}

const pnpm = (version: string, command: Manager["command"]): Manager => ({
  name: `pnpm ${version.split(".")[0]}`,
  version: `pnpm-${version.split(".")[0]}@npm:pnpm@${version}`,
  command,
  install: ["install", "--no-frozen-lockfile"],
  settings: "pnpm-workspace.yaml",
  lines: () => "packages: [packages/*]",
  refuses: {},
});

const quarantined = (name: string): Refusal => ({
  says: /YN0016.*quarantined/,
  setting: `npmPreapprovedPackages: ["${name}"]`,
});

const yarn = (linker: string): Manager => ({
  name: `Yarn 4, ${linker}`,
  version: "@yarnpkg/cli-dist@4.18.1",
  command: onNode("@yarnpkg/cli-dist/bin/yarn.js"),
  install: ["install", "--no-immutable"],
  settings: ".yarnrc.yml",
  lines: (url) =>
    `nodeLinker: ${linker}\nnpmRegistryServer: ${url}\nunsafeHttpWhitelist: [127.0.0.1]`,
  // It takes no version of the last day and no repository, unless they are approved.
  refuses: {
    registry: quarantined(NAME),
    "own scope": quarantined(SCOPED),
    "git tag": { says: /YN0080/, setting: "approvedGitRepositories: [<repository>]" },
  },
});

const tooYoung = (name: string): Refusal => ({
  says: /blocked by the minimum dependency age policy/,
  setting: `{ "minimumDependencyAge": { "exclude": ["npm:${name}"] } }`,
  file: "deno.json",
});

/** The newest and the oldest of each that the README names. */
export const MANAGERS: readonly Manager[] = [
  npm("10.9.9"),
  npm("12.2.0"),
  pnpm("10.34.8", onNode("pnpm-10/bin/pnpm.cjs")),
  pnpm("12.20.0", (tools) => [join(tools, `node_modules/@pnpm/exe.${PLATFORM}/pnpm`)]),
  yarn("node-modules"),
  {
    ...yarn("pnp"),
    // There is no node_modules: Node looks where these say.
    nodeOptions: (root) =>
      `--require ${root}/.pnp.cjs --experimental-loader ${root}/.pnp.loader.mjs`,
  },
  {
    name: "Bun",
    command: () => [BUN],
    install: ["install"],
    settings: "bunfig.toml",
    lines: (url) => `[install]\nregistry = "${url}"`,
    refuses: {},
  },
  {
    ...NPMRC,
    name: "Deno",
    command: () => [DENO],
    install: ["install"],
    // It says that it knows no other, or links a tarball as if it were a folder, and ends with 0.
    ways: ["registry", "own scope", "workspace"],
    refuses: { registry: tooYoung(NAME), "own scope": tooYoung(SCOPED) },
  },
];

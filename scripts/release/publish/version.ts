import { isObject, type JsonObject } from "../../lib/json.ts";
import { Refusal } from "../../lib/refusal.ts";
import { printable } from "../../lib/text.ts";
import { readJson, readText } from "../read.ts";
import { sectionsOf } from "../sections.ts";

/** The version that a checkout of main holds, and where it is to go. */
export interface Version {
  readonly root: string;
  readonly name: string;
  readonly version: string;
  /** Such as "v1.2.3". */
  readonly tag: string;
  /** As npm pack names it, in the root. */
  readonly tarball: string;
  /** Its section of the changelog. */
  readonly notes: string;
  /** The registry; undefined if neither package.json nor NPM_REGISTRY names one. */
  readonly registry: string | undefined;
  /** Whether anybody may read it there. */
  readonly isPublic: boolean;
  /** Such as 1.0.0-rc.1. */
  readonly isPreRelease: boolean;
}

export async function readVersion(root: string): Promise<Version> {
  const manifest = await readJson(root, "package.json");
  const name = textOf(manifest, "name");
  const version = textOf(manifest, "version");
  checkRepository(manifest);
  const config = isObject(manifest["publishConfig"]) ? manifest["publishConfig"] : {};
  return {
    ...{ root, name, version },
    tag: `v${version}`,
    tarball: `${name.replace(/^@/, "").replace("/", "-")}-${version}.tgz`,
    notes: sectionOf(await readText(root, "CHANGELOG.md"), version),
    registry: registryOf(config),
    isPublic: config["access"] === "public",
    isPreRelease: /^[\d.]+-/.test(version),
  };
}

function registryOf({
  registry = process.env["NPM_REGISTRY"] ?? "",
}: JsonObject): string | undefined {
  if (registry === "") return undefined;
  if (typeof registry === "string" && /^https?:/.test(registry) && URL.canParse(registry)) {
    return registry;
  }
  throw new Refusal(
    `${printable(JSON.stringify(registry))} is no registry's address.`,
    "Give publishConfig.registry in package.json, or else NPM_REGISTRY, an https URL.",
  );
}

/** Links on a registry's page lead to it, and so does the GitHub release. */
function checkRepository({ repository }: JsonObject): void {
  const address = isObject(repository) ? repository["url"] : repository;
  const here = process.env["GITHUB_REPOSITORY"];
  if (typeof address !== "string" || address === "") {
    throw new Refusal(
      "package.json names no repository.",
      `Set it once, and commit: npm pkg set repository=github:${here ?? "<owner>/<name>"}`,
    );
  }
  const path = address.replace(/\.git$/, "").toLowerCase();
  const [owner, repo] = path.split(/[/:]/).slice(-2);
  if (here === undefined || `${owner}/${repo}` === here.toLowerCase()) return;
  throw new Refusal(
    `package.json names the repository ${printable(address)}, and this is ${printable(here)}.`,
    `Set it once, and commit: npm pkg set repository=github:${printable(here)}`,
  );
}

function sectionOf(changelog: string, version: string): string {
  const section = sectionsOf(changelog).find(({ name }) => name === version);
  if (section && section.text !== "") return section.text;
  throw new Refusal(
    `CHANGELOG.md says nothing of version ${version}.`,
    "Let `npm run release` make the version, and commit what it writes.",
  );
}

function textOf(manifest: JsonObject, key: "name" | "version"): string {
  const value = manifest[key];
  if (typeof value === "string" && FORMS[key].test(value)) return value;
  throw new Refusal(
    `package.json: ${JSON.stringify(value)} is no ${key}.`,
    "Restore it from version control.",
  );
}

/** Values that become a part of addresses and of file names. */
const FORMS = {
  name: /^(?:@[a-z0-9~][\w.~-]*\/)?[a-z0-9~][\w.~-]*$/,
  version: /^\d+\.\d+\.\d+(?:-[\w.-]+)?(?:\+[\w.-]+)?$/,
} as const;

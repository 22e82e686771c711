import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { withTemporaryFolder } from "../../lib/files.ts";
import { Refusal } from "../../lib/refusal.ts";
import { attempt, type Ended, environmentWithout, run } from "../../lib/run.ts";
import type { Step } from "./step.ts";
import type { Version } from "./version.ts";

/**
 * Publishes the tarball, unless the registry has it. Without a named registry it goes nowhere: nobody
 * has chosen npm's own default.
 */
export const lookAtRegistry: Step = async (version, tarball) => {
  const { name, registry } = version;
  const id = `${name}@${version.version}`;
  if (registry === undefined) {
    return async () =>
      `${id} goes to no registry: package.json has no publishConfig.registry, NPM_REGISTRY is not set.`;
  }
  const npm = (...args: string[]) => runNpm(version, registry, args);
  const published = integrityIn(await npm("view", id, "dist.integrity", "--json"));
  if (published === tarball.integrity) return async () => `${id} is in the registry.`;
  if (published !== undefined) {
    throw new Refusal(
      `The registry has another ${id} than the one that was built here.`,
      "Make another version, because one that is published stays: npm run release -- --bump patch",
    );
  }
  const flags = [
    "--ignore-scripts",
    ...(version.isPreRelease ? ["--tag", "next"] : []),
    ...((await offersProvenance(version)) ? ["--provenance"] : []),
  ];
  return async () => {
    const { ok, complaint } = await npm("publish", tarball.path, ...flags);
    if (!ok) throw refusal(complaint);
    return `${id} is published.`;
  };
};

/** npm's complaint, and what mends it, by the code that npm gives it. */
function refusal(complaint: string): Refusal {
  const [, code = ""] = /\bcode (E\w+)/.exec(complaint) ?? [];
  return new Refusal(complaint, `${remedyFor(code)}, then run the same command again.`);
}

function remedyFor(code: string): string {
  if (/^E(?:401|403|NEEDAUTH|OTP)$/.test(code)) {
    return "Give NPM_TOKEN a token that may publish this package to the registry";
  }
  if (code === "E409") return "Wait until nobody else publishes this package";
  return "Mend what npm says above (NPM_TOKEN is the token for the registry, and publishConfig.registry or NPM_REGISTRY its address)";
}

/** For a package with a scope, npm's settings may name another registry. */
const registryFlags = ({ name }: Version, registry: string): string[] => {
  const [scope] = name.split("/");
  return [
    `--registry=${registry}`,
    ...(name.includes("/") ? [`--${scope}:registry=${registry}`] : []),
  ];
};

/** The answer of `npm view`; undefined if there is no such version. */
function integrityIn({ ok, stdout, complaint }: Ended): string | undefined {
  if (ok) return stdout === "" ? undefined : String(JSON.parse(stdout));
  if (/\bE404\b/.test(complaint) || /"code": "E404"/.test(stdout)) return undefined;
  throw refusal(complaint);
}

/** Runs npm for a registry, with its token alone: in the environment, and named by the settings. */
function runNpm(version: Version, registry: string, args: readonly string[]): Promise<Ended> {
  const { GH_TOKEN, NPM_TOKEN } = process.env;
  const token = NPM_TOKEN || (isOfGitHub(registry) ? GH_TOKEN : undefined);
  // Its notices would hide the complaint.
  const env = { ...environmentWithout("GH_TOKEN", "NPM_TOKEN"), npm_config_loglevel: "error" };
  return withTemporaryFolder(async (settings) => {
    if (token !== undefined) {
      const address = registry.replace(/^https?:/, "").replace(/\/*$/, "/");
      const npmrc = join(settings, "npmrc");
      await writeFile(npmrc, `${address}:_authToken=\${NPM_TOKEN}\n`);
      Object.assign(env, { NPM_TOKEN: token, npm_config_userconfig: npmrc });
    }
    const flags = registryFlags(version, registry);
    return attempt("npm", [...args, ...flags], { cwd: version.root, env });
  });
}

/** GitHub's own registry takes the workflow's token. No other registry may see it. */
function isOfGitHub(registry: string): boolean {
  const server = process.env["GITHUB_SERVER_URL"];
  if (server === undefined || !registry.startsWith("https:")) return false;
  const [{ hostname }, own] = [new URL(registry), new URL(server).hostname];
  return hostname === own || hostname.endsWith(`.${own}`);
}

/**
 * Provenance names the repository in a log that anybody can read: only what is public anyway, the
 * package as well as the repository, gets one.
 */
async function offersProvenance({ root, isPublic }: Version): Promise<boolean> {
  if (!isPublic || process.env["ACTIONS_ID_TOKEN_REQUEST_URL"] === undefined) return false;
  const view = ["repo", "view", "--json", "visibility", "--jq", ".visibility"];
  return (await run("gh", view, { cwd: root })) === "PUBLIC";
}

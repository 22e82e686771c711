import { existsSync, rmSync } from "node:fs";
import { cp, mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { type CommandOptions, run } from "./commands.js";
import { ROOT } from "./tools.js";

/** A temporary place with an npm and a git of its own: no setting of this machine reaches it but the registry. */
export interface Workplace {
  readonly registry: string;
  readonly env: NodeJS.ProcessEnv;
  /** Its npm settings, a file. */
  readonly npmrc: string;
  /** Makes a folder. */
  folder(name: string): Promise<string>;
  npm(args: readonly string[], options: CommandOptions & { cwd: string }): Promise<string>;
}

/** It is deleted when the process ends that opened the first one, which has all others in it. */
export async function openWorkplace(): Promise<Workplace> {
  const registry = (await run("npm", ["config", "get", "registry"], { cwd: ROOT })).trim();
  const outer = process.env["E2E_WORKPLACE"];
  const base = await mkdtemp(join(outer ?? tmpdir(), "make-api-tokens-"));
  if (outer === undefined) {
    process.env["E2E_WORKPLACE"] = base;
    process.once("exit", () => rmSync(base, { recursive: true, force: true, maxRetries: 3 }));
  }
  const npmrc = join(base, "npmrc");
  await writeFile(npmrc, `registry=${registry}\naudit=false\nfund=false\nupdate-notifier=false\n`);

  const foreign = /^(npm_|MAKE_|GIT_|VITEST|E2E_|NODE_ENV$|NODE_OPTIONS$|INIT_CWD$)/i;
  const inherited = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  // Without what `npm run` adds: a build must not find its tools by luck.
  const path = (process.env["PATH"] ?? "").split(delimiter);
  const env = {
    ...Object.fromEntries(inherited),
    PATH: path.filter((it) => !it.includes("node_modules")).join(delimiter),
    HOME: base,
    TMPDIR: base,
    GIT_CONFIG_NOSYSTEM: "1",
    npm_config_userconfig: npmrc,
    npm_config_globalconfig: join(base, "no-global-npmrc"),
    npm_config_cache: join(base, "cache"),
  };
  return {
    registry,
    env,
    npmrc,
    async folder(name) {
      const path = join(base, name);
      await mkdir(path, { recursive: true });
      return path;
    },
    npm: (args, options) => run("npm", args, { env, ...options }),
  };
}

/** Copies what git has, or would add, to another folder. */
export async function copyWorkTree(to: string): Promise<void> {
  const args = ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate"];
  const names = (await run("git", args, { cwd: ROOT })).split("\0").filter(Boolean);
  // A file may be deleted, but not in git yet.
  for (const name of names.filter((it) => existsSync(join(ROOT, it)))) {
    await mkdir(dirname(join(to, name)), { recursive: true });
    await cp(join(ROOT, name), join(to, name));
  }
}

/** Runs git in a folder, as somebody with a name. */
export const gitIn =
  (cwd: string, { env }: Workplace) =>
  async (...args: string[]): Promise<string> => {
    const author = ["-c", "user.name=team", "-c", "user.email=team@example.com"];
    return (await run("git", [...author, ...args], { cwd, env })).trim();
  };

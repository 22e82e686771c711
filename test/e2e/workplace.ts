import { rmSync } from "node:fs";
import { cp, mkdir, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { type CommandOptions, run } from "./commands.js";
import { HERE, ROOT } from "./paths.js";

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

export async function openWorkplace(): Promise<Workplace> {
  const registry = (await run("npm", ["config", "get", "registry"], { cwd: ROOT })).trim();
  const base = await mkdtemp(join(tmpdir(), "make-api-tokens-"));
  process.once("exit", () => rmSync(base, { recursive: true, force: true, maxRetries: 3 }));
  const npmrc = join(base, "npmrc");
  await writeFile(npmrc, `registry=${registry}\naudit=false\nfund=false\nupdate-notifier=false\n`);

  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(npm_|MAKE_|GIT_|NODE_OPTIONS$|INIT_CWD$)/i.test(name),
  );
  const env = {
    ...Object.fromEntries(inherited),
    // Without what `npm run` adds: a build must not find its tools by luck.
    PATH: (process.env["PATH"] ?? "")
      .split(delimiter)
      .filter((it) => !it.includes("node_modules"))
      .join(delimiter),
    HOME: base,
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

/**
 * Installs the package of a folder, unless what its lock file says is there already. Not by `npm ci`
 * in every folder: it takes a lock for out of step where an optional package of another platform has
 * never been published, as with pnpm 12.
 */
export async function installTools(
  folder = HERE,
  install: readonly string[] = ["ci"],
): Promise<string> {
  const lock = await readFile(join(folder, "package-lock.json"), "utf8");
  const stamp = join(folder, "node_modules/.installed-lock.json");
  if ((await readFile(stamp, "utf8").catch(() => "")) === lock) return "there already";
  await run("npm", [...install, "--no-audit", "--no-fund"], { cwd: folder, seconds: 600 });
  await writeFile(stamp, lock);
  return `npm ${install.join(" ")}`;
}

/** Copies what git has, or would add, to another folder. */
export async function copyWorkTree(to: string): Promise<void> {
  const args = ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate"];
  const names = (await run("git", args, { cwd: ROOT })).split("\0").filter(Boolean);
  for (const name of names) {
    const target = join(to, name);
    await mkdir(dirname(target), { recursive: true });
    // A file that was deleted, but not in git yet.
    await cp(join(ROOT, name), target).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw error;
    });
  }
}

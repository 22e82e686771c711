import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, vi } from "vitest";
import { run } from "../../scripts/lib/run.js";
import { fakeGh, gitHubOf } from "./fake-programs.js";

/** What runs for all tests of a file, and the folder that it leaves: each test has a copy of that. */
type Fill = (checkout: Checkout) => Promise<void>;

/** A checkout with its origin and a `gh`, each in a folder beside the others. */
export class Checkout {
  #folder = "";

  /** Makes one for all tests of a file, and gives each test a copy of it. */
  static use(fill: Fill): Checkout {
    const checkout = new Checkout();
    let template: string;
    beforeAll(async () => {
      template = await mkdtemp(join(tmpdir(), "checkout-"));
      checkout.#enter(template);
      await fakeGh(checkout.in("bin"));
      await mkdir(checkout.root);
      await checkout.git("init", "--quiet", "--bare", "--template=", checkout.in("origin"));
      await checkout.git("init", "--quiet", "--template=");
      await checkout.git("remote", "add", "origin", "../origin");
      await fill(checkout);
    }, 180_000);
    beforeEach(async () => {
      const copy = await mkdtemp(join(tmpdir(), "checkout-"));
      await run("cp", ["-R", `${template}/.`, copy], { cwd: template });
      checkout.#enter(copy);
    });
    afterEach(async () => {
      vi.unstubAllEnvs();
      await rm(checkout.#folder, { recursive: true });
    });
    afterAll(() => rm(template, { recursive: true }));
    return checkout;
  }

  /** Lets the programs of a folder be found, and what they read in their environment. */
  #enter(folder: string): void {
    this.#folder = folder;
    const environment = {
      PATH: [this.in("bin"), process.env["PATH"]].join(delimiter),
      GH_TOKEN: "secret-of-github",
      NPM_TOKEN: "secret-of-the-registry",
      NPM_REGISTRY: undefined,
      ACTIONS_ID_TOKEN_REQUEST_URL: undefined,
      npm_config_userconfig: undefined,
      GIT_CONFIG_GLOBAL: this.in("gitconfig"),
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_CEILING_DIRECTORIES: folder,
    };
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  }

  get root(): string {
    return this.in("checkout");
  }
  get gh(): ReturnType<typeof gitHubOf> {
    return gitHubOf(this.in("bin"));
  }
  /** A path in the folder of all. */
  in(name: string): string {
    return join(this.#folder, name);
  }
  read(name: string): Promise<string> {
    return readFile(join(this.root, name), "utf8");
  }
  write(name: string, text: string): Promise<void> {
    return writeFile(join(this.root, name), text);
  }
  git(...args: string[]): Promise<string> {
    return run("git", args, { cwd: this.root });
  }
  origin(...args: string[]): Promise<string> {
    return this.git("--git-dir", this.in("origin"), ...args);
  }
  async commit(message: string): Promise<void> {
    await this.git("add", "--all");
    const author = ["-c", "user.name=a", "-c", "user.email=a@example.com"];
    await this.git(...author, "commit", "--quiet", "--message", message);
  }
}

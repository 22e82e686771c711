import { cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { parseYaml } from "@redocly/openapi-core";
import { run } from "../commands.js";
import { ROOT } from "../paths.js";
import type { Workplace } from "../workplace.js";

interface Step {
  readonly id?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}
interface Job {
  readonly needs?: string;
  readonly if?: string;
  readonly outputs?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

/** What runs in the place of a command that would take too long here, and in its folder. */
export type InPlaceOf = Readonly<Record<string, (folder: string) => Promise<unknown>>>;

/** What a workflow runs on. */
export interface Runner {
  readonly workplace: Workplace;
  /** The repository that is checked out and pushed to. */
  readonly origin: string;
  /** The folder of Node's program. */
  readonly node: string;
  /** The folder of `gh`. */
  readonly bin: string;
  /** What `${{ … }}` may name: secrets, variables, and the token. */
  readonly values: Readonly<Record<string, string>>;
  readonly inPlaceOf: InPlaceOf;
}

/** Reads a workflow as it stands, and runs its jobs, each on a checkout of its own. */
export class Workflow {
  readonly #runner: Runner;
  readonly #jobs: Readonly<Record<string, Job>>;
  readonly #artefacts: string;
  readonly #outputs = new Map<string, string>();
  #checkouts = 0;

  static async read(runner: Runner, name: string): Promise<Workflow> {
    const text = await readFile(join(ROOT, ".github/workflows", name), "utf8");
    const { jobs } = parseYaml(text) as { jobs: Readonly<Record<string, Job>> };
    return new Workflow(runner, jobs, await runner.workplace.folder(`${name}/artefacts`));
  }

  private constructor(runner: Runner, jobs: Readonly<Record<string, Job>>, artefacts: string) {
    this.#runner = runner;
    this.#jobs = jobs;
    this.#artefacts = artefacts;
  }

  /** Runs every job whose condition holds, on a branch or on main, and names those that ran. */
  async run(branch = "main"): Promise<string[]> {
    const ran: string[] = [];
    for (const [name, job] of Object.entries(this.#jobs)) {
      if (job.needs !== undefined && !ran.includes(job.needs)) continue;
      if (!this.#holds(job.if)) continue;
      await this.runJob(name, { branch });
      ran.push(name);
    }
    return ran;
  }

  /** Runs one job, as when it alone is run again; returns what its commands print. */
  async runJob(
    name: string,
    { branch = "main", env = {} }: { branch?: string; env?: NodeJS.ProcessEnv } = {},
  ): Promise<string> {
    const job = this.#jobs[name];
    if (!job) throw new Error(`there is no job ${name}`);
    const { workplace, origin } = this.#runner;
    const folder = await workplace.folder(`checkout-of-${name}-${branch}-${++this.#checkouts}`);
    const printed: string[] = [];
    for (const step of job.steps) {
      if (step.run !== undefined) printed.push(await this.#command(step, folder, env));
      else if (isAction(step, "actions/checkout")) {
        const args = ["clone", "--quiet", "--depth=1", `--branch=${branch}`, `file://${origin}`];
        await run("git", [...args, folder], { env: workplace.env });
      } else if (isAction(step, "actions/upload-artifact")) await this.#upload(step, folder);
      else if (isAction(step, "actions/download-artifact")) {
        await cp(join(this.#artefacts, String(step.with?.["name"])), folder, { recursive: true });
      } else if (!isAction(step, "actions/setup-node")) {
        throw new Error(`nothing is known here of ${step.uses}`);
      }
    }
    for (const [key, value] of Object.entries(job.outputs ?? {})) {
      this.#outputs.set(`needs.${name}.outputs.${key}`, this.#evaluated(value));
    }
    return printed.join("");
  }

  async #command(step: Step, folder: string, more: NodeJS.ProcessEnv): Promise<string> {
    const command = step.run ?? "";
    const { workplace, inPlaceOf, node, bin } = this.#runner;
    const other = inPlaceOf[command];
    if (other) return String((await other(folder)) ?? "");

    const output = join(await workplace.folder("outputs"), "GITHUB_OUTPUT");
    await writeFile(output, "");
    const env = {
      ...workplace.env,
      PATH: [more["PATH"], bin, node, workplace.env["PATH"]].filter(Boolean).join(delimiter),
      CI: "true",
      GITHUB_OUTPUT: output,
      GITHUB_REPOSITORY: "acme/tokens",
      GITHUB_SERVER_URL: "https://git.example.com",
    };
    const own = Object.entries(step.env ?? {}).map(([name, value]) => [
      name,
      this.#evaluated(value),
    ]);
    const printed = await run("bash", ["-e", "-o", "pipefail", "-c", command], {
      cwd: folder,
      env: { ...env, ...Object.fromEntries(own), DIE_AFTER: more["DIE_AFTER"] ?? "" },
    });
    for (const line of (await readFile(output, "utf8")).split("\n").filter(Boolean)) {
      const [key, value = ""] = line.split("=");
      this.#outputs.set(`steps.${step.id}.outputs.${key}`, value);
    }
    return printed;
  }

  async #upload(step: Step, folder: string): Promise<void> {
    const path = String(step.with?.["path"]);
    const [, extension] = /^\*(\.\w+)$/.exec(path) ?? [];
    const isMeant = (it: string) => (extension ? it.endsWith(extension) : it === path);
    const names = (await readdir(folder)).filter(isMeant);
    if (names.length === 0 && step.with?.["if-no-files-found"] === "ignore") return;
    if (names.length !== 1) throw new Error(`to upload: ${names.join(", ") || "nothing"}`);
    const to = join(this.#artefacts, String(step.with?.["name"]));
    await mkdir(to, { recursive: true });
    for (const name of names) await cp(join(folder, name), join(to, name));
  }

  /** The one form of condition that the workflows have. */
  #holds(condition: string | undefined): boolean {
    if (condition === undefined) return true;
    const [, name, value] = /^(needs\.\w+\.outputs\.\w+) == '(\w+)'$/.exec(condition) ?? [];
    if (name === undefined) throw new Error(`nothing is known here of: ${condition}`);
    return this.#value(name) === value;
  }

  #evaluated(text: string): string {
    return text.replace(/\$\{\{ (.*?) \}\}/g, (_, name: string) => this.#value(name));
  }

  #value(name: string): string {
    const value = this.#outputs.get(name) ?? this.#runner.values[name];
    if (value === undefined) throw new Error(`nothing is known here of ${name}`);
    return value;
  }
}

const isAction = ({ uses = "" }: Step, name: string): boolean => uses.startsWith(`${name}@`);

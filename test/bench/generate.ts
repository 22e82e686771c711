import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { measure, median, print, ROOT } from "./measure.js";
import { heaviestPage, referencePages } from "./reference.js";

const run = promisify(execFile);
const TSX = import.meta.resolve("tsx");

/** Makes Node say last what the process has cost: milliseconds of processor time, and KiB of memory. */
const REPORT = `data:text/javascript,${encodeURIComponent(
  `process.on("exit", () => {
    const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
    console.error((userCPUTime + systemCPUTime) / 1000, maxRSS);
  })`,
)}`;

/** What each command costs for these pages, as a process of its own. */
async function compare(title: string, pages: ReadonlyMap<string, string>, rounds: number) {
  const root = await mkdtemp(join(tmpdir(), "bench-"));
  const peaks: Record<string, number> = {};
  const command =
    (name: string, ...args: string[]) =>
    async () => {
      const { stderr } = await run(process.execPath, ["--import", REPORT, ...args]);
      const [ms = NaN, kiB = NaN] = stderr.trim().split("\n").at(-1)?.split(" ").map(Number) ?? [];
      peaks[name] = Math.max(peaks[name] ?? 0, kiB / 1024);
      return { overriddenDuration: ms };
    };
  const script = (name: string, file: string) =>
    command(name, "--import", TSX, join(ROOT, "scripts", file), "--root", root);
  try {
    await mkdir(join(root, "spec"));
    for (const [name, text] of pages) await writeFile(join(root, `${name}.md`), text);
    const sources = [...pages.keys()].map((name) => ({ name, url: `${name}.md` }));
    const hosts = ["make.com", "make.celonis.com"];
    await writeFile(join(root, "spec/sources.json"), JSON.stringify({ pages: sources, hosts }));
    const pull = "pull, and generate";
    const pulls = await measure({ [pull]: script(pull, "pull.ts") }, { rounds, iterations: 1 });
    // The document is there now.
    const peer = "openapi-typescript, its own command";
    const cli = join(ROOT, "node_modules/openapi-typescript/bin/cli.js");
    const document = join(root, "spec/openapi.json");
    const works = {
      [peer]: command(peer, cli, document, "-o", join(root, "types.ts")),
      generate: script("generate", "generate.ts"),
    };
    const costs = { ...pulls, ...(await measure(works, { rounds, iterations: 1 })) };
    const rows = Object.entries(costs).map(([name, cost]) => [
      name,
      {
        "processor, ms": median(cost).toFixed(0),
        "× openapi-typescript": (median(cost) / median(costs[peer] ?? [])).toFixed(2),
        "peak, MiB": peaks[name]?.toFixed(0) ?? "",
      },
    ]);
    print(title, Object.fromEntries(rows));
  } finally {
    await rm(root, { recursive: true });
  }
}

const seed = await readFile(join(ROOT, "spec/pages/api-tokens.md"), "utf8");
await compare("the seed page", new Map([["api-tokens", seed]]), 5);
await compare("504 operations on 84 pages", referencePages(84), 3);
await compare("the heaviest page that is taken", new Map([["heaviest", heaviestPage()]]), 1);

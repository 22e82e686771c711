import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { parseYaml } from "@redocly/openapi-core";
import { build } from "esbuild";
import { expect, test } from "vitest";

interface Job {
  needs?: string;
  if?: string;
  permissions?: object;
  "timeout-minutes"?: number;
  strategy?: { matrix: object };
  steps: { uses?: string; run?: string; with?: Record<string, unknown>; env?: object }[];
}
interface Workflow {
  on: Record<string, unknown>;
  permissions?: unknown;
  concurrency?: unknown;
  jobs: Record<string, Job>;
}

const root = new URL("../../", import.meta.url);
const folder = new URL(".github/workflows/", root);
const read = async (name: string): Promise<[string, { text: string; workflow: Workflow }]> => {
  const text = await readFile(new URL(name, folder), "utf8");
  return [name, { text, workflow: parseYaml(text) as Workflow }];
};
const workflows = Object.fromEntries(await Promise.all((await readdir(folder)).map(read)));
const jobsOf = (name: string) => workflows[name]?.workflow.jobs ?? {};
const allJobs = Object.keys(workflows).flatMap((name) =>
  Object.entries(jobsOf(name)).map(([id, job]) => ({ title: `${name}: ${id}`, ...job })),
);

const GATE = ["npm ci", "npm test", "npm run demo"];
const GH_TOKEN = "${{ github.token }}";
const NPM = { NPM_REGISTRY: "${{ vars.NPM_REGISTRY }}", NPM_TOKEN: "${{ secrets.NPM_TOKEN }}" };

/** The commands of each job, what it may write, and what its steps are given. */
const REVIEWED: Record<string, { runs: string[]; may?: object; given?: object[] }> = {
  "checks.yml: checks": { runs: GATE },
  "pull.yml: pull": { runs: ["npm ci", 'npm run -s propose -- --save >> "$GITHUB_OUTPUT"'] },
  "pull.yml: propose": {
    runs: ["node scripts/propose.ts --open"],
    may: { actions: "write", contents: "write", "pull-requests": "write" },
    given: [{ GH_TOKEN }],
  },
  "release.yml: version": {
    runs: ['node scripts/publish-release.ts --pending >> "$GITHUB_OUTPUT"'],
    given: [{ GH_TOKEN }],
  },
  "release.yml: package": { runs: [...GATE, "npm run test:e2e", "npm run package"] },
  "release.yml: publish": {
    runs: ["node scripts/publish-release.ts"],
    may: { contents: "write", "id-token": "write", packages: "write" },
    given: [{ GH_TOKEN, ...NPM }],
  },
};

test("the jobs are the reviewed ones, and none runs code of others beside a token", () => {
  const found = allJobs.map(({ title, steps, permissions: may }) => {
    const runs = steps.flatMap(({ run }) => run ?? []);
    const given = steps.flatMap(({ env }) => env ?? []);
    return [title, { runs, may, given: given.length > 0 ? given : undefined }];
  });
  expect(Object.fromEntries(found)).toEqual(REVIEWED);
});

test.each(allJobs)("$title ends, and no text of others becomes a part of it", (job) => {
  expect(job).not.toHaveProperty("env");
  expect(job["timeout-minutes"]).toBeLessThanOrEqual(30);
  for (const { uses = "", with: values = {} } of job.steps) {
    if (/checkout@/.test(uses)) expect(values).toEqual({ "persist-credentials": false });
    const put = Object.values(values).filter((it) => String(it).includes("${{"));
    expect(put.filter((it) => it !== "${{ matrix.node }}")).toEqual([]);
  }
});

test("the checks run on every push and pull request, on each supported Node", () => {
  expect(workflows["checks.yml"]?.workflow.on).toMatchObject({ push: null, pull_request: null });
  expect(jobsOf("checks.yml")["checks"]?.strategy?.matrix).toEqual({ node: [20, 22, 24, 26] });
});

test("the pull runs weekly and by hand, and the pull request is made of what it saved", () => {
  expect(workflows["pull.yml"]?.workflow.on).toEqual({
    schedule: [{ cron: expect.stringMatching(/^\d+ \d+ \* \* [0-6]$/) as string }],
    workflow_dispatch: null,
  });
  const { pull, propose } = jobsOf("pull.yml");
  expect(propose).toMatchObject({ needs: "pull", if: "needs.pull.outputs.changed == 'true'" });
  expect(artefacts(pull, propose)).toEqual([
    { name: "proposal", path: "proposal.patch", "if-no-files-found": "ignore" },
    { name: "proposal" },
  ]);
});

test("the release runs on main, one at a time, and publishes what has passed the gate", () => {
  const { on, concurrency } = workflows["release.yml"]?.workflow ?? {};
  expect(on).toEqual({ push: { branches: ["main"] } });
  expect(concurrency).toEqual({ group: "release" });
  const { version, package: built, publish } = jobsOf("release.yml");
  expect(version?.needs).toBeUndefined();
  expect(built).toMatchObject({ needs: "version", if: "needs.version.outputs.pending == 'true'" });
  expect(publish).toMatchObject({ needs: "package" });
  expect(artefacts(built, publish)).toEqual([
    { name: "package", path: "*.tgz", "if-no-files-found": "error" },
    { name: "package" },
  ]);
});

const artefacts = (...all: (Job | undefined)[]) =>
  all.flatMap((job) =>
    (job?.steps ?? []).filter(({ uses }) => uses?.includes("-artifact@")).map((step) => step.with),
  );

test.each(["publish-release", "propose"])(
  "%s.ts needs Node alone: no package, and files by their own names",
  async (script) => {
    const { metafile } = await build({
      absWorkingDir: fileURLToPath(root),
      entryPoints: [`scripts/${script}.ts`],
      bundle: true,
      packages: "external",
      platform: "node",
      format: "esm",
      metafile: true,
      write: false,
    });
    const imports = Object.values(metafile.inputs).flatMap((input) => input.imports);
    expect(imports.length).toBeGreaterThan(10);
    for (const { original, path } of imports) {
      expect(original ?? path).toMatch(/^node:|^\.\.?\/.*\.ts$/);
    }
  },
);

test.each(Object.entries(workflows))(
  "%s pins each action to a commit, may read, and gives nothing to all of its jobs",
  (_, { text, workflow }) => {
    const pinned = text.match(/uses: [\w.-]+\/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/gm);
    expect(pinned?.length).toBe(text.match(/uses:/g)?.length);
    expect(workflow.permissions).toEqual({ contents: "read" });
    expect(workflow).not.toHaveProperty("env");
  },
);

import { access, readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { parseYaml } from "@redocly/openapi-core";
import { build } from "esbuild";
import { describe, expect, test } from "vitest";

interface Step {
  id?: string;
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
  env?: Record<string, unknown>;
}
interface Job {
  needs?: string;
  if?: string;
  permissions?: Record<string, string>;
  "timeout-minutes"?: number;
  strategy?: { matrix: { node: number[] } };
  steps: Step[];
}
interface Workflow {
  on: Record<string, unknown>;
  permissions?: unknown;
  concurrency?: unknown;
  jobs: Record<string, Job>;
}

const root = new URL("../../", import.meta.url);
const folder = new URL(".github/workflows/", root);
const names = await readdir(folder);
const texts = await Promise.all(names.map((name) => readFile(new URL(name, folder), "utf8")));
const workflows = new Map(names.map((name, at) => [name, parseYaml(texts[at] ?? "") as Workflow]));
const { scripts } = JSON.parse(await readFile(new URL("package.json", root), "utf8")) as {
  scripts: Record<string, string>;
};

const jobs = (workflow: Workflow): Job[] => Object.values(workflow.jobs);
const steps = (workflow: Workflow): Step[] => jobs(workflow).flatMap((job) => job.steps);
const commands = [...workflows.values()]
  .flatMap(steps)
  .flatMap(({ run }) => (run === undefined ? [] : [run]));

/** What a job may do beside reading, and the steps that get a token or a secret, with all of it. */
const rights: Record<string, Record<string, Record<string, string>>> = {
  "pull.yml": { propose: { actions: "write", contents: "write", "pull-requests": "write" } },
  "release.yml": { publish: { contents: "write", "id-token": "write", packages: "write" } },
};
const GH_TOKEN = "${{ github.token }}";
const trusted: Record<string, Record<string, Step[]>> = {
  "pull.yml": { propose: [{ run: "node scripts/propose.ts --open", env: { GH_TOKEN } }] },
  "release.yml": {
    version: [
      {
        id: "version",
        run: 'node scripts/publish-release.ts --pending >> "$GITHUB_OUTPUT"',
        env: { GH_TOKEN },
      },
    ],
    publish: [
      {
        run: "node scripts/publish-release.ts",
        env: {
          GH_TOKEN,
          NPM_REGISTRY: "${{ vars.NPM_REGISTRY }}",
          NPM_TOKEN: "${{ secrets.NPM_TOKEN }}",
        },
      },
    ],
  },
};

test("there are the checks, the pull and the release", () => {
  expect(names.sort()).toEqual(["checks.yml", "pull.yml", "release.yml"]);
});

test("the checks run on every push and pull request, on each supported Node", () => {
  const checks = workflows.get("checks.yml");
  expect(Object.keys(checks?.on ?? {})).toEqual(expect.arrayContaining(["push", "pull_request"]));
  expect(checks?.on).toMatchObject({ push: null, pull_request: null });
  expect(checks?.jobs["checks"]?.strategy?.matrix.node).toEqual([20, 22, 24, 26]);
});

test("the pull runs weekly and by hand", () => {
  expect(workflows.get("pull.yml")?.on).toEqual({
    schedule: [{ cron: expect.stringMatching(/^\d+ \d+ \* \* [0-6]$/) as string }],
    workflow_dispatch: null,
  });
});

test("the release runs on main, one at a time, and its steps only for what is not released", () => {
  const release = workflows.get("release.yml");
  expect(release?.on).toEqual({ push: { branches: ["main"] } });
  expect(release?.concurrency).toEqual({ group: "release" });
  const { version, package: built, publish } = release?.jobs ?? {};
  expect(version?.needs).toBeUndefined();
  expect(built).toMatchObject({
    needs: "version",
    if: "needs.version.outputs.pending == 'true'",
  });
  expect(publish).toMatchObject({ needs: "package" });
});

test("the release packs what has passed the gate, and publishes no other artefact", () => {
  const { package: built, publish } = workflows.get("release.yml")?.jobs ?? {};
  const gate = ["npm ci", "npm test", "npm run demo", "npm run test:e2e"];
  expect(built?.steps.flatMap(({ run }) => run ?? [])).toEqual([...gate, "npm run package"]);
  const artefacts = [built, publish].flatMap((job) =>
    (job?.steps ?? []).filter(({ uses }) => /-artifact@/.test(uses ?? "")),
  );
  expect(artefacts).toEqual([
    {
      uses: expect.stringMatching(/^actions\/upload-/) as string,
      with: { name: "package", path: "*.tgz", "if-no-files-found": "error" },
    },
    { uses: expect.stringMatching(/^actions\/download-/) as string, with: { name: "package" } },
  ]);
});

test.each([
  ["release.yml", "package", "publish-release"],
  ["pull.yml", "pull", "propose"],
])("the code of others runs in no job of %s that has a token", (name, without, script) => {
  const { [without]: open, ...others } = workflows.get(name)?.jobs ?? {};
  expect(open?.permissions).toBeUndefined();
  expect(open?.steps.filter(({ env }) => env !== undefined)).toEqual([]);
  expect(Object.keys(others).length).toBeGreaterThan(0);
  for (const job of Object.values(others)) {
    expect(job.steps.flatMap(({ run }) => run ?? [])).toEqual([
      expect.stringMatching(new RegExp(`^node scripts/${script}\\.ts( |$)`)),
    ]);
  }
});

test("the pull request is made of what the pull saved, if that is anything", () => {
  const { pull, propose } = workflows.get("pull.yml")?.jobs ?? {};
  expect(pull?.steps.flatMap(({ run }) => run ?? [])).toEqual([
    "npm ci",
    'npm run -s propose -- --save >> "$GITHUB_OUTPUT"',
  ]);
  expect(propose).toMatchObject({
    needs: "pull",
    if: "needs.pull.outputs.changed == 'true'",
  });
  const artefacts = [pull, propose].flatMap((job) =>
    (job?.steps ?? []).filter(({ uses }) => /-artifact@/.test(uses ?? "")),
  );
  expect(artefacts.map((step) => step.with)).toEqual([
    { name: "proposal", path: "proposal.json", "if-no-files-found": "ignore" },
    { name: "proposal" },
  ]);
});

test.each(["publish-release", "propose"])(
  "%s.ts needs Node alone: no package, and files by their own names",
  async (script) => {
    const seen = new Set([`scripts/${script}.ts`]);
    for (const name of seen) {
      const { metafile } = await build({
        absWorkingDir: fileURLToPath(root),
        entryPoints: [name],
        bundle: true,
        packages: "external",
        platform: "node",
        format: "esm",
        metafile: true,
        write: false,
      });
      for (const [input, { imports }] of Object.entries(metafile.inputs)) {
        seen.add(input);
        for (const { original, path } of imports) {
          expect(original ?? path, input).toMatch(/^node:|^\.\.?\/.*\.ts$/);
        }
      }
    }
    expect(seen.size).toBeGreaterThan(5);
  },
);

test.each([...new Set(commands)])("`%s` is a command that this project has", async (command) => {
  if (command === "npm ci") return;
  const [, script] = /^node (scripts\/[\w-]+\.ts)(?: |$)/.exec(command) ?? [];
  if (script !== undefined) return access(new URL(script, root));
  const [, name = ""] =
    /^npm (?:run )?(?:-s )?([\w:-]+)(?: -- --save >> "\$GITHUB_OUTPUT")?$/.exec(command) ?? [];
  expect(Object.keys(scripts)).toContain(name);
  for (const [file] of scripts[name]?.matchAll(/\b(?:scripts|test)\/[\w./-]+/g) ?? []) {
    await expect(access(new URL(file, root))).resolves.toBeUndefined();
  }
});

/** Everything that is put into a workflow's text. Of these, nothing comes from who pushes. */
const expressions = [
  ...["matrix.node", "github.token", "vars.NPM_REGISTRY", "secrets.NPM_TOKEN"],
  ...["steps.version.outputs.pending", "steps.pull.outputs.changed"],
];

describe.each([...workflows])("%s", (name, workflow) => {
  test("pins each action to a commit and says which version that is", () => {
    const text = texts[names.indexOf(name)] ?? "";
    const uses = steps(workflow).filter((step) => step.uses !== undefined);
    expect(uses.length).toBeGreaterThan(0);
    expect(text.match(/uses: [\w.-]+\/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/gm)).toHaveLength(
      uses.length,
    );
    expect(text.match(/uses:/g)).toHaveLength(uses.length);
  });

  test("may read, and a job writes only what it names", () => {
    expect(workflow.permissions).toEqual({ contents: "read" });
    for (const [job, { permissions }] of Object.entries(workflow.jobs)) {
      expect(permissions).toEqual(rights[name]?.[job]);
    }
  });

  test("leaves no credentials behind and hands tokens to the steps that are trusted with them", () => {
    for (const step of steps(workflow)) {
      if (step.uses?.startsWith("actions/checkout@")) {
        expect(step.with?.["persist-credentials"]).toBe(false);
      }
    }
    expect(workflow).not.toHaveProperty("env");
    for (const [id, job] of Object.entries(workflow.jobs)) {
      expect(job).not.toHaveProperty("env");
      const given = job.steps.filter(({ env }) => env !== undefined);
      expect(given).toEqual(trusted[name]?.[id] ?? []);
      const values = job.steps.flatMap((step) => Object.values(step.with ?? {}));
      const put = values.filter((it) => String(it).includes("${{"));
      expect(put.filter((it) => it !== "${{ matrix.node }}")).toEqual([]);
    }
  });

  test("evaluates nothing that comes from outside", () => {
    const text = texts[names.indexOf(name)] ?? "";
    for (const [, expression] of text.matchAll(/\$\{\{(.*?)\}\}/g)) {
      expect(expressions).toContain(expression?.trim());
    }
    for (const { run } of steps(workflow)) expect(run ?? "").not.toContain("${{");
  });

  test("ends", () => {
    for (const job of jobs(workflow)) expect(job["timeout-minutes"]).toBeLessThanOrEqual(30);
  });
});

import { access, readdir, readFile } from "node:fs/promises";
import { parseYaml } from "@redocly/openapi-core";
import { describe, expect, test } from "vitest";

interface Step {
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
  env?: Record<string, unknown>;
}
interface Job {
  permissions?: Record<string, string>;
  "timeout-minutes"?: number;
  strategy?: { matrix: { node: number[] } };
  steps: Step[];
}
interface Workflow {
  on: Record<string, unknown>;
  permissions?: unknown;
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

test("there are the checks and the pull", () => {
  expect(names.sort()).toEqual(["checks.yml", "pull.yml"]);
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

test.each([...new Set(commands)])("`%s` is a command that this project has", async (command) => {
  if (command === "npm ci") return;
  const [, name = ""] = /^npm (?:run )?([\w:-]+)$/.exec(command) ?? [];
  expect(Object.keys(scripts)).toContain(name);
  for (const [file] of scripts[name]?.matchAll(/\b(?:scripts|test)\/[\w./-]+/g) ?? []) {
    await expect(access(new URL(file, root))).resolves.toBeUndefined();
  }
});

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
    for (const job of jobs(workflow)) {
      const allowed = { actions: "write", contents: "write", "pull-requests": "write" };
      if (name === "pull.yml") expect(job.permissions).toEqual(allowed);
      else expect(job.permissions).toBeUndefined();
    }
  });

  test("leaves no credentials behind and hands the token to one step", () => {
    for (const step of steps(workflow)) {
      if (step.uses?.startsWith("actions/checkout@")) {
        expect(step.with?.["persist-credentials"]).toBe(false);
      }
      if (step.env !== undefined) {
        expect(step).toEqual({ run: "npm run propose", env: { GH_TOKEN: "${{ github.token }}" } });
      }
    }
  });

  test("evaluates nothing that comes from outside", () => {
    const text = texts[names.indexOf(name)] ?? "";
    for (const [, expression] of text.matchAll(/\$\{\{(.*?)\}\}/g)) {
      expect(["matrix.node", "github.token"]).toContain(expression?.trim());
    }
    for (const { run } of steps(workflow)) expect(run ?? "").not.toContain("${{");
  });

  test("ends", () => {
    for (const job of jobs(workflow)) expect(job["timeout-minutes"]).toBeLessThanOrEqual(30);
  });
});

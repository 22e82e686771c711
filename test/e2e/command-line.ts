import { deepEqual, equal, match } from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";
import { type FakeZone, startFakeZone } from "../../src/testing/index.js";
import type { Checks } from "./checks.js";
import { nodeOf, NODES, PLATFORM, tool } from "./paths.js";
import { versionOf } from "./runtimes.js";
import type { Workplace } from "./workplace.js";

/** What runs the command of an installed package, as its users do. */
interface Runner {
  readonly name: string;
  /** What is found first by its name. */
  readonly program: string;
  readonly command: readonly [program: string, ...args: string[]];
}

const RUNNERS: readonly Runner[] = [
  ...NODES.map((major): Runner => ({
    name: `npx on Node ${major}`,
    program: nodeOf(major),
    command: ["npx", "--offline", "make-api-tokens"],
  })),
  {
    name: "bunx --bun",
    program: tool(`bun-${PLATFORM}/bin/bun`),
    command: ["bun", "x", "--no-install", "--bun", "make-api-tokens"],
  },
];

interface Ended {
  readonly code: number | string | null;
  readonly stdout: string;
  readonly lastLine: string | undefined;
}

interface Shell {
  readonly zone: FakeZone;
  /** The file that stores write to. */
  readonly vault: string;
  readonly start: (...args: string[]) => { child: ChildProcess; ended: Promise<Ended> };
}

const KEEP = 'cat > "$VAULT"';
const WAIT = `${KEEP}; : > "$VAULT.begun"; until [ -e "$VAULT.go" ]; do sleep 0.05; done`;

/** The command's own token is replaced by what the vault holds, as in a workflow. */
function openShell(zone: FakeZone, folder: string, workplace: Workplace, runner: Runner): Shell {
  const vault = join(folder, `vault of ${runner.name}`);
  const [program, ...first] = runner.command;
  const { env } = workplace;
  const path = [dirname(runner.program), env["PATH"]].join(delimiter);
  const start: Shell["start"] = (...args) => {
    const child = spawn(program, [...first, ...args, "--base-url", zone.baseUrl], {
      cwd: folder,
      env: { ...env, PATH: path, VAULT: vault, MAKE_API_KEY: zone.token },
      detached: true,
      timeout: 60_000,
    });
    const closed = new Promise<Ended["code"]>((resolve, reject) => {
      child.on("error", reject).on("close", (code, signal) => resolve(code ?? signal));
    });
    const ended = Promise.all([closed, text(child.stdout), text(child.stderr)]).then(
      ([code, stdout, stderr]): Ended => {
        return { code, stdout, lastLine: stderr.trimEnd().split("\n").at(-1) };
      },
    );
    return { child, ended };
  };
  return { zone, vault, start };
}

/** Each command once, and each way for a store to end. */
async function useCommands({ zone, vault, start }: Shell): Promise<void> {
  const run = (...args: string[]) => start(...args).ended;
  const listed = await run("list", "--json");
  deepEqual([listed.code, JSON.parse(listed.stdout).length], [0, 1]);

  const created = await run("create", "--label", "ci", "--scope", "user:read", "--store", KEEP);
  const token = zone.tokens.at(-1);
  deepEqual([created.code, created.stdout], [0, `${token?.created}\n`]);
  equal(await readFile(vault, "utf8"), token?.token);
  const deleted = await run("delete", token?.created ?? "");
  deepEqual([deleted.code, deleted.stdout], [0, created.stdout]);

  const refused = await run("rotate", "--own", "--store", "exit 75");
  deepEqual([refused.code, zone.tokens.length], [1, 1]);
  const unknown = await run("rotate", "--own", "--store", "exit 1", "--json");
  deepEqual([unknown.code, zone.tokens.length], [3, 2]);
  const { exitCode, alive, message } = JSON.parse(unknown.stdout);
  deepEqual([exitCode, message], [3, unknown.lastLine]);
  deepEqual(
    alive,
    zone.tokens.map((it) => it.created),
  );
  const wrong = await run("list", "--store", "cat");
  equal(wrong.code, 2);
}

/** Ctrl-C in a terminal reaches the runner as well as the command. */
async function interrupt({ zone, vault, start }: Shell): Promise<void> {
  const before = zone.tokens.length;
  const { child, ended } = start("rotate", "--own", "--store", WAIT);
  while (!existsSync(`${vault}.begun`)) await setTimeout(20);
  process.kill(-(child.pid ?? 0), "SIGINT");
  await setTimeout(100);
  await writeFile(`${vault}.go`, "");
  // npm itself ends by the signal, once the command has ended.
  match((await ended).lastLine ?? "", /^Done: /);
  equal(zone.tokens.length, before);
  equal(await readFile(vault, "utf8"), zone.tokens.at(-1)?.token);
}

/** The command, in a folder where the package is installed. */
export async function useCommandLine(checks: Checks, folder: string, workplace: Workplace) {
  for (const runner of RUNNERS) {
    await checks.check(`command by ${runner.name}`, async () => {
      const version = await versionOf(runner.program);
      await using zone = await startFakeZone();
      const shell = openShell(zone, folder, workplace, runner);
      await useCommands(shell);
      await interrupt(shell);
      return version;
    });
  }
}

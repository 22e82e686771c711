/** Thrown by a check that cannot run here; its message says why. */
export class Skip extends Error {}

type Result = "passed" | "failed" | "skipped";

interface Row {
  readonly what: string;
  readonly result: Result;
  readonly seconds: string;
  readonly note: string;
}

/** What was checked: a line for each while it runs, and a table at the end. */
export class Checks {
  readonly #rows: Row[] = [];

  /** Runs one check; what it returns is its note. False where it failed. */
  async check(what: string, body: () => unknown): Promise<boolean> {
    const start = performance.now();
    let result: Result = "passed";
    let note = "";
    let output = "";
    try {
      note = String((await body()) ?? "");
    } catch (error) {
      result = error instanceof Skip ? "skipped" : "failed";
      if (error instanceof Skip) note = error.message;
      else output = error instanceof Error ? `${error.stack}` : String(error);
    }
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    this.#rows.push({ what, result, seconds, note });
    console.log(`${result.padEnd(7)} ${seconds.padStart(5)} s  ${what}${note && `: ${note}`}`);
    if (output) console.log(output.replace(/^/gm, "    | "));
    return result !== "failed";
  }

  /** Runs checks that belong together; what stops them is a failure too, and stops no other group. */
  async group(name: string, body: () => Promise<void>): Promise<void> {
    await body().catch((error: unknown) =>
      this.check(name, () => {
        throw error;
      }),
    );
  }

  /** Prints the table and the closing line. False where anything failed. */
  report(): boolean {
    const table = [
      ["check", "result", "seconds", "note"],
      ["---", "---", "--:", "---"],
      ...this.#rows.map((it) => [it.what, it.result, it.seconds, it.note]),
    ];
    console.log(`\n${table.map((cells) => `| ${cells.join(" | ")} |`).join("\n")}\n`);
    const count = (result: Result) => this.#rows.filter((it) => it.result === result).length;
    console.log(
      `${count("passed")} passed, ${count("failed")} failed, ${count("skipped")} skipped`,
    );
    return count("failed") === 0;
  }
}

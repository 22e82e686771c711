/** Prints a table: the names to the left, all else to the right. */
export function print(title: string, head: readonly string[], rows: readonly Row[]): void {
  const cells = rows.map(([name, ...values]) => [name, ...values.map(String)]);
  const width = head.map((it, column) =>
    Math.max(it.length, ...cells.map((row) => row[column + 1]?.length ?? 0)),
  );
  const names = Math.max(title.length, ...cells.map(([name = ""]) => name.length));
  for (const [name = "", ...values] of [[title, ...head], ...cells]) {
    const right = values.map((it, column) => it.padStart((width[column] ?? 0) + 3));
    console.log(name.padEnd(names) + right.join(""));
  }
  console.log();
}

export type Row = readonly [name: string, ...values: (string | number)[]];

/** A number as people read it: no more digits than it deserves. */
export const digits = (value: number, after: number): string =>
  value.toLocaleString("en", { minimumFractionDigits: after, maximumFractionDigits: after });

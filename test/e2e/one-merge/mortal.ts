import { writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Runs the real command of its name, and then kills whoever called it with these arguments. */
const PROGRAM = `#!/bin/sh
PATH=\${PATH#*:}
"\${0##*/}" "$@"
code=$?
case " \${0##*/} $* " in *" $DIE_AFTER "*) [ -z "$DIE_AFTER" ] || kill -KILL $PPID;; esac
exit $code
`;

/** Puts commands into a folder, the first of PATH, whose caller dies once DIE_AFTER is done. */
export async function writeMortalCommands(folder: string): Promise<void> {
  for (const name of ["git", "npm", "gh"]) {
    await writeFile(join(folder, name), PROGRAM, { mode: 0o755 });
  }
}

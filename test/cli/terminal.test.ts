import { expect, test } from "vitest";
import { createTerminal, toJson } from "../../src/cli/terminal.js";

/** Each kind of line, as standard error shows it. */
function shown(isTTY: boolean, env: NodeJS.ProcessEnv): string {
  const written: string[] = [];
  const stderr = { isTTY, write: (text: string) => written.push(text) };
  const terminal = createTerminal({ env, stderr });
  terminal.progress("waiting");
  terminal.fail("refused");
  terminal.say("done");
  return written.join("");
}

test("a person at a terminal sees progress, and failures in colour", () => {
  expect(shown(true, { TERM: "xterm" })).toBe(
    "\x1b[2mwaiting\x1b[0m\n\x1b[31mrefused\x1b[0m\ndone\n",
  );
});

test("NO_COLOR takes the colour, where it is not empty", () => {
  expect(shown(true, { NO_COLOR: "1" })).toBe("waiting\nrefused\ndone\n");
  expect(shown(true, { NO_COLOR: "" })).toContain("\x1b[31m");
});

test.each([
  ["a pipe", false, {}],
  ["a workflow", true, { CI: "true" }],
  ["a dumb terminal", true, { TERM: "dumb" }],
])("%s gets plain lines, without progress", (_, isTTY, env) => {
  expect(shown(isTTY, env)).toBe("refused\ndone\n");
});

test("JSON holds no character that steers a terminal, and loses none", () => {
  const all = Array.from({ length: 0x30000 }, (_, code) => String.fromCodePoint(code)).join("");
  const json = toJson({ all });
  expect(json).not.toMatch(/[\p{C}\p{Zl}\p{Zp}\p{DI}]/u);
  expect(JSON.parse(json)).toEqual({ all });
  expect(toJson({ label: "grüße 漢字 😀" })).toBe('{"label":"grüße 漢字 😀"}');
});

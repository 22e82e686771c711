import { createHash } from "node:crypto";
import * as babel from "prettier/plugins/babel";
import * as estree from "prettier/plugins/estree";
import { format } from "prettier/standalone";
import { isObject, type Json } from "../lib/json.ts";
import { Refusal } from "../lib/refusal.ts";
import { printable } from "../lib/text.ts";
import { checkTypes } from "./type-check.ts";
import { operationsCode, zonesCode } from "./constants.ts";
import { typesOf } from "./types.ts";

/** What to do about spec/openapi.json, if nothing else is known. */
export const PULL = "Run `npm run pull`, which writes this file.";

/** Characters of a file before it is formatted, which takes most of the time and of the memory. */
export const maxCode = 6 * 1024 * 1024;

/**
 * The text of spec/openapi.json → the files of generated/ by name, formatted and checked.
 *
 * @throws Refusal if the document cannot be turned into code; nothing has been written
 */
export async function generate(openapi: string): Promise<Map<string, string>> {
  try {
    const document = JSON.parse(openapi) as Json;
    if (!isObject(document)) throw new Error("it is no object");
    const header = headerFor(openapi);
    const zones = await pretty("generated/zones.ts", header + zonesCode(document));
    const operations = await pretty("generated/operations.ts", header + operationsCode(document));
    const paths = await pretty("generated/paths.ts", header + typesOf(document));
    checkTypes(paths, document);
    return new Map([
      ["generated/zones.ts", zones],
      ["generated/operations.ts", operations],
      ["generated/paths.ts", paths],
    ]);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new Refusal(
      `spec/openapi.json cannot be turned into code: ${printable(error.message)}.`,
      error instanceof Refusal ? error.remedy : PULL,
      { cause: error },
    );
  }
}

const headerFor = (openapi: string): string =>
  `// Generated from spec/openapi.json by \`npm run generate\`; an edit here is lost.
// Something is wrong? Report it to the maintainers of make-api-tokens, with these lines.
// spec/openapi.json SHA-256: ${createHash("sha256").update(openapi).digest("hex")}

`;

/**
 * Text of the document stands in comments and string literals: there, an escape is the character.
 * Without the file's name, prettier guesses whether it is JSX, in the square of its lines.
 */
function pretty(filepath: string, code: string): Promise<string> {
  if (code.length > maxCode) {
    throw new Error(`${filepath} would be larger than ${maxCode} characters`);
  }
  const escaped = code.replace(/[^\n\t]+/g, printable);
  const plugins = [babel, estree];
  return format(escaped, { filepath, parser: "babel-ts", plugins, printWidth: 100 });
}

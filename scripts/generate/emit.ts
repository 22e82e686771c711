import { createHash } from "node:crypto";
import * as babel from "prettier/plugins/babel";
import * as estree from "prettier/plugins/estree";
import { format } from "prettier/standalone";
import { Refusal } from "../lib/refusal.js";
import { printable } from "../lib/text.js";
import { isObject, type Json, type JsonObject } from "../lib/json.js";
import { type Operation, operationsOf, zonesOf } from "./data.js";
import { identifiersOf } from "./identifiers.js";
import { typesOf } from "./types.js";
import { verifyConstants, verifyTypes } from "./verify.js";

/**
 * Characters of a file before it is formatted, which takes most of the time and of the memory. A
 * small document can have large types, which repeat its parts.
 */
export const maxCode = 6 * 1024 * 1024;

/** The text of spec/openapi.json → the files of generated/ by name, formatted and verified. */
export async function generate(openapi: string): Promise<Map<string, string>> {
  try {
    const document = parse(openapi);
    const header = headerFor(openapi);
    const files = new Map<string, string>();
    const add = async (name: string, code: string, verify: typeof verifyTypes): Promise<void> => {
      if (code.length > maxCode)
        throw unusable(`${name} would be larger than ${maxCode} characters`);
      const text = await pretty(name, header + code);
      verify(name, text);
      files.set(name, text);
    };
    const zones = constant("zones", Object.fromEntries(zonesOf(document)));
    await add("generated/zones.ts", zones, verifyConstants);
    const operations = operationConstants(operationsOf(document));
    await add("generated/operations.ts", operations, verifyConstants);
    await add("generated/paths.ts", typesOf(document), verifyTypes);
    return files;
  } catch (error) {
    if (error instanceof Refusal || !(error instanceof Error)) throw error;
    throw unusable(error.message, error);
  }
}

function parse(openapi: string): JsonObject {
  const document = JSON.parse(openapi) as Json;
  if (!isObject(document)) throw unusable("it holds no JSON object");
  const version = document["openapi"];
  if (typeof version !== "string" || !version.startsWith("3.0.")) {
    throw unusable(`Unsupported OpenAPI version: ${JSON.stringify(version)}`);
  }
  return document;
}

/** Each operation has an export of its own, so that an importer's bundle holds only those it uses. */
function operationConstants(operations: ReadonlyMap<string, Operation>): string {
  const identifiers = identifiersOf([...operations.keys()]);
  return [...identifiers]
    .map(([name, identifier]) => constant(identifier, operations.get(name) ?? {}))
    .join("\n");
}

const constant = (name: string, data: object): string =>
  `export const ${name} = ${JSON.stringify(data, null, 2)} as const;\n`;

/**
 * Text of the document stands in comments and string literals: there, an escape is the character.
 * Without the file's name, prettier guesses whether it is JSX, in the square of its lines.
 */
function pretty(filepath: string, text: string): Promise<string> {
  const escaped = text.replace(/[^\n\t]+/g, printable);
  const formatted = (parser: string, plugin: object): Promise<string> =>
    format(escaped, { filepath, parser, plugins: [plugin, estree], printWidth: 100 });
  // Babel's parser takes half the time of TypeScript's, and comes to the same; but it reads no `-1[]`.
  return formatted("babel-ts", babel).catch(async () =>
    formatted("typescript", await import("prettier/plugins/typescript")),
  );
}

/** The beginning of each file of the generator. */
export const GENERATED = "// Generated from spec/openapi.json by";

const headerFor = (openapi: string): string =>
  `${GENERATED} \`npm run generate\`; an edit here is lost.
// Something is wrong? Report it to the maintainers of make-api-tokens, with these lines.
// spec/openapi.json SHA-256: ${createHash("sha256").update(openapi).digest("hex")}

`;

const unusable = (why: string, cause?: Error): Refusal =>
  new Refusal(
    `spec/openapi.json cannot be turned into code: ${printable(why)}.`,
    "Run `npm run pull`, which writes this file.",
    { cause },
  );

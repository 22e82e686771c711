import { jsonPath, type Path } from "./json.ts";
import { methods } from "./openapi.ts";
import { printableJson } from "./text.ts";

/** Bad input, said for the person who can correct it: the fault and its place, then the remedy. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly remedy: string;

  constructor(message: string, remedy: string, options?: ErrorOptions) {
    super(message, options);
    this.remedy = remedy;
  }
}

/**
 * How to leave out what is around a path of the merged document: an action for spec/overlay.json,
 * ready to be pasted. Undefined where none helps.
 */
export function leaveOut(path: Path): string | undefined {
  const removal = (purpose: string, target: string): string => {
    const action = printableJson(JSON.stringify({ target, remove: true }));
    return `${purpose}, add this to the actions of spec/overlay.json: ${action}`;
  };
  const [root, section, name] = path;
  if (root === "paths" && section !== undefined) {
    const isOperation = typeof name === "string" && methods.includes(name);
    const target = jsonPath(path.slice(0, isOperation ? 3 : 2));
    return removal(`To leave this ${isOperation ? "operation" : "path"} out`, target);
  }
  if (root !== "components" || section !== "schemas" || name === undefined) return undefined;
  // It stays as one that allows anything, because others may refer to it.
  return removal("To leave this schema open", `${jsonPath(path.slice(0, 3))}.*`);
}

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

const longestAction = 2000;

/**
 * How to leave out what is around a path of the merged document: an action for spec/overlay.json,
 * ready to be pasted. Undefined where none helps, or where it would be endless.
 */
export function leaveOut([root, section, name]: Path): string | undefined {
  const removal = (purpose: string, target: string): string | undefined => {
    const action = printableJson(JSON.stringify({ target, remove: true }));
    const remedy = `To leave this ${purpose}, add this to the actions of spec/overlay.json: ${action}`;
    return action.length > longestAction ? undefined : remedy;
  };
  if (section === undefined) return undefined;
  if (root === "paths") {
    const isOperation = typeof name === "string" && methods.includes(name);
    return isOperation
      ? removal("operation out", jsonPath([root, section, name]))
      : removal("path out", jsonPath([root, section]));
  }
  if (root !== "components" || section !== "schemas" || name === undefined) return undefined;
  // It stays as one that allows anything, because others may refer to it.
  return removal("schema open", `${jsonPath([root, section, name])}.*`);
}

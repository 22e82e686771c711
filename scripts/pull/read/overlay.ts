import { join } from "node:path";
import { JSONPathEnvironment } from "json-p3";
import { readText } from "../../lib/files.js";
import { isObject, type Json, type JsonObject, type Path } from "../../lib/json.js";
import { Refusal } from "../../lib/refusal.js";
import { excerpt } from "../../lib/text.js";
import { pathText } from "./fragment.js";
import { JsonFault, offsetOf, parseStrict } from "./strict-json.js";

/** An action of an OpenAPI Overlay 1.0.0, section 4.4.3; x-was is this project's. */
export interface Action {
  readonly target: string;
  readonly update: Json | undefined;
  readonly remove: boolean;
  readonly description: string | undefined;
  /** What the target holds on the page today. */
  readonly was: Json | undefined;
}

const file = "spec/overlay.json";

/** Its functions for patterns take a time that has no bound, on text that others write. */
const jsonPath = new JSONPathEnvironment({ maxRecursionDepth: 200 });
jsonPath.functionRegister.delete("match");
jsonPath.functionRegister.delete("search");

/** The actions of spec/overlay.json, which people write; none where there is no such file. */
export async function readOverlay(root: string): Promise<Action[]> {
  const text = await readText(join(root, file), file, `Mend ${file}, then pull again.`);
  if (text === undefined) return [];
  const overlay = parse(text);
  if (!isObject(overlay)) throw fault([], "is not an object");
  only(overlay, [], "overlay", "info", "extends", "actions");
  const { overlay: version, info, extends: target, actions } = overlay;
  if (typeof version !== "string" || !/^1\.0\.\d{1,3}$/.test(version)) {
    throw fault(["overlay"], 'is not "1.0.0", the version of OpenAPI Overlay that is read');
  }
  checkInfo(info);
  if (target !== undefined && typeof target !== "string") throw fault(["extends"], "is no address");
  if (!Array.isArray(actions) || actions.length === 0) {
    throw fault(["actions"], "is not a list with at least one action");
  }
  return actions.map((action, index) => readAction(action, ["actions", index]));

  function checkInfo(info: Json | undefined): void {
    if (!isObject(info)) throw fault(["info"], "is not an object with a title and a version");
    only(info, ["info"], "title", "version");
    for (const key of ["title", "version"]) {
      if (typeof info[key] !== "string") throw fault(["info", key], "is no text");
    }
  }

  function readAction(action: Json, path: Path): Action {
    if (!isObject(action)) throw fault(path, "is not an object");
    only(action, path, "target", "description", "update", "remove");
    const { target, description, update, remove = false } = action;
    if (typeof target !== "string") throw fault([...path, "target"], "is no JSONPath");
    try {
      jsonPath.compile(target);
    } catch (error) {
      const why = excerpt(error instanceof Error ? error.message : String(error), 200);
      throw fault(
        [...path, "target"],
        `is no JSONPath (RFC 9535; without match and search): ${why}`,
      );
    }
    if (typeof remove !== "boolean") throw fault([...path, "remove"], "is not true or false");
    if (description !== undefined && typeof description !== "string") {
      throw fault([...path, "description"], "is no text");
    }
    if (!remove && update === undefined) throw fault(path, "neither updates nor removes");
    return { target, description, update, remove, was: action["x-was"] };
  }

  function only(object: JsonObject, path: Path, ...keys: string[]): void {
    const other = Object.keys(object).find((key) => !keys.includes(key) && !key.startsWith("x-"));
    if (other !== undefined) throw fault([...path, other], `is not one of ${keys.join(", ")}`);
  }

  function fault(path: Path, what: string): Refusal {
    return overlayFault(text ?? "", offsetOf(text ?? "", path), `${pathText(path)} ${what}`);
  }
}

/** Where the target of an action leads in a document. */
export const pathsOf = ({ target }: Action, document: JsonObject): Path[] =>
  jsonPath.query(target, document).nodes.map(({ location }) => location);

function parse(text: string): Json {
  try {
    return parseStrict(text);
  } catch (error) {
    if (error instanceof JsonFault) throw overlayFault(text, error.offset, error.message);
    throw error;
  }
}

function overlayFault(text: string, offset: number, what: string): Refusal {
  const line = text.slice(0, offset).split("\n").length;
  return new Refusal(`${file}:${line}: ${what}.`, `Mend ${file}, then pull again.`);
}

import { join } from "node:path";
import { JSONPathEnvironment } from "json-p3";
import { readText } from "../../lib/files.js";
import { isObject, type Json, type JsonObject, type Path } from "../../lib/json.js";
import { excerpt } from "../../lib/text.js";
import { WrittenJson } from "./written-json.js";

/** An action of an OpenAPI Overlay 1.0.0, section 4.4.3; x-was is this project's. */
export interface Action {
  readonly target: string;
  readonly update: Json | undefined;
  readonly remove: boolean;
  readonly description: string | undefined;
  /** The value that the target has on the page today. */
  readonly was: Json | undefined;
}

const file = "spec/overlay.json";

/** Without functions for patterns, whose time has no bound on text that others write. */
const jsonPath = new JSONPathEnvironment({ maxRecursionDepth: 200 });
jsonPath.functionRegister.delete("match");
jsonPath.functionRegister.delete("search");

/** The actions of spec/overlay.json, which people write; none if there is no such file. */
export async function readOverlay(root: string): Promise<Action[]> {
  const remedy = `Mend ${file}, then run the same command again.`;
  const text = await readText(join(root, file), file, remedy);
  if (text === undefined) return [];
  const json = new WrittenJson(file, text);
  json.refuseOtherKeys(json.root, [], ["overlay", "info", "extends", "actions"], extension);
  const { overlay: version, info, extends: target, actions } = json.root;
  if (typeof version !== "string" || !/^1\.0\.\d{1,3}$/.test(version)) {
    throw json.fault(["overlay"], 'is not "1.0.0", the version of OpenAPI Overlay that is read');
  }
  checkInfo(json, info);
  if (target !== undefined && typeof target !== "string") {
    throw json.fault(["extends"], "is no address");
  }
  return json
    .entriesOf(actions, ["actions"], "action")
    .map((action, index) => readAction(json, action, ["actions", index]));
}

const extension = /^x-/;

function checkInfo(json: WrittenJson, info: Json | undefined): void {
  if (!isObject(info)) throw json.fault(["info"], "is not an object with a title and a version");
  json.refuseOtherKeys(info, ["info"], ["title", "version"], extension);
  for (const key of ["title", "version"]) {
    if (typeof info[key] !== "string") throw json.fault(["info", key], "is no text");
  }
}

function readAction(json: WrittenJson, action: Json, path: Path): Action {
  if (!isObject(action)) throw json.fault(path, "is not an object");
  json.refuseOtherKeys(action, path, ["target", "description", "update", "remove"], extension);
  const { target, description, update, remove = false } = action;
  if (typeof target !== "string") throw json.fault([...path, "target"], "is no JSONPath");
  const fault = faultIn(target);
  if (fault !== undefined) throw json.fault([...path, "target"], fault);
  if (typeof remove !== "boolean") throw json.fault([...path, "remove"], "is not true or false");
  if (description !== undefined && typeof description !== "string") {
    throw json.fault([...path, "description"], "is no text");
  }
  if (!remove && update === undefined) throw json.fault(path, "neither updates nor removes");
  return { target, description, update, remove, was: action["x-was"] };
}

function faultIn(target: string): string | undefined {
  try {
    jsonPath.compile(target);
    return undefined;
  } catch (error) {
    const why = excerpt(error instanceof Error ? error.message : String(error), 200);
    return `is no JSONPath (RFC 9535; without match and search): ${why}`;
  }
}

/** The paths to which the target of an action leads in a document. */
export const pathsOf = ({ target }: Action, document: JsonObject): Path[] =>
  jsonPath.query(target, document).nodes.map(({ location }) => location);

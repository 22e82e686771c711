import { isObject, type Json, type JsonObject, type Path } from "../../lib/json.js";
import { Refusal } from "../../lib/refusal.js";
import { pathText } from "./fragment.js";
import { JsonFault, offsetOf, parseStrict } from "./strict-json.js";

/** A JSON file that people write; its faults are told with their line. */
export class WrittenJson {
  readonly root: JsonObject;
  readonly #name: string;
  readonly #text: string;

  constructor(name: string, text: string) {
    this.#name = name;
    this.#text = text;
    const root = this.#parse();
    if (!isObject(root)) throw this.fault([], "is not an object");
    this.root = root;
  }

  fault(path: Path, what: string): Refusal {
    return this.#faultAt(offsetOf(this.#text, path), `${pathText(path)} ${what}`);
  }

  /** Refuses an object at `path` that has a key beside `keys`. */
  refuseOtherKeys(object: JsonObject, path: Path, keys: readonly string[], isFree = /^$/): void {
    const other = Object.keys(object).find((key) => !keys.includes(key) && !isFree.test(key));
    if (other !== undefined) {
      throw this.fault([...path, other], `is not one of ${keys.join(", ")}`);
    }
  }

  /** The list at `path` of the file, which must have an entry. */
  entriesOf(value: Json | undefined, path: Path, thing = "entry"): Json[] {
    if (Array.isArray(value) && value.length > 0) return value;
    throw this.fault(path, `is not a list with at least one ${thing}`);
  }

  #parse(): Json {
    try {
      return parseStrict(this.#text);
    } catch (error) {
      if (error instanceof JsonFault) throw this.#faultAt(error.offset, error.message);
      throw error;
    }
  }

  #faultAt(offset: number, what: string): Refusal {
    const line = this.#text.slice(0, offset).split("\n").length;
    return new Refusal(
      `${this.#name}:${line}: ${what}.`,
      `Mend ${this.#name}, then run the same command again.`,
    );
  }
}

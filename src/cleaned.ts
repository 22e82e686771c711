/** More names and values than this are not searched. */
const LARGEST = 4000;

/**
 * Whether reading or printing a property runs code, which may show anything: an accessor other than
 * the engine's own `stack`, or a method that printing calls.
 */
function isHook(key: PropertyKey, { get, set, value }: PropertyDescriptor): boolean {
  if (get || set)
    return key !== "stack" || get !== Object.getOwnPropertyDescriptor(new Error(), "stack")?.get;
  const asked = /^(to|valueOf$|inspect$|Symbol\((?!Symbol\.hasInstance))/;
  return key === Symbol.toStringTag || (typeof value === "function" && asked.test(String(key)));
}

/** Node recognises a proxy, a Map or a Buffer, whatever its prototype and its tag say. */
function isExotic(value: unknown): boolean {
  const types = globalThis.process?.getBuiltinModule?.("util").types ?? {};
  return Object.entries(types).some(([name, is]) => name !== "isNativeError" && is(value));
}

/** Built-in prototypes end the walk: the value's own parts hold all that they show. */
const ends = (): Set<unknown> =>
  new Set([null, ...[Object, Function, Array, Error, DOMException].map((it) => it.prototype)]);

/** Whether `util.inspect` or `JSON.stringify` could show a secret of `value`; true in doubt. */
function shows(value: unknown, mask: (text: string) => string, seen = ends()): boolean {
  if (seen.has(value)) return false;
  if (seen.add(value).size > LARGEST) return true;
  if (Object(value) !== value) return mask(String(value)) !== String(value);
  const parts: unknown[] = [];
  let owner = value as object;
  do {
    if (isExotic(owner)) return true;
    for (const key of Reflect.ownKeys(owner)) {
      const property = Object.getOwnPropertyDescriptor(owner, key)!;
      if (isHook(key, property)) return true;
      parts.push(key, property.value);
    }
    const it = owner as Partial<Error>;
    try {
      // A DOMException has these as accessors of its prototype.
      parts.push(it.name, it.message, it.stack);
    } catch {
      // The prototype of a class that extends DOMException has none of its own.
    }
    seen.add(owner);
    owner = Object.getPrototypeOf(owner);
  } while (!seen.has(owner));
  return parts.some((part) => shows(part, mask, seen));
}

/**
 * An error of other people's code, which may hold requests, headers and parameters: as it is where
 * no secret can be found in it, otherwise as a copy of what describes it, without secrets.
 */
export function cleaned(error: unknown, mask: (text: string) => string, depth = 0): unknown {
  try {
    if (!shows(error, mask)) return error;
  } catch {
    // A proxy that throws: in doubt.
  }
  try {
    const { name, message = error, stack, code, cause } = Object(error);
    const copy = new Error(mask(`${message}`));
    for (const [key, value] of Object.entries({ name, stack, code })) {
      if (value !== undefined) Object.assign(copy, { [key]: mask(`${value}`) });
    }
    if (cause !== undefined && depth < 9) copy.cause = cleaned(cause, mask, depth + 1);
    return copy;
  } catch {
    return new Error("unreadable error");
  }
}

/**
 * Faults of a page that stop nothing: each is set right in one way, which does not depend on the
 * order of pages, and noted. A fault is refused only if it endangers the token, the code or the
 * machine, has no true type, or is a contradiction that changes a call or its types.
 */
export const leniency = {
  // A value of an unknown type is still of the type unknown.
  "unknown type": "a type that OpenAPI 3.0 does not know; taken as unknown",
  "unreadable schema": "not what OpenAPI 3.0 has in a schema; the schema is taken as unknown",
  "array without items": "an array that does not say of what; taken as a list of unknown",
  "parameter without schema": "a parameter that does not say its type; taken as unknown",

  // Without the entry, a type is as wide as the page leaves it.
  "empty choice": "a list with nothing to choose from; left out",
  "required nothing": "required names what is not there; the name is left out",
  "path parameter optional": "a path parameter is always required; taken as required",

  // No call and no type depends on these.
  "missing text": "a text that OpenAPI 3.0 demands is missing; taken as empty",
  "wrong value": "not of the type that OpenAPI 3.0 has here; left out",
  "unknown key": "a key that OpenAPI 3.0 does not know; left out",
  "empty path": "a path without an operation; left out",
  // Ids are not used, and tools read some characters in them as a reference.
  "unfit id": "an id with characters that could be read as something else; left out",
  "id twice": "an id that several operations have; left out",
  // Tools take any $ref for a reference, and would read the file or address that it names.
  "reference in data": "data that holds a $ref, which is no reference there; left out",

  // Fragments may say in other words that which means the same.
  "other words": "the fragments differ in words",
  "other order":
    "the fragments differ in the order of servers; the first in the order of text is taken",
  "other version": "the fragments differ in the version; the highest is taken",
  "said once": "not every fragment says this; taken for all",
  "server form": "a server in other than its plain form; taken as",
} as const;

export type Leniency = keyof typeof leniency;

import { inspect } from "node:util";

/** Where an error of other people's code can hold a secret that printing it, or its parts, shows. */
export const HIDING_PLACES: readonly [place: string, hide: (secret: string) => unknown][] = [
  ["its message", (secret) => new Error(`refused Token ${secret}`)],
  ["its name", (secret) => Object.assign(new Error("x"), { name: secret })],
  ["its code", (secret) => Object.assign(new Error("x"), { code: secret })],
  ["its stack alone", (secret) => Object.assign(new Error("x"), { stack: `Error: ${secret}` })],
  [
    "a stack that outlives its message",
    (secret) => Object.assign(new Error(secret), { message: "x" }),
  ],
  ["a property", (secret) => Object.assign(new Error("x"), { token: secret })],
  ["a property that is not enumerable", (secret) => define(new Error("x"), { value: secret })],
  ["a property's name", (secret) => Object.assign(new Error("x"), { [secret]: 1 })],
  ["a symbol's property", (secret) => Object.assign(new Error("x"), { [Symbol("k")]: secret })],
  ["a symbol's name", (secret) => Object.assign(new Error("x"), { [Symbol(secret)]: 1 })],
  ["a symbol", (secret) => Object.assign(new Error("x"), { k: Symbol(secret) })],
  [
    "its config",
    (secret) =>
      Object.assign(new Error("x"), { config: { headers: { auth: [`Token ${secret}`] } } }),
  ],
  ["a Map", (secret) => Object.assign(new Error("x"), { k: new Map([["auth", secret]]) })],
  ["a Map's key", (secret) => Object.assign(new Error("x"), { k: new Map([[{ secret }, 1]]) })],
  ["a Set", (secret) => Object.assign(new Error("x"), { k: new Set([secret]) })],
  [
    "Headers",
    (secret) => Object.assign(new Error("x"), { headers: new Headers({ auth: secret }) }),
  ],
  ["a Request", (secret) => Object.assign(new Error("x"), { request: requestWith(secret) })],
  [
    "a URL",
    (secret) => Object.assign(new Error("x"), { url: new URL(`https://x.example/?${secret}`) }),
  ],
  [
    "URLSearchParams",
    (secret) => Object.assign(new Error("x"), { query: new URLSearchParams({ t: secret }) }),
  ],
  ["a boxed string", (secret) => Object.assign(new Error("x"), { k: new String(secret) })],
  ["a promise", (secret) => Object.assign(new Error("x"), { k: Promise.resolve(secret) })],
  ["a getter", (secret) => define(new Error("x"), { get: () => secret })],
  [
    "a getter of its class",
    (secret) =>
      new (class extends Error {
        get config() {
          return { secret };
        }
      })("x"),
  ],
  [
    "what toJSON gives",
    (secret) =>
      new (class extends Error {
        readonly #secret = secret;
        toJSON() {
          return { secret: this.#secret };
        }
      })("x"),
  ],
  [
    "what util.inspect is told",
    (secret) =>
      new (class extends Error {
        readonly #secret = secret;
        [inspect.custom]() {
          return this.#secret;
        }
      })("x"),
  ],
  ["what toString gives", (secret) => Object.assign(new Error("x"), { toString: () => secret })],
  [
    "its cause",
    (secret) => new Error("x", { cause: new Error("y", { cause: new Error(secret) }) }),
  ],
  ["a cause that is a string", (secret) => new Error("x", { cause: secret })],
  ["a cause that is its own cause", (secret) => circular(secret)],
  ["a cause deep down", (secret) => deep(secret, 30)],
  ["one of its errors", (secret) => new AggregateError([new Error(secret)], "x")],
  ["a function's property", (secret) => Object.assign(new Error("x"), { k: withSecret(secret) })],
  ["a DOMException", (secret) => new DOMException(secret, "AbortError")],
  ["a string that is thrown", (secret) => `Token ${secret}`],
  ["an object that is thrown", (secret) => ({ token: secret })],
  ["an array that is thrown", (secret) => [[secret]]],
  ["an object without a prototype", (secret) => Object.assign(Object.create(null), { secret })],
  ["a proxy", (secret) => new Proxy(new Error(secret), {})],
  ["a proxy that shows nothing to whoever asks it", (secret) => silent(new Error(secret))],
  [
    "a proxy that shows nothing, as a property",
    (secret) => Object.assign(new Error("x"), { k: silent({ secret }) }),
  ],
  ["a Map without a prototype", (secret) => withKey(nameless(new Map([["auth", secret]])))],
  ["a Set that says it is an object", (secret) => withKey(tagged(new Set([secret])))],
  [
    "a Map of a class that hides its entries",
    (secret) =>
      withKey(
        new (class extends Map<string, string> {
          override [Symbol.iterator]() {
            return new Map<string, string>().entries();
          }
        })([["auth", secret]]),
      ),
  ],
  ["a boxed string that says it is an object", (secret) => withKey(tagged(new String(secret)))],
  ["the tag of an object", (secret) => withKey({ [Symbol.toStringTag]: secret })],
  ["bytes", (secret) => withKey(Buffer.from(secret))],
  ["bytes without a prototype", (secret) => withKey(nameless(new TextEncoder().encode(secret)))],
  ["an error without a prototype", (secret) => nameless(new Error(secret))],
  ["a getter that changes", (secret) => define(new Error("x"), { get: changing(secret) }, "k")],
  [
    "a message that changes",
    (secret) => define(new Error("x"), { get: changing(secret) }, "message"),
  ],
  [
    "an object that changes under its tag",
    (secret) => withKey(Object.defineProperty({}, Symbol.toStringTag, { get: changing(secret) })),
  ],
  [
    "the name of its class",
    (secret) => withKey({ constructor: define(() => {}, { value: secret }, "name") }),
  ],
  [
    "the last of many objects",
    (secret) =>
      withKey([
        ...Array(3000)
          .fill(0)
          .map(() => ({})),
        { secret },
      ]),
  ],
  [
    "a Map that another object inherits from",
    (secret) => withKey(inherited(nameless(new Map([["auth", secret]])))),
  ],
  [
    "a proxy that another object inherits from",
    (secret) => withKey(inherited(silent({ secret }) as object)),
  ],
  [
    "a DOMException that another inherits from",
    (secret) => withKey(inherited(define(new DOMException(secret), { value: "x" }, "stack"))),
  ],
  ["the percent-encoding of a property", (secret) => withKey(encodeURIComponent(`${secret}/`))],
  ["its base64", (secret) => withKey(btoa(`Token ${secret}`))],
];

const withKey = (k: unknown): Error => Object.assign(new Error("x"), { k });

const nameless = <T extends object>(value: T): T => Object.setPrototypeOf(value, null) as T;

/** An object, and then its prototype. Nothing of the prototype shows in the object. */
const inherited = (prototype: object): readonly object[] => {
  const facts = { name: "x", message: "x", stack: "x" };
  const heir = Object.create(prototype, Object.getOwnPropertyDescriptors(facts));
  return [heir, prototype];
};

const tagged = <T extends object>(value: T): T =>
  Object.assign(Object.setPrototypeOf(value, Object.prototype) as T, {
    [Symbol.toStringTag]: "Object",
  });

/** A proxy bare of properties; `inspect` looks at its target. */
const silent = (target: object): unknown =>
  new Proxy(target, {
    ownKeys: () => [],
    get: () => undefined,
    getOwnPropertyDescriptor: () => undefined,
    getPrototypeOf: () => Object.prototype,
  });

/** Harmless the first time. */
function changing(secret: string): () => string {
  let asked = 0;
  return () => (asked++ ? secret : "harmless");
}

const define = <T extends object>(error: T, property: PropertyDescriptor, name = "hidden"): T =>
  Object.defineProperty(error, name, { configurable: true, ...property });

const requestWith = (secret: string): Request =>
  new Request("https://make.example/", { headers: { Authorization: `Token ${secret}` } });

const withSecret = (secret: string) => Object.assign(() => {}, { secret });

function circular(secret: string): Error {
  const error = new Error(secret);
  error.cause = error;
  return error;
}

const deep = (secret: string, depth: number): Error =>
  new Error("x", { cause: depth ? deep(secret, depth - 1) : secret });

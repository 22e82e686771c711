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
  ["a getter that throws it", (secret) => define(new Error("x"), { get: thrower(secret) })],
  [
    "a message that throws it",
    (secret) => define(new Error("x"), { get: thrower(secret) }, "message"),
  ],
  ["a code that throws it", (secret) => define(new Error("x"), { get: thrower(secret) }, "code")],
  ["a cause that throws it", (secret) => define(new Error("x"), { get: thrower(secret) }, "cause")],
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
];

const define = (error: Error, property: PropertyDescriptor, name = "hidden"): Error =>
  Object.defineProperty(error, name, { configurable: true, ...property });

const thrower = (secret: string) => () => {
  throw new Error(secret);
};

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

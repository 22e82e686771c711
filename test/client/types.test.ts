import { createMakeClient, type MakeClient, type paths } from "make-api-tokens";
import nodeFetch from "node-fetch";
import { fetch as undiciFetch } from "undici";
import { expectTypeOf, test } from "vitest";

/** Holds what is compiled and not run: `npm run check` is the test. */
const compiles: (code: (make: MakeClient, token: string) => unknown) => void = () => {};

test("options take a zone, its host, or a base URL, and not two of them", () => {
  compiles((_, token) => {
    const baseUrl = "https://make.example/api/v2";
    return [
      createMakeClient({ zone: "us1.make.celonis.com", token }),
      createMakeClient({ zone: "eu1", baseUrl: undefined, token }),
      createMakeClient({ zone: undefined, baseUrl, token }),
      // From the environment, to be checked at run time.
      createMakeClient({ zone: process.env["MAKE_ZONE"], token: process.env["MAKE_API_KEY"] }),
      // @ts-expect-error they exclude each other
      createMakeClient({ zone: "eu1", baseUrl, token }),
      // @ts-expect-error they exclude each other
      createMakeClient({ zone: process.env["MAKE_ZONE"], baseUrl, token }),
      // @ts-expect-error there is no such zone
      createMakeClient({ zone: "eu9", token }),
      // @ts-expect-error there is no such host
      createMakeClient({ zone: "eu9.make.com", token }),
    ];
  });
});

test("options take the fetch of the runtime, of undici, of node-fetch, or one of their kind", () => {
  compiles((_, token) => [
    createMakeClient({ token, fetch }),
    createMakeClient({ token, fetch: undiciFetch }),
    createMakeClient({ token, fetch: nodeFetch }),
    createMakeClient({ token, fetch: (url, init) => fetch(url, { ...init, cache: "no-cache" }) }),
    createMakeClient({ token, fetch: async (url, init) => Response.json([url, init.method]) }),
    // @ts-expect-error an answer has a status
    createMakeClient({ token, fetch: async () => "" }),
  ]);
});

test("options do not take what does not exist, or the wrong type", () => {
  compiles(({ apiTokens }, token) => [
    createMakeClient({ token: async () => "x", userAgent: undefined, retryDelay: () => 0 }),
    apiTokens.list({ timeout: 1, totalTimeout: 2, retries: 0, signal: AbortSignal.timeout(1) }),
    // @ts-expect-error a function has to return a string
    createMakeClient({ zone: "eu1", token: () => process.env["MAKE_API_KEY"] }),
    // @ts-expect-error null is not undefined
    createMakeClient({ zone: "eu1", token: null }),
    // @ts-expect-error there is no such option
    createMakeClient({ zone: "eu1", token, retry: 3 }),
    // @ts-expect-error a number of milliseconds
    createMakeClient({ zone: "eu1", token, timeout: "30s" }),
    // @ts-expect-error it returns a number of milliseconds
    createMakeClient({ token, retryDelay: () => "1s" }),
    // @ts-expect-error there is no such option of a call
    apiTokens.list({ retry: 1 }),
  ]);
});

test("arguments are what the specification asks for", () => {
  compiles(({ apiTokens }) => [
    apiTokens.create({ label: "ci", scope: ["user:read"] } as const),
    apiTokens.rotate("", { store: async ({ token }) => token, scope: ["user:read"] as const }),
    // @ts-expect-error the label is missing
    apiTokens.create({ scope: [] }),
    // @ts-expect-error the scope is missing
    apiTokens.create({ label: "ci" }),
    // @ts-expect-error there is no such property
    apiTokens.create({ label: "ci", scope: [], noSuchProperty: 1 }),
    // @ts-expect-error a number is not a timestamp
    apiTokens.delete(1585288407368),
    // @ts-expect-error store is missing
    apiTokens.rotate("", { label: "ci" }),
    // @ts-expect-error there is nowhere to keep the successor
    apiTokens.rotate(""),
  ]);
});

test("raw is typed by path", () => {
  type Listed = paths["/users/me/api-tokens"]["get"]["responses"][200]["content"];
  compiles(async ({ raw }) => {
    const { data } = await raw.GET("/users/me/api-tokens");
    expectTypeOf(data).toEqualTypeOf<Listed["application/json"] | undefined>();
    await raw.DELETE("/users/me/api-tokens/{timestamp}", { params: { path: { timestamp: "" } } });
    // @ts-expect-error the path parameter is missing
    await raw.DELETE("/users/me/api-tokens/{timestamp}");
    // @ts-expect-error there is no such path
    await raw.GET("/no/such/path");
    // @ts-expect-error the body needs a label
    await raw.POST("/users/me/api-tokens", { body: { scope: [] } });
  });
});

import type { FakeZone } from "../../src/testing/index.js";

export const PATH = "/users/me/api-tokens";
export const SPEC = { label: "ci", scope: ["user:read"] };

/** A request without the client, and what came back. */
export async function ask(zone: FakeZone, request: string, token = zone.token, body?: unknown) {
  const [method = "", path = ""] = request.split(" ");
  const response = await fetch(`${zone.baseUrl}${path}`, {
    method,
    headers: { Authorization: `Token ${token}` },
    redirect: "manual",
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text };
}

export async function askJson(...args: Parameters<typeof ask>) {
  const { status, text } = await ask(...args);
  return { status, body: JSON.parse(text) as Record<string, unknown> };
}

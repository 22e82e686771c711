import type { FakeZone } from "../../src/testing/index.js";

export const PATH = "/users/me/api-tokens";
export const SPEC = { label: "ci", scope: ["user:read"] };

/** Sends a request such as `GET /users/me/api-tokens` without the client. */
export async function ask(zone: FakeZone, request: string, token = zone.token, sent?: unknown) {
  const [method = "", path = ""] = request.split(" ");
  const response = await fetch(`${zone.baseUrl}${path}`, {
    method,
    headers: { Authorization: `Token ${token}` },
    redirect: "manual",
    ...(sent !== undefined && { body: typeof sent === "string" ? sent : JSON.stringify(sent) }),
  });
  const { status, headers } = response;
  return { status, headers, text: await response.text() };
}

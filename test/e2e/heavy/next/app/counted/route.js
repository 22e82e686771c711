import { createMakeClient } from "make-api-tokens";

/** Next.js 14 keeps the answer of such a handler where nothing in it is dynamic. */
export async function GET() {
  const { apiTokens } = createMakeClient({ baseUrl: process.env.MAKE_BASE_URL });
  return new Response(`<p>${(await apiTokens.list()).length}</p>`);
}

import { createMakeClient } from "make-api-tokens";

/** Reads nothing of the request, so that Next.js would like to make it while it builds. */
export default async function Page() {
  const { apiTokens } = createMakeClient({ baseUrl: process.env.MAKE_BASE_URL });
  return <p>{(await apiTokens.list()).length}</p>;
}

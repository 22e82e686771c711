import { createMakeClient } from "make-api-tokens";

/** The error by which Next.js leaves the build comes out of the caller's own fetch. */
export default async function Page() {
  const { apiTokens } = createMakeClient({
    baseUrl: process.env.MAKE_BASE_URL,
    fetch: (url, init) => fetch(url, { ...init, cache: "no-store" }),
  });
  return <p>{(await apiTokens.list()).length}</p>;
}

import { createMakeClient } from "make-api-tokens";

/** A create while the page is built would leave the secret on the disk. */
export default async function Page() {
  const { apiTokens } = createMakeClient({ baseUrl: process.env.MAKE_BASE_URL });
  return <p>{(await apiTokens.create({ label: "page", scope: ["user:read"] })).created}</p>;
}

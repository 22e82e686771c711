import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import { createMakeClient } from "make-api-tokens";

/** The token is the visitor's own; who has none is sent to the page that asks for it. */
async function token() {
  return (await cookies()).get("make")?.value ?? redirect("/sign-in");
}

export default async function Page() {
  const { apiTokens } = createMakeClient({ baseUrl: process.env.MAKE_BASE_URL, token });
  return <p>{(await apiTokens.list()).length}</p>;
}

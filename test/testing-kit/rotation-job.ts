import { createMakeClient, type MakeClientOptions } from "make-api-tokens";

/** A team's own job: replaces the token that is labelled `ci`, and keeps the new secret. */
export async function rotateCi(
  options: MakeClientOptions,
  save: (secret: string) => Promise<void>,
): Promise<void> {
  const { apiTokens } = createMakeClient(options);
  const old = (await apiTokens.list()).find(({ label }) => label === "ci");
  if (!old) throw new Error("no token is labelled ci");
  await apiTokens.rotate(old.created, { store: ({ token }) => save(token) });
}

import { createMakeClient, type MakeClientOptions } from "make-api-tokens";

/** A team's own job: replaces the token that is labelled `ci`, and keeps the new secret. */
export async function rotateCi(
  options: MakeClientOptions,
  save: (secret: string) => Promise<void>,
): Promise<void> {
  const { apiTokens } = createMakeClient(options);
  const [old, another] = (await apiTokens.list()).filter(({ label }) => label === "ci");
  if (!old || another) throw new Error("not exactly one token is labelled ci");
  await apiTokens.rotate(old.created, { store: ({ token }) => save(token) });
}

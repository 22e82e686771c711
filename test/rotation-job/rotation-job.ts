import { createMakeClient, type MakeClientOptions } from "make-api-tokens";

type Vault = { read(): Promise<string>; write(secret: string): Promise<void> };

export async function rotateOwn(options: MakeClientOptions, vault: Vault): Promise<void> {
  const { apiTokens } = createMakeClient({ ...options, token: () => vault.read() });
  const { created } = await apiTokens.own(); // exactly the token that this client uses
  await apiTokens.rotate(created, { store: ({ token }) => vault.write(token) });
}

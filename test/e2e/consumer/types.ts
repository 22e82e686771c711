import {
  type ApiToken,
  type CreatedApiToken,
  createMakeClient,
  type MakeError,
  type paths,
  type Zone,
} from "make-api-tokens";

/** A declaration can be written of whatever a client has. */
export const make = createMakeClient({ baseUrl: "https://make.example/api/v2", token: "secret" });
export const { apiTokens, raw } = make;

/** What must and what must not compile for those who depend on the package. */
export async function use(error: MakeError): Promise<unknown> {
  const zone: Zone = "eu1.celonis";
  createMakeClient({ zone, token: async () => "secret" });
  // @ts-expect-error a zone that the specification does not have
  createMakeClient({ zone: "eu9" });
  // @ts-expect-error no such option
  createMakeClient({ zone: "eu1", tokn: "secret" });

  const [token]: ApiToken[] = await apiTokens.list({ signal: AbortSignal.timeout(1) });
  const created: CreatedApiToken = await apiTokens.create({ label: "ci", scope: ["a"] });
  // @ts-expect-error the scope is required
  await apiTokens.create({ label: "ci" });

  const path: keyof paths = "/users/me/api-tokens";
  const { data } = await raw.GET(path);
  // @ts-expect-error a path that the specification does not have
  await raw.GET("/users/you");
  return [token?.label, created.created, data?.apiTokens, error.outcome];
}

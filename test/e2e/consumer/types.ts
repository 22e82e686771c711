import {
  type ApiToken,
  type CreatedApiToken,
  createMakeClient,
  type MakeClientOptions,
  type MakeError,
  type paths,
  type Zone,
  zones,
} from "make-api-tokens";

/** A declaration can be written of whatever a client has. */
export const make = createMakeClient({ baseUrl: "https://make.example/api/v2", token: "secret" });
export const { apiTokens, raw } = make;

/** What must and what must not compile for those who depend on the package. */
export async function use(): Promise<void> {
  const zone: Zone = "eu1.celonis";
  const make = createMakeClient({ zone, token: async () => "secret" });
  createMakeClient({ zone: "us1.make.com", onAttempt: ({ status }) => status?.toFixed() });
  createMakeClient({
    baseUrl: "https://make.example/api/v2",
    timeout: 1,
  } satisfies MakeClientOptions);
  // @ts-expect-error a zone that the specification does not have
  createMakeClient({ zone: "eu9" });
  // @ts-expect-error both
  createMakeClient({ zone: "eu1", baseUrl: "https://make.example/api/v2" });
  // @ts-expect-error no such option
  createMakeClient({ zone: "eu1", tokn: "secret" });

  const tokens: ApiToken[] = await make.apiTokens.list({ signal: AbortSignal.timeout(1) });
  const label: string | undefined = tokens[0]?.label;
  const created: CreatedApiToken = await make.apiTokens.create({ label: "ci", scope: ["a"] });
  await make.apiTokens.delete(new Date(created.created));
  await make.apiTokens.rotate(created.created, { store: async ({ token }) => token });
  // @ts-expect-error the scope is required
  await make.apiTokens.create({ label: "ci" });
  // @ts-expect-error no field that Make has, or is likely to get
  created.noSuchField;

  const { data, error } = await make.raw.DELETE("/users/me/api-tokens/{timestamp}", {
    params: { path: { timestamp: created.created } },
  });
  const deleted: string | undefined = data?.apiToken;
  // @ts-expect-error a path that the specification does not have
  await make.raw.GET("/users/you");
  type Path = keyof paths;
  const path: Path = "/users/me/api-tokens";
  const outcome = (it: MakeError): "not-sent" | "rejected" | "unknown" => it.outcome;
  console.log(zones[0], label, deleted, error, path, outcome);
}

import {
  type FakeZone,
  type FakeZoneOptions,
  type Fault,
  startFakeZone,
} from "make-api-tokens/testing";
import type { Zones } from "./life.js";

export interface Started {
  readonly zones: Zones;
  /** Throws unless the life's requests, and no others, arrived as they should. */
  check(): void;
  close(): Promise<void>;
}

/** Zones that work, and zones that do not. */
export async function startZones(): Promise<Started> {
  const works = await startFakeZone();
  const { token } = works;
  const open: FakeZone[] = [works];
  async function startBroken(fault?: Fault, options: FakeZoneOptions = { token }) {
    const zone = await startFakeZone(options);
    open.push(zone);
    if (fault) zone.fail(fault, { times: Infinity });
    return zone;
  }
  const redirects = await startBroken("redirect");
  const stalls = await startBroken("stall-headers");
  const truncates = await startBroken("truncate");
  const closed = await startBroken();
  await closed.close();

  return {
    zones: {
      token,
      works: works.baseUrl,
      redirects: redirects.baseUrl,
      stalls: stalls.baseUrl,
      truncates: truncates.baseUrl,
      closed: closed.baseUrl,
    },
    check() {
      const seen = works.requests.map(({ method, path }) =>
        `${method} ${path}`.replace(/\d{4}-\d\d-\d\dT\d\d%3A\d\d%3A\d\d\.\d{3}Z$/, "<timestamp>"),
      );
      const at = "/api/v2/users/me/api-tokens";
      const wanted = [
        ...[`GET ${at}`, `POST ${at}`, `GET ${at}`],
        `POST ${at}`,
        ...[`GET ${at}`, `POST ${at}`, `GET ${at}`, `DELETE ${at}/<timestamp>`],
        ...[`DELETE ${at}/<timestamp>`, `GET ${at}`],
      ];
      if (seen.join("\n") !== wanted.join("\n")) throw new Error(`requests:\n${seen.join("\n")}`);
      if (works.tokens.length !== 1) throw new Error(`${works.tokens.length} tokens are alive`);
    },
    async close() {
      await Promise.all(open.map((zone) => zone.close()));
    },
  };
}

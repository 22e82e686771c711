import { Refusal } from "../lib/refusal.js";

/** For sources that cannot be bundled. The bundlers say where the fault is. */
export function refuseSources(error: unknown): never {
  const why = error instanceof Error ? error.message : String(error);
  throw new Refusal(
    `The package cannot be built: ${why}`,
    "Mend it there (`npx tsc` shows more, `npm run generate` writes generated/, and `npm ci` node_modules), then run the same command again.",
    { cause: error },
  );
}

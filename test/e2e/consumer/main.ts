import { live } from "./life.js";
import { startZones } from "./zones.js";

const { zones, check, close } = await startZones();
try {
  const failures = await live(zones);
  check();
  console.log(JSON.stringify(failures));
} finally {
  await close();
}

/**
 * Writes data/windows-zones.json from Unicode CLDR (npm `cldr-core`). Run it after a bump of that package, then
 * `npm run generate`.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

interface MapZone {
  mapZone: { _other: string; _territory: string; _type: string };
}

const cldr = dirname(createRequire(import.meta.url).resolve("cldr-core/package.json"));
const readJson = (path: string) => JSON.parse(readFileSync(join(cldr, path), "utf8"));
const { version } = readJson("package.json") as { version: string };
const { supplemental } = readJson("supplemental/windowsZones.json") as {
  supplemental: { windowsZones: { mapTimezones: MapZone[] } };
};

const zones: Record<string, Record<string, string[]>> = {};
for (const { mapZone } of supplemental.windowsZones.mapTimezones) {
  zones[mapZone._other] ??= {};
  (zones[mapZone._other] as Record<string, string[]>)[mapZone._territory] = mapZone._type.split(" ");
}

const target = join(dirname(fileURLToPath(import.meta.url)), "../data/windows-zones.json");
const source = `Unicode CLDR windowsZones, npm cldr-core ${version}`;
writeFileSync(target, `${JSON.stringify({ source, licence: "Unicode-3.0", zones }, null, 1)}\n`);
console.log(`${Object.keys(zones).length} Windows zones from ${source}`);

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { WINDOWS_ZONE_ROWS } from "../src/mailbox/windows-zones.generated.ts";
import {
  createInstantReader,
  resolveZone,
  toInstantMs,
  toWallMs,
  toWindowsZone,
} from "../src/mailbox/zones.ts";

const ZONES = [
  "Europe/London",
  "America/New_York",
  "Australia/Lord_Howe",
  "Asia/Kolkata",
  "Africa/Casablanca",
  "Pacific/Apia",
  "UTC",
];

describe("zones", () => {
  it("toWallMs() shows what Intl shows at any instant", () => {
    fc.assert(
      fc.property(fc.constantFrom(...ZONES), fc.integer({ min: 0, max: 4_000_000_000 }), (zone, seconds) => {
        const shown = new Intl.DateTimeFormat("sv-SE", {
          timeZone: zone,
          dateStyle: "short",
          timeStyle: "medium",
        }).format(seconds * 1000);
        expect(new Date(toWallMs(seconds * 1000, zone)).toISOString().slice(0, 19).replace("T", " ")).toBe(
          shown,
        );
      }),
      { numRuns: 400 },
    );
  });

  it("toInstantMs() is the inverse except where the clock shows a time twice", () => {
    fc.assert(
      fc.property(fc.constantFrom(...ZONES), fc.integer({ min: 0, max: 4_000_000_000 }), (zone, seconds) => {
        const wallMs = toWallMs(seconds * 1000, zone);
        expect(toWallMs(toInstantMs(wallMs, zone), zone)).toBe(wallMs);
        expect(toInstantMs(wallMs, zone)).toBeLessThanOrEqual(seconds * 1000);
      }),
      { numRuns: 400 },
    );
  });

  it("createInstantReader() gives the same as toInstantMs() on every walk over the changes of a year", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ZONES),
        fc.integer({ min: 2000, max: 2030 }),
        fc.array(fc.integer({ min: 0, max: 366 * 24 * 4 }), { minLength: 1, maxLength: 60 }),
        (zone, year, quarters) => {
          const read = createInstantReader(zone);
          for (const quarter of quarters) {
            const wallMs = Date.UTC(year, 0, 1) + quarter * 900_000;
            expect(read(wallMs)).toBe(toInstantMs(wallMs, zone));
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it("toInstantMs() takes the first of two times in autumn, and the offset before the gap in spring", () => {
    const wall = (text: string): number => Date.parse(`${text}Z`);
    expect(new Date(toInstantMs(wall("2026-10-25T01:30:00"), "Europe/London")).toISOString()).toBe(
      "2026-10-25T00:30:00.000Z",
    );
    expect(new Date(toInstantMs(wall("2026-03-29T01:30:00"), "Europe/London")).toISOString()).toBe(
      "2026-03-29T01:30:00.000Z",
    );
  });

  it("resolveZone() knows every Windows zone of the table in any case, and nothing invented", () => {
    for (const [windowsZone, standardZone] of WINDOWS_ZONE_ROWS) {
      const ianaZone = standardZone === "Etc/UTC" ? "UTC" : standardZone;
      expect(resolveZone(windowsZone.toUpperCase())).toBe(ianaZone);
      expect(toWindowsZone(ianaZone)).toBe(windowsZone);
    }
    for (const name of ["Mars/Phobos", "", "+01:00", "GMT Standard", "../etc"])
      expect(resolveZone(name)).toBeUndefined();
    expect(resolveZone("Etc/UTC")).toBe("UTC");
  });
});

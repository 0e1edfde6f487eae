import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatWallTime, parseWallTime } from "./civil-days.ts";

/** From the first day of year 0 to the last of year 9999, in milliseconds. */
const aTime = fc.integer({
  min: Date.parse("0000-01-01T00:00:00Z"),
  max: Date.parse("9999-12-31T23:59:59Z"),
});

describe("formatWallTime()", () => {
  test("writes what Date.toISOString() writes, to seven digits", () => {
    fc.assert(
      fc.property(aTime, (wallMs) => {
        expect(formatWallTime(wallMs)).toBe(new Date(wallMs).toISOString().replace("Z", "0000"));
      }),
    );
  });

  test("is read again by parseWallTime()", () => {
    fc.assert(
      fc.property(aTime, (wallMs) => {
        expect(parseWallTime(formatWallTime(wallMs))?.wallMs).toBe(wallMs);
      }),
    );
  });
});

import { toInstant, toZoned } from "@nightlatch/calendar";
import fc from "fast-check";
import ICAL from "ical.js";
import { describe, expect, test } from "vitest";
import { formatTimeZone } from "./time-zone.ts";
import { findTransitions, isShownOnce } from "./zone-transitions.ts";

const year = (value: number) => Date.UTC(value, 0, 1);

function parseZone(text: string): ICAL.Timezone {
  const component = new ICAL.Component(ICAL.parse(text) as unknown as string);
  return new ICAL.Timezone({ component });
}

/** The offset that ical.js takes from the definition, in milliseconds. */
function offsetByIcalMs(zone: ICAL.Timezone, dateTime: string): number {
  return zone.utcOffset(ICAL.Time.fromDateTimeString(dateTime)) * 1000;
}

const ZONES = [
  "Europe/London",
  "Europe/Dublin",
  "America/New_York",
  "America/St_Johns",
  "Australia/Lord_Howe",
  "Pacific/Auckland",
  "Asia/Jerusalem",
  "Africa/Casablanca",
  "Asia/Kolkata",
  "Asia/Kathmandu",
  "America/Santiago",
  "Pacific/Apia",
  "Africa/Cairo",
  "UTC",
];

describe("formatTimeZone()", () => {
  test.each(ZONES)("defines %s so that ical.js computes the offsets that Node does", (ianaZone) => {
    const zone = parseZone(formatTimeZone(ianaZone, year(2026), year(2027)));
    fc.assert(
      fc.property(fc.integer({ min: year(2026) / 1000, max: year(2027) / 1000 }), (seconds) => {
        const { dateTime } = toZoned(new Date(seconds * 1000), ianaZone);
        // An hour that the clock shows twice has no one reading in iCalendar; feeds write it in UTC.
        fc.pre(isShownOnce({ dateTime, ianaZone }));
        const instant = toInstant({ dateTime, ianaZone });
        expect(offsetByIcalMs(zone, dateTime)).toBe(Date.parse(`${dateTime}Z`) - instant.getTime());
      }),
      { numRuns: 300 },
    );
  });

  test("is right around every change of every zone that Node knows, through years in which rules changed", () => {
    let checkedCount = 0;
    for (const ianaZone of Intl.supportedValuesOf("timeZone")) {
      const transitions = findTransitions(ianaZone, year(2021), year(2023));
      if (transitions.length === 0) continue;
      const zone = parseZone(formatTimeZone(ianaZone, year(2021), year(2023)));
      for (const { atMs } of transitions) {
        for (const shiftMs of [-90_000, -1, 1, 90_000].map((seconds) => seconds * 1000)) {
          const { dateTime } = toZoned(new Date(atMs + shiftMs), ianaZone);
          if (!isShownOnce({ dateTime, ianaZone })) continue;
          const offsetMs = Date.parse(`${dateTime}Z`) - toInstant({ dateTime, ianaZone }).getTime();
          expect(offsetByIcalMs(zone, dateTime), `${ianaZone} ${dateTime}`).toBe(offsetMs);
          checkedCount += 1;
        }
      }
    }
    expect(checkedCount).toBeGreaterThan(1000);
  });

  test("uses yearly rules where the clocks follow them", () => {
    const london = formatTimeZone("Europe/London", year(2026), year(2027));
    expect(london).toContain("RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU");
    expect(london).toContain("RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU");
    expect(london.match(/BEGIN:(STANDARD|DAYLIGHT)/g)).toHaveLength(2);
    expect(formatTimeZone("America/New_York", year(2026), year(2027))).toContain("BYMONTH=3;BYDAY=2SU");
  });

  test("lists the changes one by one where no rule fits", () => {
    const casablanca = formatTimeZone("Africa/Casablanca", year(2026), year(2027));
    expect(casablanca).not.toContain("RRULE");
    expect(casablanca.match(/BEGIN:(STANDARD|DAYLIGHT)/g)?.length).toBeGreaterThan(4);
  });

  test.each([
    ["gave up summer time", "America/Mexico_City", 2022, "2023-07-01T12:00:00"],
    ["changed the hour of the day, not the day", "America/St_Johns", 2011, "2012-03-11T01:00:00"],
  ])("is right for a zone that %s within the span: %s", (_title, ianaZone, firstYear, dateTime) => {
    const text = formatTimeZone(ianaZone, year(firstYear), year(firstYear + 2));
    expect(text).not.toContain("RRULE");
    const offsetMs = Date.parse(`${dateTime}Z`) - toInstant({ dateTime, ianaZone }).getTime();
    expect(offsetByIcalMs(parseZone(text), dateTime)).toBe(offsetMs);
  });

  test("refuses a zone that nobody knows", () => {
    expect(() => formatTimeZone("Mars/Olympus", year(2026), year(2027))).toThrow(RangeError);
  });
});

test.each([
  ["Europe/London", "2026-10-25T01:30:00", false],
  ["Europe/London", "2026-10-25T00:59:59", true],
  ["Europe/London", "2026-10-25T02:00:00", true],
  ["Europe/London", "2026-03-29T01:30:00", false],
  ["Europe/London", "2026-03-29T02:00:00", true],
  ["Australia/Lord_Howe", "2026-04-05T01:45:00", false],
  ["Australia/Lord_Howe", "2026-04-05T01:15:00", true],
  ["Asia/Kolkata", "2026-10-25T01:30:00", true],
])("isShownOnce() in %s at %s is %j", (ianaZone, dateTime, expected) => {
  expect(isShownOnce({ dateTime, ianaZone })).toBe(expected);
});

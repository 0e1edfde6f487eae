import { readFileSync } from "node:fs";
import fc from "fast-check";
import ICAL from "ical.js";
import { describe, expect, it } from "vitest";
import { formatWall, parseWall } from "../wall-time.ts";
import { ianaIcsZone } from "./ics-zones.ts";
import { expandRule } from "./recurrence-rule.ts";
import { readRule } from "./rule-property.ts";

interface Vectors {
  readonly source: string;
  readonly vectors: readonly (readonly [
    rule: string,
    start: string,
    from: string,
    to: string,
    occurrences: string,
  ])[];
}

const utc = { isDate: false, zone: ianaIcsZone("UTC") };

function ruleOf(text: string) {
  return readRule(ICAL.Property.fromString(`RRULE:${text}`), utc, { sourceName: "rule.ics", line: 1 });
}

function expand(text: string, start: string, from: string, to: string, maxOccurrences = 10_000) {
  return expandRule(ruleOf(text), parseWall(start), {
    fromWallMs: parseWall(from),
    toWallMs: parseWall(to),
    maxOccurrences,
  })?.map(formatWall);
}

describe("expandRule()", () => {
  const { vectors } = JSON.parse(
    readFileSync(new URL("../../test/fixtures/recurrence-vectors.json", import.meta.url), "utf8"),
  ) as Vectors;

  it("gives the days of python-dateutil for the rules of RFC 5545 and random ones", () => {
    expect(vectors.length).toBeGreaterThan(150);
    const wrong = vectors.flatMap(([rule, start, from, to, occurrences]) => {
      const found = expand(rule, start, from, to)?.join(" ");
      return found === occurrences ? [] : [{ rule, start, found, occurrences }];
    });
    expect(wrong).toEqual([]);
  });

  it("gives the days of ical.js for weekly and daily rules", () => {
    const weekdays = fc.uniqueArray(fc.constantFrom("MO", "TU", "WE", "TH", "FR", "SA", "SU"), {
      minLength: 1,
    });
    const rules = fc.record({
      frequency: fc.constantFrom("DAILY", "WEEKLY"),
      interval: fc.integer({ min: 1, max: 4 }),
      count: fc.integer({ min: 1, max: 80 }),
      days: fc.option(weekdays),
      day: fc.integer({ min: 1, max: 28 }),
    });
    fc.assert(
      fc.property(rules, ({ frequency, interval, count, days, day }) => {
        // From a daily rule ical.js gives DTSTART even where BYDAY leaves it out.
        const byDay = days === null || frequency === "DAILY" ? "" : `;BYDAY=${days.join(",")}`;
        const text = `FREQ=${frequency};INTERVAL=${interval};COUNT=${count}${byDay}`;
        const start = `2026-09-${String(day).padStart(2, "0")}T09:00:00`;
        const theirs: string[] = [];
        const iterator = ICAL.Recur.fromString(text).iterator(ICAL.Time.fromDateTimeString(start));
        for (let next = iterator.next(); next !== null && next !== undefined; next = iterator.next()) {
          theirs.push(next.toString());
        }
        expect(expand(text, start, "2026-01-01T00:00:00", "2100-01-01T00:00:00")).toEqual(theirs);
      }),
      { numRuns: 150 },
    );
  });

  it("gives the same occurrences through a window as from the start", () => {
    const all = expand(
      "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU;WKST=SU",
      "2020-01-06T09:00:00",
      "2020-01-01T00:00:00",
      "2031-01-01T00:00:00",
    );
    const late = expand(
      "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU;WKST=SU",
      "2020-01-06T09:00:00",
      "2030-01-01T00:00:00",
      "2031-01-01T00:00:00",
    );
    expect(late?.length).toBeGreaterThan(50);
    expect(late).toEqual(all?.filter((time) => time >= "2030"));
  });

  it("refuses a rule that gives more occurrences than the limit", () => {
    const window = ["2026-09-01T00:00:00", "2027-09-01T00:00:00"] as const;
    expect(expand("FREQ=SECONDLY", "2026-09-01T00:00:00", ...window)).toBeUndefined();
    expect(expand("FREQ=DAILY", "2026-09-01T00:00:00", ...window, 100)).toBeUndefined();
  });

  it("comes back from rules that never give a day", () => {
    const window = ["2026-09-01T00:00:00", "2027-09-01T00:00:00"] as const;
    for (const rule of [
      "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
      "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=6",
      "FREQ=YEARLY;BYWEEKNO=53;BYMONTH=6;BYDAY=MO",
      "FREQ=MINUTELY;INTERVAL=10;BYMONTH=2;BYMONTHDAY=30",
    ]) {
      expect(expand(rule, "2026-09-01T09:00:00", ...window)).toEqual([]);
    }
  });

  it("does not walk through the centuries before a window", () => {
    const rule = ruleOf("FREQ=SECONDLY;BYHOUR=9;BYMINUTE=0;BYSECOND=0");
    const limits = {
      fromWallMs: parseWall("2026-09-01T00:00:00"),
      toWallMs: parseWall("2026-09-02T00:00:00"),
      maxOccurrences: 10,
    };
    expect(expandRule(rule, parseWall("1700-01-01T00:00:00"), limits)?.map(formatWall)).toEqual([
      "2026-09-01T09:00:00",
    ]);
  });
});

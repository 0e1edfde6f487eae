import { readFileSync } from "node:fs";
import { isNightlatchError } from "@nightlatch/credential";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readTimetable } from "../src/index.ts";

const folder = new URL("../../../examples/timetable/", import.meta.url);
const ics = readFileSync(new URL("school.ics", folder), "latin1");
const csv = readFileSync(new URL("school.csv", folder), "latin1");

/** A few events and rows are enough, and quick. */
const SEEDS = [
  `${ics.slice(0, ics.indexOf("END:VEVENT", 3000))}END:VEVENT\r\nEND:VCALENDAR\r\n`,
  csv.slice(0, 1500),
];

const edit = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  remove: fc.integer({ min: 0, max: 40 }),
  insert: fc.oneof(
    fc.string({ unit: "binary-ascii", maxLength: 6 }),
    fc.constantFrom(
      "\r\n",
      '"',
      ";",
      ",",
      ":",
      "\0",
      "\u00ff\u00fe",
      "99999999",
      "-1",
      "Z",
      "BEGIN:VEVENT\r\n",
    ),
    fc.constantFrom(
      "RRULE:FREQ=",
      "FREQ=SECONDLY",
      "FREQ=MINUTELY;",
      "INTERVAL=0",
      "COUNT=0;",
      "COUNT=99999999999;",
    ),
    fc.constantFrom(
      "BYMONTHDAY=31;BYMONTH=2;",
      "BYDAY=99MO;",
      "UNTIL=99991231T235959Z",
      "BYSETPOS=-366;",
      "0001",
    ),
    fc.constantFrom(
      "TZID=Nowhere:",
      "VALUE=DATE:",
      "RECURRENCE-ID;RANGE=THISANDFUTURE:",
      "RDATE;VALUE=PERIOD:",
      "P9999999D",
    ),
  ),
});

describe("readTimetable() of a source that was mutated", () => {
  it("gives a timetable or a named refusal, soon", () => {
    let refused = 0;
    const sources = fc.record({
      seed: fc.constantFrom(...SEEDS),
      edits: fc.array(edit, { minLength: 1, maxLength: 5 }),
    });
    fc.assert(
      fc.property(sources, ({ seed, edits }) => {
        let text = seed;
        for (const { at, remove, insert } of edits) {
          const position = Math.floor(at * text.length);
          text = text.slice(0, position) + insert + text.slice(position + remove);
        }
        const startedAtMs = performance.now();
        try {
          const input = { sourceName: "mutated", bytes: Buffer.from(text, "latin1") };
          readTimetable(input, { ianaZone: "Europe/London", isWholeSource: true });
        } catch (error) {
          refused++;
          if (!isNightlatchError(error)) throw error;
          expect(error.code).toMatch(/^SYNC_SOURCE_/);
          expect(error.message).not.toMatch(/[\r\n]/);
        }
        expect(performance.now() - startedAtMs).toBeLessThan(3000);
      }),
      { numRuns: 1500 },
    );
    expect(refused).toBeGreaterThan(300);
  });
});

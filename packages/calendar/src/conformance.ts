/**
 * The Calendar port as a test suite: what every wing has to do, run against the real thing behind it.
 *
 * The rules are: tests work in calendars of their own, so that they may run beside others; expected values are
 * written out, never computed by the code under test. This module needs vitest and is no part of the package's
 * main door: import it from `@nightlatch/calendar/conformance` in tests.
 */
// biome-ignore lint/correctness/noUndeclaredDependencies: whoever runs a suite has the runner
import { afterAll, beforeAll, describe } from "vitest";
import type { CalendarPort } from "./calendar.ts";
import { describeCalendars, describeFailures } from "./conformance/calendars.ts";
import { describeEvents, describeProperties } from "./conformance/events.ts";
import { describeSeries } from "./conformance/series.ts";
import { Subject } from "./conformance/subject.ts";
import { describeManyEvents, describeWindows, describeZones } from "./conformance/windows.ts";

/** What a suite works on. */
export interface CalendarUnderTest {
  readonly calendar: CalendarPort;
  /** Mailbox that the tests may fill; they clean up after themselves. */
  readonly mailbox: string;
  /** Well-formed address that has no mailbox. */
  readonly unknownMailbox: string;
  /** Called after the last test. */
  readonly close?: (() => void | Promise<void>) | undefined;
}

/** Options of {@link calendarConformance}. */
export interface ConformanceOptions {
  /** Events of the test that reads several pages; above one page of the server. @defaultValue 1200 */
  readonly eventCount?: number | undefined;
}

/**
 * Declares the suite.
 *
 * @param name - name of the wing, for the titles
 * @param makeCalendar - called once before the first test
 * @param options - how much is written
 *
 * @example
 * ```ts ignore
 * calendarConformance("memory", () => ({
 *   calendar: createMemoryCalendar({ mailboxes: ["room-12@school.example"] }),
 *   mailbox: "room-12@school.example",
 *   unknownMailbox: "nobody@school.example",
 * }));
 * ```
 */
export function calendarConformance(
  name: string,
  makeCalendar: () => CalendarUnderTest | Promise<CalendarUnderTest>,
  options: ConformanceOptions = {},
): void {
  describe(`calendarConformance(${name})`, () => {
    const subject = new Subject();
    let made: CalendarUnderTest | undefined;
    beforeAll(async () => {
      made = await makeCalendar();
      subject.use(made.calendar, made.mailbox, made.unknownMailbox);
    });
    afterAll(async () => {
      await subject.deleteCalendars();
      await made?.close?.();
    });
    describeCalendars(subject);
    describeEvents(subject);
    describeProperties(subject);
    describeWindows(subject);
    describeZones(subject);
    describeSeries(subject);
    describeManyEvents(subject, options.eventCount ?? 1200);
    describeFailures(subject);
  });
}

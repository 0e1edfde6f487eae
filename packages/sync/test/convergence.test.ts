import { createMemoryCalendar } from "@nightlatch/calendar";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyPlan, planSync } from "../src/index.ts";
import {
  eventsOf,
  faultyCalendar,
  forgetfulCalendar,
  type Lesson,
  timetableOf,
  writesOf,
} from "./lessons.ts";

const MAILBOXES = ["room-1@school.example", "room-2@school.example", "year7@school.example"];

const lesson: fc.Arbitrary<Lesson> = fc.record({
  id: fc.integer({ min: 1, max: 9 }).map(String),
  mailbox: fc.constantFrom(...MAILBOXES),
  subject: fc.constantFrom("Physics", "Music", "Français  ", "  Art\tand\n design "),
  // Days on which London changes its clocks are among them.
  day: fc.constantFrom("2026-09-07", "2026-10-24", "2026-10-25", "2027-03-28", "2027-07-31", "2026-09-01"),
  start: fc.constantFrom("00:00", "01:30", "09:00", "13:05"),
  location: fc.constantFrom("", "Hall", " Room  12 "),
  description: fc.constantFrom("", "Bring the workbook", "two\nlines"),
  categories: fc.constantFrom("", "Lesson", "Science;Lesson", "Lesson;Science;Lesson"),
});

const timetable = fc
  .uniqueArray(lesson, { selector: ({ id, mailbox }) => `${id} ${mailbox}`, minLength: 1, maxLength: 12 })
  .map((lessons) => timetableOf(lessons));

const ALL = { allowDeletes: true, mailboxes: MAILBOXES };

async function stateOf(calendar: Parameters<typeof eventsOf>[0]) {
  const states = [];
  for (const mailbox of MAILBOXES) {
    for (const event of await eventsOf(calendar, mailbox)) {
      const { id: _, changeKey, iCalUId, createdAt, lastModifiedAt, ...content } = event;
      states.push(JSON.stringify({ mailbox, ...content }));
    }
  }
  return states.sort();
}

describe("planSync() and applyPlan()", () => {
  it("change nothing when they run a second time", async () => {
    await fc.assert(
      fc.asyncProperty(timetable, timetable, async (first, second) => {
        const calendar = createMemoryCalendar();
        for (const wanted of [first, second]) {
          await applyPlan(await planSync(wanted, calendar, ALL), calendar);
          const writes = writesOf(calendar);
          const again = await planSync(wanted, calendar, ALL);
          expect(again.totals).toEqual({
            creates: 0,
            updates: 0,
            deletes: 0,
            unchanged: wanted.entries.length,
            failedMailboxes: 0,
          });
          await applyPlan(again, calendar);
          expect(writesOf(calendar)).toBe(writes);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("come to the same state without copies when they are interrupted at any write", async () => {
    const faults = fc.record({
      stopAt: fc.integer({ min: 1, max: 12 }),
      isAnswerLost: fc.boolean(),
      isForgetful: fc.boolean(),
      writeConcurrency: fc.constantFrom(1, 4),
    });
    await fc.assert(
      fc.asyncProperty(timetable, timetable, faults, async (first, second, fault) => {
        const undisturbed = createMemoryCalendar();
        await applyPlan(await planSync(first, undisturbed, ALL), undisturbed);
        await applyPlan(await planSync(second, undisturbed, ALL), undisturbed);

        const memory = createMemoryCalendar();
        const calendar = fault.isForgetful ? forgetfulCalendar(memory) : memory;
        await applyPlan(await planSync(first, calendar, ALL), calendar);
        const controller = new AbortController();
        const dying = faultyCalendar(calendar, (writeNumber) => {
          if (writeNumber < fault.stopAt) return undefined;
          // The process dies here: with or without the write being done, nothing follows.
          controller.abort();
          return fault.isAnswerLost ? "answerLost" : "unreachable";
        });
        const { writeConcurrency } = fault;
        const plan = await planSync(second, calendar, ALL);
        await applyPlan(plan, dying, { signal: controller.signal, writeConcurrency });
        // Either the same plan again, or a new one: both complete the work.
        await applyPlan(plan, calendar);
        await applyPlan(await planSync(second, calendar, ALL), calendar);
        expect(await stateOf(memory)).toEqual(await stateOf(undisturbed));
        expect((await planSync(second, calendar, ALL)).totals).toMatchObject({
          creates: 0,
          updates: 0,
          deletes: 0,
        });
      }),
      { numRuns: 120 },
    );
  });

  it("come to the same state when answers are lost at random", async () => {
    const lost = fc.array(fc.boolean(), { minLength: 40, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(timetable, lost, async (wanted, isLost) => {
        const memory = createMemoryCalendar();
        const calendar = forgetfulCalendar(memory);
        const lossy = faultyCalendar(calendar, (writeNumber) =>
          isLost[writeNumber % 40] === true ? "answerLost" : undefined,
        );
        const report = await applyPlan(await planSync(wanted, calendar, ALL), lossy);
        expect(report.totals).toMatchObject({ created: wanted.entries.length, failed: 0 });
        expect((await planSync(wanted, calendar, ALL)).totals).toMatchObject({
          creates: 0,
          updates: 0,
          deletes: 0,
        });
      }),
      { numRuns: 40 },
    );
  });
});

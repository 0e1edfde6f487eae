import { describe, expect, it } from "vitest";
import { calendarConformance } from "./conformance.ts";
import { calendarError } from "./errors.ts";
import { createMemoryCalendar } from "./memory.ts";

const MAILBOX = "room-12@school.example";
const DRAFT = {
  subject: "Physics",
  start: { dateTime: "2026-09-07T09:00:00", ianaZone: "Europe/Brussels" },
  end: { dateTime: "2026-09-07T10:00:00", ianaZone: "Europe/Brussels" },
};

calendarConformance("memory", () => ({
  calendar: createMemoryCalendar({ mailboxes: [MAILBOX] }),
  mailbox: MAILBOX,
  unknownMailbox: "nobody@school.example",
}));

describe("createMemoryCalendar()", () => {
  it("spells zones as Exchange gives them back", async () => {
    const event = await createMemoryCalendar().createEvent(MAILBOX, DRAFT);
    expect(event.start.ianaZone).toBe("Europe/Paris");
  });

  it("records calls and lets a test make one fail", async () => {
    const calendar = createMemoryCalendar({
      beforeCall: ({ operation }) => {
        if (operation === "deleteEvent") throw calendarError("CALENDAR_THROTTLED", "Too fast");
      },
    });
    const { id } = await calendar.createEvent(MAILBOX, DRAFT);
    await expect(calendar.deleteEvent(MAILBOX, id)).rejects.toMatchObject({ code: "CALENDAR_THROTTLED" });
    expect(calendar.calls).toEqual([
      { operation: "createEvent", mailbox: MAILBOX },
      { operation: "deleteEvent", mailbox: MAILBOX, id },
    ]);
    expect((await calendar.getEvent(MAILBOX, id)).subject).toBe("Physics");
  });
});

/** Every property that the emulator shows exists in Microsoft's own type file. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
import { makeFixture, ROOM_12, ROOM_13, YEAR_7 } from "./graph-fixture.ts";

const source = readFileSync(
  createRequire(import.meta.url).resolve("@microsoft/microsoft-graph-types/microsoft-graph.d.ts"),
  "utf8",
);

/** Members that the service shows although the type file of v1.0 leaves them out. */
const BEYOND: Readonly<Record<string, readonly string[]>> = {
  Group: ["resourceBehaviorOptions", "resourceProvisioningOptions"],
};

function listMembers(name: string): Set<string> {
  const match = new RegExp(`^export interface ${name}(?: extends (\\w+))? \\{$([\\s\\S]*?)^\\}$`, "m").exec(
    source,
  );
  if (match === null) throw new Error(`No interface ${name}`);
  const own = [...(match[2] ?? "").matchAll(/^ {4}"?([\w@.]+)"?\??:/gm)].map(([, member]) => member ?? "");
  return new Set([...own, ...(match[1] === undefined ? [] : listMembers(match[1])), ...(BEYOND[name] ?? [])]);
}

function checkMembers(name: string, value: Record<string, unknown>): void {
  const known = listMembers(name);
  const members = Object.keys(value).filter((member) => !member.includes("@odata."));
  expect(members.length).toBeGreaterThan(0);
  expect(members.filter((member) => !known.has(member))).toEqual([]);
}

describe("answers", () => {
  it("renderEntity() shows nothing that @microsoft/microsoft-graph-types does not know", async () => {
    const graph = makeFixture();
    const event = await graph.send("POST", `/users/${ROOM_12}/events`, {
      body: {
        subject: "Lesson",
        start: { dateTime: "2026-01-12T09:00:00", timeZone: "UTC" },
        end: { dateTime: "2026-01-12T10:00:00", timeZone: "UTC" },
        location: { displayName: "Room 12" },
        attendees: [{ emailAddress: { address: "room-13@school.example" } }],
        recurrence: {
          pattern: { type: "relativeMonthly", interval: 1, daysOfWeek: ["monday"], index: "second" },
          range: { type: "noEnd", startDate: "2026-01-12" },
        },
      },
    });
    expect(event.status).toBe(201);
    checkMembers("Event", event.json);
    checkMembers("Location", event.json.location);
    checkMembers("Attendee", event.json.attendees[0]);
    checkMembers("ItemBody", event.json.body);
    checkMembers("DateTimeTimeZone", event.json.start);
    checkMembers("RecurrencePattern", event.json.recurrence.pattern);
    checkMembers("RecurrenceRange", event.json.recurrence.range);
    const view = await graph.send(
      "GET",
      `/users/${ROOM_12}/calendarView?startDateTime=2026-01-01&endDateTime=2026-03-01`,
    );
    checkMembers("Event", view.json.value[1]);
    for (const [name, path] of [
      ["Calendar", `/users/${ROOM_12}/calendar`],
      ["User", `/users/${ROOM_12}`],
      ["Group", `/groups/${YEAR_7}`],
      ["Application", "/applications/f0000000-0000-4000-8000-000000000001"],
      ["MailboxSettings", `/users/${ROOM_12}/mailboxSettings`],
    ] as const)
      checkMembers(name, (await graph.send("GET", path)).json);
    for (const [name, path] of [
      ["ServicePrincipal", "/servicePrincipals"],
      ["CalendarGroup", `/users/${ROOM_12}/calendarGroups`],
      ["CalendarPermission", `/users/${ROOM_12}/calendar/calendarPermissions`],
      ["Organization", "/organization"],
      ["Domain", "/domains"],
    ] as const)
      checkMembers(name, (await graph.send("GET", path)).json.value[0]);
    const file = { "@odata.type": "#microsoft.graph.fileAttachment", name: "a.txt", contentBytes: "eA==" };
    const path = `/users/${ROOM_12}/events/${event.json.id}/attachments`;
    checkMembers("FileAttachment", (await graph.send("POST", path, { body: file })).json);
    const reminders = `/users/${ROOM_12}/reminderView(startDateTime='2026-01-01',endDateTime='2026-03-01')`;
    checkMembers("Reminder", (await graph.send("GET", reminders)).json.value[0]);
    const room = graph.tenant.users.get(ROOM_13);
    if (room !== undefined) room.place = { capacity: 30 };
    checkMembers("Room", (await graph.send("GET", "/places/microsoft.graph.room")).json.value[0]);
    const own = await graph.send("POST", "/applications/f0000000-0000-4000-8000-000000000001/addPassword", {
      body: {},
    });
    checkMembers("PasswordCredential", own.json);
  });
});

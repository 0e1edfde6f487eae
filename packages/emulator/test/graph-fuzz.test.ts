/** Malformed paths, options and bodies: an answer in Graph's shape every time, never a stack trace, never a 500. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { makeFixture, ROOM_12, YEAR_7 } from "./graph-fixture.ts";

const ROUNDS = Number(process.env["NIGHTLATCH_FUZZ_ROUNDS"] ?? 3_000);

const graph = makeFixture();
const event = await graph.send("POST", `/users/${ROOM_12}/events`, {
  body: {
    subject: "Lesson",
    start: { dateTime: "2026-01-12T09:00:00", timeZone: "UTC" },
    end: { dateTime: "2026-01-12T10:00:00", timeZone: "UTC" },
    recurrence: {
      pattern: { type: "weekly", interval: 1, daysOfWeek: ["monday"] },
      range: { type: "noEnd", startDate: "2026-01-12" },
    },
  },
});
const id: string = event.json.id;
const PATHS = [
  "/users",
  `/users/${ROOM_12}`,
  `/users/${ROOM_12}/events`,
  `/users/${ROOM_12}/events/${id}`,
  `/users/${ROOM_12}/events/${id}/instances`,
  `/users/${ROOM_12}/events/${id}/attachments`,
  `/users/${ROOM_12}/events/${id}/accept`,
  `/users/${ROOM_12}/events/${id}/forward`,
  `/users/${ROOM_12}/events/${id}/snoozeReminder`,
  `/users/${ROOM_12}/reminderView(startDateTime='2026-01-01',endDateTime='2026-02-01')`,
  "/places/microsoft.graph.room",
  `/users/${ROOM_12}/calendarView`,
  `/users/${ROOM_12}/calendarView/delta`,
  `/users/${ROOM_12}/calendars`,
  `/users/${ROOM_12}/calendars/delta`,
  `/users/${ROOM_12}/findMeetingTimes`,
  `/directory/deletedItems/${ROOM_12}`,
  `/users/${ROOM_12}/calendar/getSchedule`,
  `/users/${ROOM_12}/mailboxSettings`,
  `/users/${ROOM_12}/translateExchangeIds`,
  "/applications",
  "/servicePrincipals",
  "/groups",
  `/groups/${YEAR_7}`,
  `/groups/${YEAR_7}/members/$ref`,
  "/groups/delta",
  "/$batch",
];
const OPTIONS = [
  "$filter",
  "$select",
  "$expand",
  "$orderby",
  "$top",
  "$skip",
  "$count",
  "$skiptoken",
  "$deltatoken",
  "startDateTime",
  "endDateTime",
];
const FRAGMENTS = [
  "subject",
  " eq ",
  "'x'",
  "(",
  ")",
  "any",
  "/",
  ":",
  " and ",
  "not ",
  "null",
  "2026-01-01",
  "singleValueExtendedProperties",
  ",",
  " desc",
  "-1",
  "start/dateTime",
  "$filter=",
  "__proto__",
  "constructor",
];
const MEMBERS = [
  "subject",
  "start",
  "end",
  "recurrence",
  "body",
  "attendees",
  "isAllDay",
  "displayName",
  "keyCredentials",
  "appRoles",
  "web",
  "groupTypes",
  "mailNickname",
  "mailEnabled",
  "securityEnabled",
  "members@odata.bind",
  "@odata.id",
  "requests",
  "schedules",
  "startTime",
  "timeZone",
  "singleValueExtendedProperties",
  "attachments",
  "contentBytes",
  "toRecipients",
  "sendResponse",
  "proposedNewTime",
  "newReminderTime",
  "passwordCredentials",
  "requiredResourceAccess",
  "__proto__",
];

const text = fc.oneof(
  fc.string(),
  fc.array(fc.constantFrom(...FRAGMENTS), { maxLength: 8 }).map((parts) => parts.join("")),
);
const body = fc.oneof(
  fc.string(),
  fc
    .dictionary(fc.constantFrom(...MEMBERS), fc.oneof(fc.jsonValue(), text), { maxKeys: 6 })
    .map((value) => JSON.stringify(value)),
);
const requests = fc.record({
  method: fc.constantFrom("GET", "GET", "POST", "PATCH", "PUT", "BREW"),
  path: fc.oneof(fc.constantFrom(...PATHS), fc.webPath()),
  query: fc.dictionary(fc.constantFrom(...OPTIONS), text, { maxKeys: 3 }),
  body,
  prefer: fc.option(text, { nil: undefined }),
  ifMatch: fc.option(text, { nil: undefined }),
});

it(
  `createGraphSurface() answers ${ROUNDS} malformed requests without failing inside`,
  async () => {
    await fc.assert(
      fc.asyncProperty(requests, async (request) => {
        const query = new URLSearchParams(request.query).toString();
        const address = `https://graph.microsoft.com/v1.0${request.path}?${query}`;
        // Dots lead some paths out of Graph before they are sent.
        if (!/^\/v1\.0(\/|$)/.test(new URL(address).pathname)) return;
        const answer = await graph.send(request.method, address, {
          body: request.body,
          headers: {
            ...(request.prefer === undefined ? {} : { prefer: request.prefer }),
            ...(request.ifMatch === undefined ? {} : { "if-match": request.ifMatch }),
          },
        });
        expect(graph.notes.splice(0).filter((note) => note.startsWith("error: "))).toEqual([]);
        expect(answer.status).toBeGreaterThanOrEqual(200);
        expect(answer.status).toBeLessThan(500);
        if (answer.status >= 400)
          expect(answer.json.error).toMatchObject({ code: expect.any(String), message: expect.any(String) });
        expect(answer.text).not.toMatch(/\bat .+\.ts:\d+/);
      }),
      { numRuns: ROUNDS },
    );
  },
  60_000 + ROUNDS * 5,
);

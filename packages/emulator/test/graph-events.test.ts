import { beforeEach, describe, expect, it } from "vitest";
import {
  type GraphFixture,
  makeFixture,
  makeToken,
  NOW_MS,
  ROOM_12,
  ROOM_13,
  YEAR_7,
} from "./graph-fixture.ts";

const EVENTS = `/users/${ROOM_12}/events`;
const LESSON = {
  subject: "Mathematics",
  start: { dateTime: "2026-01-12T09:00:00", timeZone: "GMT Standard Time" },
  end: { dateTime: "2026-01-12T09:50:00", timeZone: "GMT Standard Time" },
  location: { displayName: "Room 12" },
};
const KEY = "String {6d1f6a5e-8e0b-4b0c-9f6b-6e8a6f4c2a17} Name NightlatchKey";
const weekly = (range: object, days = ["monday"]): object => ({
  pattern: { type: "weekly", interval: 1, daysOfWeek: days, firstDayOfWeek: "monday" },
  range: { startDate: "2026-01-12", ...range },
});
const view = (from: string, until: string): string =>
  `/users/${ROOM_12}/calendarView?startDateTime=${from}&endDateTime=${until}`;

let graph: GraphFixture;
beforeEach(() => {
  graph = makeFixture();
});

describe("POST events", () => {
  it("postEvent() answers 201 with the event as it was stored when the body is complete", async () => {
    const made = await graph.send("POST", EVENTS, { body: LESSON });
    expect(made.status).toBe(201);
    expect(made.json).toMatchObject({
      "@odata.context": `https://graph.microsoft.com/v1.0/$metadata#users('${ROOM_12}')/events/$entity`,
      subject: "Mathematics",
      start: { dateTime: "2026-01-12T09:00:00.0000000", timeZone: "UTC" },
      originalStartTimeZone: "GMT Standard Time",
      type: "singleInstance",
      showAs: "busy",
      location: { displayName: "Room 12" },
      organizer: { emailAddress: { name: "Room 12", address: "room-12@school.example" } },
    });
    expect(made.json["@odata.etag"]).toBe(`W/"${made.json.changeKey}"`);
    const read = await graph.send("GET", `${EVENTS}/${made.json.id}`);
    expect(read.json).toEqual(made.json);
  });

  it("postEvent() keeps summer time when the zone is IANA and gives times in the preferred zone", async () => {
    const body = {
      ...LESSON,
      start: { dateTime: "2026-07-06T09:00:00", timeZone: "Europe/London" },
      end: { dateTime: "2026-07-06T10:00:00", timeZone: "Europe/London" },
    };
    const made = await graph.send("POST", EVENTS, {
      body,
      headers: { prefer: 'outlook.timezone="W. Europe Standard Time"' },
    });
    expect(made.json.start).toEqual({
      dateTime: "2026-07-06T10:00:00.0000000",
      timeZone: "W. Europe Standard Time",
    });
    expect(made.headers["Preference-Applied"]).toContain("W. Europe Standard Time");
    const utc = await graph.send("GET", `${EVENTS}/${made.json.id}`);
    expect(utc.json.start.dateTime).toBe("2026-07-06T08:00:00.0000000");
  });

  it("listInstances() lets no occurrence end before it starts where spring skips its start", async () => {
    const zoned = (dateTime: string) => ({ dateTime, timeZone: "W. Europe Standard Time" });
    const master = await graph.send("POST", EVENTS, {
      body: {
        subject: "Night watch",
        start: zoned("2026-03-27T02:30:00"),
        end: zoned("2026-03-27T03:00:00"),
        recurrence: {
          pattern: { type: "daily", interval: 1 },
          range: { type: "numbered", startDate: "2026-03-27", numberOfOccurrences: 4 },
        },
      },
    });
    const window = "startDateTime=2026-03-01T00:00:00Z&endDateTime=2026-05-01T00:00:00Z";
    const { value } = (await graph.send("GET", `${EVENTS}/${master.json.id}/instances?${window}`)).json;
    const spans = value.map(
      ({ start, end }: Record<"start" | "end", { dateTime: string }>) =>
        `${start.dateTime.slice(5, 16)} ${end.dateTime.slice(5, 16)}`,
    );
    expect(spans).toEqual([
      "03-27T01:30 03-27T02:00",
      "03-28T01:30 03-28T02:00",
      "03-29T01:30 03-29T02:00",
      "03-30T00:30 03-30T01:00",
    ]);
    const byId = await graph.send("GET", `${EVENTS}/${value[2].id}`);
    expect(byId.json.end.dateTime).toBe("2026-03-29T02:00:00.0000000");
  });

  it("postEvent() makes one event when a transactionId comes twice", async () => {
    const body = { ...LESSON, transactionId: "lesson-1" };
    const first = await graph.send("POST", EVENTS, { body });
    const second = await graph.send("POST", EVENTS, { body });
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.json.id).toBe(first.json.id);
    expect((await graph.send("GET", EVENTS)).json.value).toHaveLength(1);
  });

  it.each([
    [
      "an end before the start",
      { end: { dateTime: "2026-01-12T08:00:00", timeZone: "UTC" } },
      "ErrorPropertyValidationFailure",
    ],
    [
      "more than five years",
      { end: { dateTime: "2032-01-12T08:00:00", timeZone: "UTC" } },
      "ErrorCalendarDurationIsTooLong",
    ],
    [
      "an unknown zone",
      { start: { dateTime: "2026-01-12T08:00:00", timeZone: "Mars/Phobos" } },
      "TimeZoneNotSupportedException",
    ],
    [
      "a date that does not exist",
      { start: { dateTime: "2026-02-30T08:00:00", timeZone: "UTC" } },
      "ErrorInvalidParameter",
    ],
    ["an unknown property", { colour: "red" }, "RequestBodyRead"],
    ["a value outside its enumeration", { showAs: "away" }, "RequestBodyRead"],
    [
      "a weekly pattern without days",
      { recurrence: weekly({ type: "noEnd" }, []) },
      "ErrorPropertyValidationFailure",
    ],
    [
      "a range that starts on another day",
      { recurrence: weekly({ type: "noEnd", startDate: "2026-01-13" }) },
      "ErrorPropertyValidationFailure",
    ],
    ["an all-day event off midnight", { isAllDay: true }, "ErrorInvalidRequest"],
  ])("postEvent() answers 400 and stores nothing when the body has %s", async (_what, change, code) => {
    const answer = await graph.send("POST", EVENTS, { body: { ...LESSON, ...change } });
    expect([answer.status, answer.json.error.code]).toEqual([400, code]);
    expect(answer.json.error.innerError).toHaveProperty("request-id");
    expect((await graph.send("GET", EVENTS)).json.value).toEqual([]);
  });

  it("postEvent() shows an all-day event midnight to midnight in every preferred zone", async () => {
    const body = {
      ...LESSON,
      isAllDay: true,
      start: { dateTime: "2026-07-06T00:00:00", timeZone: "Europe/London" },
      end: { dateTime: "2026-07-07T00:00:00", timeZone: "Europe/London" },
    };
    const made = await graph.send("POST", EVENTS, { body });
    const read = await graph.send("GET", `${EVENTS}/${made.json.id}`, {
      headers: { prefer: 'outlook.timezone="Tokyo Standard Time"' },
    });
    expect([read.json.start, read.json.end]).toEqual([
      { dateTime: "2026-07-06T00:00:00.0000000", timeZone: "Tokyo Standard Time" },
      { dateTime: "2026-07-07T00:00:00.0000000", timeZone: "Tokyo Standard Time" },
    ]);
  });
});

describe("extended properties", () => {
  it("listEventsOfCalendar() finds and shows an event by its own property when asked for it by name", async () => {
    const singleValueExtendedProperties = [{ id: KEY, value: "MATH-7A" }];
    const made = await graph.send("POST", EVENTS, { body: { ...LESSON, singleValueExtendedProperties } });
    expect(made.json).not.toHaveProperty("singleValueExtendedProperties");
    await graph.send("POST", EVENTS, { body: LESSON });
    const filter = encodeURIComponent(
      `singleValueExtendedProperties/Any(ep: ep/id eq '${KEY.replace("6d1f6a5e", "6D1F6A5E")}' and ep/value eq 'math-7a')`,
    );
    const expand = encodeURIComponent(`singleValueExtendedProperties($filter=id eq '${KEY}')`);
    const found = await graph.send("GET", `${EVENTS}?$filter=${filter}&$expand=${expand}`);
    expect(found.json.value).toHaveLength(1);
    expect(found.json.value[0].singleValueExtendedProperties).toEqual(singleValueExtendedProperties);
    const misspelt = encodeURIComponent(
      `singleValueExtendedProperties/Any(ep: ep/id eq '${KEY.replace("Key", "key")}' and ep/value eq 'MATH-7A')`,
    );
    expect((await graph.send("GET", `${EVENTS}?$filter=${misspelt}`)).json.value).toEqual([]);
  });

  it("parseFilter() casts values of extended properties to their type, as documented", async () => {
    const property = (name: string, value: string) => ({
      id: `${name} {66f5a359-4659-4830-9070-00047ec6ac6e} Name ${name}`,
      value,
    });
    const guid = "b9cf8971-7d55-4b73-9ffa-a584611b600b";
    const values = { Integer: "12", CLSID: guid, Boolean: "true", SystemTime: "2026-01-05T08:00:00Z" };
    const singleValueExtendedProperties = Object.entries(values).map(([name, value]) =>
      property(name, value),
    );
    const made = await graph.send("POST", EVENTS, { body: { ...LESSON, singleValueExtendedProperties } });
    expect(made.status).toBe(201);
    await graph.send("POST", EVENTS, { body: LESSON });
    const count = async (name: keyof typeof values, condition: string) => {
      const filter = `singleValueExtendedProperties/any(ep:ep/id eq '${property(name, "").id}' and ${condition})`;
      const answer = await graph.send("GET", `${EVENTS}?$filter=${encodeURIComponent(filter)}`);
      return answer.json.value?.length ?? answer.json.error.code;
    };
    expect(await count("Integer", "cast(ep/value, Edm.Int32) eq 12")).toBe(1);
    expect(await count("Integer", "cast(ep/value, Edm.Int32) gt 9")).toBe(1);
    expect(await count("Integer", "cast(ep/value, Edm.Int32) lt 9")).toBe(0);
    expect(await count("CLSID", `cast(ep/value, Edm.Guid) eq (${guid})`)).toBe(1);
    expect(await count("CLSID", "cast(ep/value, Edm.Int32) gt 0")).toBe(0);
    expect(await count("Boolean", "cast(ep/value, Edm.Boolean) eq true")).toBe(1);
    expect(await count("SystemTime", "cast(ep/value, Edm.DateTimeOffset) gt 2026-01-01T00:00:00Z")).toBe(1);
    for (const wrong of ["cast(ep/value, Edm.Nothing) eq 1", "cast(ep/value) eq 1", "ep/value eq ((1))"])
      expect(await count("Integer", wrong)).toBe("BadRequest");
  });
});

describe("series", () => {
  it("listCalendarView() keeps the wall-clock time over the change to summer time", async () => {
    const body = {
      ...LESSON,
      start: { dateTime: "2026-03-23T09:00:00", timeZone: "Europe/London" },
      end: { dateTime: "2026-03-23T09:50:00", timeZone: "Europe/London" },
      recurrence: weekly({ type: "numbered", numberOfOccurrences: 3, startDate: "2026-03-23" }),
    };
    const made = await graph.send("POST", EVENTS, { body });
    expect(made.json.type).toBe("seriesMaster");
    const seen = await graph.send("GET", view("2026-03-01T00:00:00Z", "2026-05-01T00:00:00Z"));
    expect(
      seen.json.value.map((event: { start: { dateTime: string } }) => event.start.dateTime.slice(0, 16)),
    ).toEqual(["2026-03-23T09:00", "2026-03-30T08:00", "2026-04-06T08:00"]);
    expect(seen.json.value[0]).toMatchObject({ type: "occurrence", seriesMasterId: made.json.id });
  });

  it("patchEvent() makes an exception, and deleteEvent() a gap that still counts", async () => {
    const made = await graph.send("POST", EVENTS, {
      body: { ...LESSON, recurrence: weekly({ type: "numbered", numberOfOccurrences: 3 }) },
    });
    const window = view("2026-01-01T00:00:00Z", "2026-03-01T00:00:00Z");
    const [first, second] = (await graph.send("GET", window)).json.value;
    expect((await graph.send("DELETE", `${EVENTS}/${first.id}`)).status).toBe(204);
    const moved = await graph.send("PATCH", `${EVENTS}/${second.id}`, {
      body: {
        subject: "Mathematics (moved)",
        start: { dateTime: "2026-01-20T11:00:00", timeZone: "UTC" },
        end: { dateTime: "2026-01-20T11:50:00", timeZone: "UTC" },
      },
    });
    expect(moved.json).toMatchObject({
      type: "exception",
      id: second.id,
      originalStart: "2026-01-19T09:00:00Z",
    });
    const after = (await graph.send("GET", window)).json.value;
    expect(
      after.map((event: { type: string; start: { dateTime: string } }) => [
        event.type,
        event.start.dateTime.slice(0, 10),
      ]),
    ).toEqual([
      ["exception", "2026-01-20"],
      ["occurrence", "2026-01-26"],
    ]);
    const master = await graph.send(
      "GET",
      `${EVENTS}/${made.json.id}?$select=subject,cancelledOccurrences&$expand=exceptionOccurrences`,
    );
    expect(master.json.cancelledOccurrences).toEqual([`OID.${made.json.id}.2026-01-12`]);
    expect(master.json.exceptionOccurrences[0].subject).toBe("Mathematics (moved)");
    expect((await graph.send("GET", `${EVENTS}/${first.id}`)).json.error.code).toBe("ErrorItemNotFound");
  });

  it("patchEvent() answers ErrorOccurrenceCrossingBoundary when an occurrence would reach its neighbour's day", async () => {
    await graph.send("POST", EVENTS, { body: { ...LESSON, recurrence: weekly({ type: "noEnd" }) } });
    const [, second] = (await graph.send("GET", view("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"))).json
      .value;
    const move = (day: string) =>
      graph.send("PATCH", `${EVENTS}/${second.id}`, {
        body: {
          start: { dateTime: `2026-01-${day}T15:00:00`, timeZone: "UTC" },
          end: { dateTime: `2026-01-${day}T16:00:00`, timeZone: "UTC" },
        },
      });
    for (const day of ["12", "26", "27"])
      expect((await move(day)).json.error.code).toBe("ErrorOccurrenceCrossingBoundary");
    expect((await move("25")).status).toBe(200);
  });
});

describe("reading", () => {
  it("listCalendarView() pages by ten with links that lead through everything", async () => {
    for (let minute = 0; minute < 21; minute++) {
      const dateTime = `2026-01-12T10:${String(minute).padStart(2, "0")}:00`;
      await graph.send("POST", EVENTS, {
        body: {
          ...LESSON,
          subject: `Lesson ${minute}`,
          start: { dateTime, timeZone: "UTC" },
          end: { dateTime: "2026-01-12T11:00:00", timeZone: "UTC" },
        },
      });
    }
    const sizes: number[] = [];
    const subjects = new Set<string>();
    let next: string | undefined = view("2026-01-12T00:00:00Z", "2026-01-13T00:00:00Z");
    while (next !== undefined) {
      const page = await graph.send("GET", next);
      sizes.push(page.json.value.length);
      for (const event of page.json.value) subjects.add(event.subject);
      next = page.json["@odata.nextLink"];
    }
    expect(sizes).toEqual([10, 10, 1]);
    expect(subjects.size).toBe(21);
    const all = await graph.send(
      "GET",
      `${view("2026-01-12T00:00:00Z", "2026-01-13T00:00:00Z")}&$top=999&$select=subject`,
    );
    expect(all.json.value).toHaveLength(21);
    expect(Object.keys(all.json.value[0]).sort()).toEqual(["@odata.etag", "id", "subject"]);
  });

  it("listCalendarView() honours offsets in its window and refuses one that is missing", async () => {
    await graph.send("POST", EVENTS, { body: LESSON });
    const inside = await graph.send(
      "GET",
      view("2026-01-12T10:00:00%2B01:00", "2026-01-12T11:00:00%2B01:00"),
    );
    expect(inside.json.value).toHaveLength(1);
    const missing = await graph.send("GET", `/users/${ROOM_12}/calendarView`);
    expect([missing.status, missing.json.error.code]).toEqual([400, "ErrorInvalidParameter"]);
  });

  it("listCalendarView() gives no time of creation to a reader who selects it, as the service does", async () => {
    await graph.send("POST", EVENTS, { body: LESSON });
    const window = view("2026-01-12T00:00:00Z", "2026-01-13T00:00:00Z");
    const selected = await graph.send("GET", `${window}&$select=subject,createdDateTime`);
    expect(selected.json.value[0]).not.toHaveProperty("createdDateTime");
    expect((await graph.send("GET", window)).json.value[0].createdDateTime).toBe(
      "2026-01-05T08:00:00.0000000Z",
    );
  });

  it("patchEvent() answers 412 when If-Match names an older version", async () => {
    const made = await graph.send("POST", EVENTS, { body: LESSON });
    const path = `${EVENTS}/${made.json.id}`;
    const etag = made.json["@odata.etag"];
    const first = await graph.send("PATCH", path, { body: { subject: "A" }, headers: { "if-match": etag } });
    const second = await graph.send("PATCH", path, { body: { subject: "B" }, headers: { "if-match": etag } });
    expect([first.status, second.status, second.json.error.code]).toEqual([
      200,
      412,
      "ErrorIrresolvableConflict",
    ]);
    expect((await graph.send("GET", path)).json.subject).toBe("A");
  });

  it("requireEvent() tells a malformed id from one of another mailbox", async () => {
    const made = await graph.send("POST", EVENTS, { body: LESSON });
    const foreign = await graph.send("GET", `/users/${ROOM_13}/events/${made.json.id}`);
    const malformed = await graph.send("GET", `${EVENTS}/nonsense`);
    expect([foreign.status, foreign.json.error.code]).toEqual([404, "ErrorItemNotFound"]);
    expect([malformed.status, malformed.json.error.code]).toEqual([400, "ErrorInvalidIdMalformed"]);
  });

  it("encodeItemId() gives immutable ids when the request prefers them, and takes both", async () => {
    const made = await graph.send("POST", EVENTS, { body: LESSON });
    const listed = await graph.send("GET", EVENTS, { headers: { prefer: 'IdType="ImmutableId"' } });
    const immutable = listed.json.value[0].id;
    expect(immutable).not.toBe(made.json.id);
    expect((await graph.send("GET", `${EVENTS}/${immutable}`)).json.id).toBe(made.json.id);
  });
});

describe("who may", () => {
  it.each([
    ["no token", { authorization: null }, 401, "InvalidAuthenticationToken"],
    ["a garbled token", { authorization: "Bearer x" }, 401, "InvalidAuthenticationToken"],
    [
      "a token for another audience",
      { authorization: `Bearer ${makeToken(NOW_MS, { claims: { aud: "https://outlook.office365.com" } })}` },
      401,
      "InvalidAuthenticationToken",
    ],
    [
      "an expired token",
      { authorization: `Bearer ${makeToken(NOW_MS, { claims: { exp: NOW_MS / 1000 - 1 } })}` },
      401,
      "InvalidAuthenticationToken",
    ],
    ["no role", { roles: [] }, 403, "ErrorAccessDenied"],
    ["a role for something else", { roles: ["Mail.Read"] }, 403, "ErrorAccessDenied"],
    ["the role", { roles: ["Calendars.Read"] }, 200, undefined],
    ["another user's token", { user: ROOM_13, scp: "Calendars.ReadWrite" }, 403, "ErrorAccessDenied"],
    ["its own user's token", { user: ROOM_12, scp: "Calendars.Read" }, 200, undefined],
  ])("authorise() answers events with %s by its code", async (_what, options, status, code) => {
    const answer = await graph.send("GET", EVENTS, options);
    expect([answer.status, answer.json.error?.code]).toEqual([status, code]);
  });

  it("authorise() refuses a write with a read role", async () => {
    const answer = await graph.send("POST", EVENTS, { roles: ["Calendars.Read"], body: LESSON });
    expect([answer.status, answer.json.error.code]).toEqual([403, "ErrorAccessDenied"]);
  });

  it("resolveOwner() keeps applications out of group calendars until the switch is on", async () => {
    const path = `/groups/${YEAR_7}/calendarView?startDateTime=2026-01-01&endDateTime=2026-02-01`;
    expect((await graph.send("GET", path)).json.error.code).toBe("ErrorAccessDenied");
    expect((await makeFixture({ groupCalendarsAppOnly: true }).send("GET", path)).status).toBe(200);
    const member = { user: ROOM_12, scp: "Group.ReadWrite.All" };
    const made = await graph.send("POST", `/groups/${YEAR_7}/events`, { ...member, body: LESSON });
    expect(made.status).toBe(201);
    const stranger = await graph.send("GET", `/groups/${YEAR_7}/events`, { ...member, user: ROOM_13 });
    expect(stranger.json.error.code).toBe("ErrorAccessDenied");
  });

  it("resolveOwner() names what is wrong with the mailbox", async () => {
    const room13 = graph.tenant.users.get(ROOM_13);
    if (room13 !== undefined) room13.mailbox = undefined;
    const code = async (name: string): Promise<unknown[]> => {
      const answer = await graph.send("GET", `/users/${name}/events`);
      return [answer.status, answer.json.error.code];
    };
    expect(await code(YEAR_7)).toEqual([404, "ErrorGroupIsUsedInNonGroupURI"]);
    expect(await code("year7@school.example")).toEqual([404, "ErrorGroupIsUsedInNonGroupURI"]);
    expect(await code(ROOM_13)).toEqual([404, "MailboxNotEnabledForRESTAPI"]);
    expect(await code("nobody@school.example")).toEqual([404, "ErrorNonExistentMailbox"]);
    expect(await code("00000000-0000-4000-8000-00000000dead")).toEqual([404, "Request_ResourceNotFound"]);
  });

  it("dispatch() refuses /me for applications and unknown paths and options by name, and notes misses", async () => {
    const me = await graph.send("GET", "/me/events");
    expect([me.status, me.json.error.code]).toEqual([400, "BadRequest"]);
    const unknown = await graph.send("GET", `/users/${ROOM_12}/messages`);
    expect(unknown.status).toBe(404);
    expect(unknown.json.error.message).toContain("messages");
    const option = await graph.send("GET", `${EVENTS}?$apply=x`);
    expect([option.status, option.json.error.message.includes("$apply")]).toEqual([400, true]);
    const property = await graph.send("GET", `${EVENTS}?$select=colour`);
    expect(property.json.error.message).toContain("colour");
    expect(graph.notes.filter((note) => note.startsWith("miss: "))).toHaveLength(3);
  });
});

/** Spellings and headers by which Graph libraries of other languages differ from the documentation's examples. */
import { request } from "node:https";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunningEmulator } from "../src/index.ts";
import { makeCertificate, schoolSeed, startSchool } from "./entra-school.ts";
import { makeFixture, ROOM_12, ROOM_13, YEAR_7 } from "./graph-fixture.ts";

const graph = makeFixture();
const EVENTS = `/users/${ROOM_12}/events`;
const lesson = {
  "@odata.type": "#microsoft.graph.event",
  subject: "Lesson",
  start: { "@odata.type": "#microsoft.graph.dateTimeTimeZone", dateTime: "2026-01-12T09:00:00.0000000Z" },
  end: { dateTime: "2026-01-12T10:00:00.0000000+00:00", timeZone: "UTC" },
};
let id: string;
beforeAll(async () => {
  const made = await graph.send("POST", EVENTS, { body: lesson });
  expect(made.status, made.text).toBe(201);
  id = made.json.id;
});

describe("paths and options", () => {
  it.each([
    `/users('${ROOM_12}')/events('ID')`,
    "/Users/ROOM-12@SCHOOL.EXAMPLE/Events/ID",
    "/users('room-12%40school.example')/calendar/events/ID",
    "/users(userPrincipalName='room-12@school.example')/events/ID",
    `/users/${ROOM_12}//events/ID/`,
    `/users/${ROOM_12}/events/ID?%24select=subject`,
    `/users/${ROOM_12}/events/ID?$select=subject,+start&$format=json`,
  ])("createGraphSurface() reads %s", async (path) => {
    const answer = await graph.send("GET", path.replace("ID", encodeURIComponent(id)));
    expect([answer.status, answer.json.subject]).toEqual([200, "Lesson"]);
  });

  it.each([
    `/users/${ROOM_12}/calendarView/ID`,
    `/users/${ROOM_12}/calendar/calendarView/ID`,
    `${EVENTS}/ID/instances/ID`,
  ])("createGraphSurface() leads to the same event by %s", async (path) => {
    const answer = await graph.send("GET", path.replaceAll("ID", encodeURIComponent(id)));
    expect([answer.status, answer.json.id]).toEqual([200, id]);
  });

  it.each([`${EVENTS}/ID/instances/delta()`, "/applications/delta"])(
    "createGraphSurface() lists change tracking that it lacks among the misses: %s",
    async (path) => {
      graph.notes.length = 0;
      const answer = await graph.send("GET", path.replace("ID", encodeURIComponent(id)));
      expect([answer.status, answer.json.error.code]).toEqual([404, "ResourceNotFound"]);
      expect(graph.notes.some((note) => note.startsWith("miss: "))).toBe(true);
    },
  );

  it("parseFilter() takes a comparison with a truth value behind a function or lambda", async () => {
    const count = async (filter: string): Promise<number> =>
      (await graph.send("GET", `${EVENTS}?$filter=${encodeURIComponent(filter)}`)).json.value.length;
    expect(await count("contains(subject,'Less') eq true")).toBe(1);
    expect(await count("categories/any(c:c eq 'x') eq false")).toBe(1);
    expect(await count("attendees/any() eq true")).toBe(0);
    const wrong = await graph.send("GET", `${EVENTS}?$filter=contains(subject,'Less') eq 1`);
    expect(wrong.status).toBe(400);
  });

  it("getSchedule() takes its parameters in any case, and the interval as a text", async () => {
    const answer = await graph.send("POST", `/users/${ROOM_12}/calendar/microsoft.graph.getSchedule`, {
      body: {
        Schedules: ["room-12@school.example"],
        StartTime: { dateTime: "2026-01-12T08:00:00", timeZone: "UTC" },
        EndTime: { dateTime: "2026-01-12T11:00:00", timeZone: "UTC" },
        availabilityViewInterval: "60",
      },
    });
    expect(answer.json.value[0].availabilityView).toBe("020");
  });

  it("readEvent() takes texts for truth values and numbers, and null for what was not decided", async () => {
    // What python-o365 2.1 sends for every event.
    const made = await graph.send("POST", EVENTS, {
      body: {
        ...lesson,
        transactionId: null,
        isAllDay: "False",
        isReminderOn: "true",
        reminderMinutesBeforeStart: "30",
        isOnlineMeeting: "false",
        onlineMeetingProvider: null,
        showAs: null,
        importance: null,
        sensitivity: null,
        recurrence: {
          pattern: { type: "daily", interval: "2" },
          range: { type: "numbered", startDate: "2026-01-12", numberOfOccurrences: "3" },
        },
      },
    });
    expect(made.json).toMatchObject({
      isAllDay: false,
      isReminderOn: true,
      reminderMinutesBeforeStart: 30,
      isOnlineMeeting: false,
      showAs: "busy",
      importance: "normal",
      recurrence: { pattern: { interval: 2 }, range: { numberOfOccurrences: 3 } },
    });
    for (const wrong of [{ isOnlineMeeting: "no" }, { isAllDay: 1 }, { reminderMinutesBeforeStart: "ten" }]) {
      const answer = await graph.send("POST", EVENTS, { body: { ...lesson, ...wrong } });
      expect([answer.status, answer.json.error?.code], JSON.stringify(wrong)).toEqual([
        400,
        "RequestBodyRead",
      ]);
    }
    await graph.send("DELETE", `${EVENTS}/${made.json.id}`);
  });

  it.each([
    [`${EVENTS}/$count`, 1],
    [`${EVENTS}/ID/attachments/$count`, 0],
    [`/users/${ROOM_12}/calendarView/$count?startDateTime=2026-01-12&endDateTime=2026-01-13&$top=1`, 1],
    [`/users/${ROOM_12}/calendarView/$count?startDateTime=2026-01-13&endDateTime=2026-01-14`, 0],
    [`/users/${ROOM_12}/calendars/$count`, 1],
    [`/users/${ROOM_12}/calendarGroups/$count`, 1],
    [`/users/${ROOM_12}/outlook/masterCategories/%24count`, 0],
  ])("countingRoute() counts what %s lists", async (path, count) => {
    const answer = await graph.send("GET", path.replace("ID", encodeURIComponent(id)));
    expect([answer.status, answer.text]).toEqual([200, String(count)]);
    expect(answer.headers["Content-Type"]).toContain("text/plain");
  });

  it("countingRoute() keeps permissions, and counts nothing but collections", async () => {
    const path = `/users/${ROOM_12}/calendars/$count`;
    expect((await graph.send("GET", path, { roles: ["User.Read.All"] })).status).toBe(403);
    expect((await graph.send("GET", `/users/${ROOM_12}/calendar/$count`)).status).toBe(404);
    expect((await graph.send("DELETE", path)).status).not.toBe(204);
  });

  // The request builders of the generated SDKs (msgraph-sdk-go, -java, -python, -dotnet) write the namespace's alias.
  it.each([
    "/places/graph.room",
    "/places/microsoft.graph.room",
    `/users/${ROOM_12}/memberOf/graph.group`,
    "/groups/graph.delta()",
  ])("splitPath() reads %s", async (path) => {
    const answer = await graph.send("GET", path);
    expect(answer.status, answer.text).toBe(200);
    expect(Array.isArray(answer.json.value)).toBe(true);
  });

  it("parseFilter() takes values of enumerations with their type", async () => {
    const count = async (type: string): Promise<number> =>
      (await graph.send("GET", `${EVENTS}?$filter=type eq microsoft.graph.eventType'${type}'`)).json.value
        .length;
    expect(await count("singleInstance")).toBe(1);
    expect(await count("seriesMaster")).toBe(0);
  });

  it("withoutMetadata() leaves links and counts alone and takes the rest away", async () => {
    await graph.send("POST", EVENTS, { body: lesson });
    const accept = { accept: "application/json;odata.metadata=none" };
    const answer = await graph.send("GET", `${EVENTS}?$top=1&$count=true`, { headers: accept });
    expect(answer.headers["Content-Type"]).toContain("odata.metadata=none");
    expect(Object.keys(answer.json).sort()).toEqual(["@odata.count", "@odata.nextLink", "value"]);
    expect(Object.keys(answer.json.value[0]).filter((name) => name.includes("@"))).toEqual([]);
  });

  it("eventType() shows uid and occurrenceId in beta only", async () => {
    const beta = await graph.send(
      "GET",
      `https://graph.microsoft.com/beta${EVENTS}/${id}?$select=uid,iCalUId,occurrenceId`,
    );
    expect(beta.json.uid).toBe(beta.json.iCalUId);
    expect(beta.json.occurrenceId).toBeNull();
    expect((await graph.send("GET", `${EVENTS}/${id}?$select=uid`)).status).toBe(400);
  });

  it("getCalendarOfEvent() and $expand=calendar show where an event lies", async () => {
    const calendar = await graph.send("GET", `/users/${ROOM_12}/calendar`);
    expect((await graph.send("GET", `${EVENTS}/${id}/calendar`)).json.id).toBe(calendar.json.id);
    const expanded = await graph.send("GET", `${EVENTS}/${id}?$expand=calendar($select=name)`);
    expect(expanded.json.calendar).toEqual({ id: calendar.json.id, name: "Calendar" });
  });

  it("answerPreflight() lets pages call, and withCorsHeaders() lets them read", async () => {
    const asked = await graph.send("OPTIONS", EVENTS, {
      authorization: null,
      headers: {
        origin: "https://app.school.example",
        "access-control-request-method": "PATCH",
        "access-control-request-headers": "authorization,content-type,prefer",
      },
    });
    expect([asked.status, asked.headers["Access-Control-Allow-Origin"]]).toEqual([200, "*"]);
    expect(asked.headers["Access-Control-Allow-Headers"]).toBe("authorization,content-type,prefer");
    const read = await graph.send("GET", EVENTS, { headers: { origin: "https://app.school.example" } });
    expect(read.headers["Access-Control-Allow-Origin"]).toBe("*");
    expect((await graph.send("GET", EVENTS)).headers["Access-Control-Allow-Origin"]).toBeUndefined();
  });
});

describe("advanced queries of directory objects", () => {
  const eventual = { headers: { consistencylevel: "eventual" } };
  const names = async (query: string, options: object = eventual): Promise<unknown> => {
    const { json } = await graph.send("GET", `/users?$select=displayName&${query}`, options);
    return json.error?.code ?? json.value.map((user: { displayName: string }) => user.displayName);
  };

  it("searchItems() finds words of a name, beginnings of the rest, joined by AND and OR", async () => {
    expect(await names('$search="displayName:roo"')).toEqual(["Room 12", "Room 13"]);
    expect(await names('$search="displayName:room 13"')).toEqual(["Room 13"]);
    expect(await names('$search="displayName:oom"')).toEqual([]);
    expect(await names('$search="mail:room-12" OR "mail:room-13" AND "displayName:12"')).toEqual(["Room 12"]);
    expect(await names("$search=Room")).toBe("BadRequest");
    expect(await names('$search="shoeSize:44"')).toBe("BadRequest");
  });

  it("checkAdvancedQuery() wants the header, and $count for filters", async () => {
    expect(await names('$search="displayName:roo"', {})).toBe("Request_UnsupportedQuery");
    const endsWith = "$filter=endsWith(mail,'12@school.example')";
    expect(await names(endsWith)).toBe("Request_UnsupportedQuery");
    expect(await names(`${endsWith}&$count=true`, {})).toBe("Request_UnsupportedQuery");
    expect(await names(`${endsWith}&$count=true`)).toEqual(["Room 12"]);
    const ne = `$filter=id ne '${ROOM_12}'`;
    expect(await names(ne)).toBe("Request_UnsupportedQuery");
    expect(await names(`${ne}&$count=true`)).toEqual(["Room 13"]);
    const sorted = `$filter=id eq '${ROOM_13}'&$orderby=displayName`;
    expect(await names(sorted, {})).toBe("Request_UnsupportedQuery");
    expect(await names(`${sorted}&$count=true`)).toEqual(["Room 13"]);
  });
});

describe("directory objects", () => {
  it("expandRelated() shows members with their type, and $count counts them", async () => {
    const path = `/groups/${YEAR_7}`;
    const { json } = await graph.send("GET", `${path}?$select=id&$expand=members($select=id,displayName)`);
    expect(json.members).toEqual([
      { "@odata.type": "#microsoft.graph.user", id: ROOM_12, displayName: "Room 12" },
    ]);
    const count = await graph.send("GET", `${path}/members/$count`, {
      headers: { consistencylevel: "eventual" },
    });
    expect(count.text).toBe("1");
  });

  it("getByIds(), checkMemberGroups() and getMemberGroups() look things up by id", async () => {
    const body = { ids: [YEAR_7, ROOM_12, "00000000-0000-4000-8000-000000000000"], types: ["group"] };
    const found = await graph.send("POST", "/directoryObjects/getByIds", { body });
    expect(found.json.value).toMatchObject([{ "@odata.type": "#microsoft.graph.group", id: YEAR_7 }]);
    const groups = await graph.send("POST", "/users/room-12@school.example/getMemberGroups", {
      body: { securityEnabledOnly: false },
    });
    expect(groups.json.value).toEqual([YEAR_7]);
    const checked = await graph.send("POST", `/users/${ROOM_13}/checkMemberGroups`, {
      body: { groupIds: [YEAR_7] },
    });
    expect(checked.json.value).toEqual([]);
    expect((await graph.send("POST", "/directoryObjects/getByIds", { body: {} })).status).toBe(400);
  });
});

describe("compressed and chunked bodies", () => {
  let emulator: RunningEmulator;
  let token: string;
  beforeAll(async () => {
    emulator = await startSchool(schoolSeed(makeCertificate("Timetable daemon")));
    token = (await emulator.tokenFor({ roles: ["Calendars.ReadWrite"] })).access_token;
  });
  afterAll(() => emulator.close());

  const post = (bytes: Uint8Array, headers: Record<string, string>): Promise<number> =>
    new Promise((resolve, reject) => {
      const outgoing = request(
        `${emulator.graph}/users/room-12@school.example/events`,
        {
          method: "POST",
          ca: emulator.caPem,
          agent: false,
          headers: {
            authorization: `Bearer ${token}`,
            "content-type": "application/json;odata.metadata=minimal;charset=UTF-8",
            ...headers,
          },
        },
        (incoming) => {
          incoming.resume();
          incoming.on("end", () => resolve(incoming.statusCode ?? 0));
        },
      );
      outgoing.on("error", reject);
      outgoing.write(bytes.subarray(0, 7));
      outgoing.end(bytes.subarray(7));
    });

  it.each([
    ["plain, in chunks", Buffer.from(JSON.stringify(lesson)), {}, 201],
    [
      "gzip, as the Go library sends them",
      gzipSync(JSON.stringify(lesson)),
      { "content-encoding": "gzip" },
      201,
    ],
    ["gzip that is none", Buffer.from(JSON.stringify(lesson)), { "content-encoding": "gzip" }, 400],
    ["gzip that unpacks without end", gzipSync(Buffer.alloc(9_000_000)), { "content-encoding": "gzip" }, 413],
    ["another coding", Buffer.from("x".repeat(9)), { "content-encoding": "zstd" }, 415],
  ])("decodeBody() takes or refuses %s", async (_what, bytes, headers, status) => {
    expect(await post(bytes, headers as Record<string, string>)).toBe(status);
  });
});

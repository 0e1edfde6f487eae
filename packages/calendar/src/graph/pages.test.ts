import { describe, expect, it } from "vitest";
import { recordedTransport, type Scripted } from "../../test/recorded-transport.ts";
import type { CalendarEvent } from "../event.ts";
import { createGraphCalendar } from "./graph-calendar.ts";

const ROOT = "https://graph.microsoft.com/v1.0";
const MAILBOX = "room-12@school.example";
const WINDOW = { from: new Date("2026-06-01T00:00:00Z"), to: new Date("2026-07-01T00:00:00Z") };

function event(id: string, startsAt = "2026-06-01T08:00:00", endsAt = "2026-06-01T09:00:00"): object {
  return {
    id,
    changeKey: `CQ-${id}`,
    start: { dateTime: `${startsAt}.0000000`, timeZone: "UTC" },
    end: { dateTime: `${endsAt}.0000000`, timeZone: "UTC" },
  };
}

function page(ids: readonly string[], nextLink?: string): Scripted {
  const body = {
    value: ids.map((id) => event(id)),
    ...(nextLink !== undefined && { "@odata.nextLink": nextLink }),
  };
  return { status: 200, body };
}

/** Reads as far as it goes: the events before an error, and the error. */
async function read(script: Parameters<typeof recordedTransport>[0], options: object = {}) {
  const transport = recordedTransport(script);
  const calendar = createGraphCalendar({
    tokens: { getToken: async () => ({ token: "t", expiresOnTimestamp: Date.now() + 3_600_000 }) },
    transport,
    retry: { maxAttempts: 2, sleep: async () => undefined },
  });
  const events: CalendarEvent[] = [];
  let error: unknown;
  try {
    for await (const found of calendar.listEvents(MAILBOX, { ...WINDOW, ...options })) events.push(found);
  } catch (thrown) {
    error = thrown;
  }
  return { ids: events.map(({ id }) => id), events, error, transport };
}

describe("listEvents() over pages", () => {
  it("asks for large pages of the members it needs, in UTC, ordered", async () => {
    const { transport } = await read([page([])], {
      calendarId: "AQ==",
      properties: ["NightlatchKey", "NightlatchHash"],
      includeBody: true,
      bodyContentType: "text",
    });
    const url = new URL(transport.requests[0]?.url ?? "");
    expect(url.pathname).toBe("/v1.0/users/room-12%40school.example/calendars/AQ%3D%3D/calendarView");
    const query = Object.fromEntries(url.searchParams);
    expect(query).toMatchObject({
      startDateTime: "2026-06-01T00:00:00.000Z",
      endDateTime: "2026-07-01T00:00:00.000Z",
      $orderby: "start/dateTime",
      $top: "999",
      $expand:
        "singleValueExtendedProperties($filter=id eq 'String {6d1f6a5e-8e0b-4b0c-9f6b-6e8a6f4c2a17} Name NightlatchKey' or id eq 'String {6d1f6a5e-8e0b-4b0c-9f6b-6e8a6f4c2a17} Name NightlatchHash')",
    });
    expect(query["$select"]?.split(",")).toEqual(
      expect.arrayContaining(["id", "changeKey", "originalStartTimeZone", "body"]),
    );
    expect(query["$select"]).not.toContain("createdDateTime");
    expect(transport.requests[0]?.headers?.["prefer"]).toBe(
      'IdType="ImmutableId", outlook.timezone="UTC", outlook.body-content-type="text"',
    );
  });

  it("follows links to the end, also past an empty page, with the same preferences", async () => {
    const { ids, error, transport } = await read([
      page(["a", "b"], `${ROOT}/next?$skip=2`),
      page([], `${ROOT}/next?$skip=4`),
      page(["c"]),
    ]);
    expect(error).toBeUndefined();
    expect(ids).toEqual(["a", "b", "c"]);
    expect(new Set(transport.requests.map(({ headers }) => headers?.["prefer"])).size).toBe(1);
  });

  it("gives an event once that shifts into the next page", async () => {
    const { ids } = await read([page(["a", "b"], `${ROOT}/next?$skip=2`), page(["b", "c"])]);
    expect(ids).toEqual(["a", "b", "c"]);
  });

  it.each([
    ["first", 429, "CALENDAR_THROTTLED"],
    ["second", 429, "CALENDAR_THROTTLED"],
    ["first", 503, "CALENDAR_UNAVAILABLE"],
    ["second", 503, "CALENDAR_UNAVAILABLE"],
    ["first", 401, "CALENDAR_TOKEN_REFUSED"],
    ["second", 401, "CALENDAR_TOKEN_REFUSED"],
    ["first", 403, "CALENDAR_ACCESS_DENIED"],
    ["second", 404, "CALENDAR_NOT_FOUND"],
    ["second", 410, "CALENDAR_REJECTED"],
    ["first", 204, "CALENDAR_UNREADABLE_ANSWER"],
    ["second", 206, "CALENDAR_UNREADABLE_ANSWER"],
    ["second", 302, "CALENDAR_UNREADABLE_ANSWER"],
  ])("ends with an error when the %s page is a %d", async (which, status, code) => {
    const bad: Scripted = { status, body: { value: [] } };
    const { error } = await read((_, index) =>
      which === "second" && index === 0 ? page(["a"], `${ROOT}/next`) : bad,
    );
    expect(error).toMatchObject({ code, details: { status } });
  });

  it.each([
    ["no JSON", "<html>Sign in to the guest network</html>"],
    ["half a page", '{"value":[{"id":"a"'],
    ["no list", { value: null }],
    ["an error under 200", { error: { code: "TooManyRequests" } }],
    ["a list without its object", []],
    ["nothing", ""],
  ])("ends with an error when a 200 holds %s", async (_, body) => {
    for (const script of [[{ status: 200, body }], [page(["a"], `${ROOT}/next`), { status: 200, body }]]) {
      const { error } = await read(script);
      expect(error).toMatchObject({ code: "CALENDAR_UNREADABLE_ANSWER" });
    }
  });

  it.each([
    ["another host", "https://graph.example.net/v1.0/next"],
    ["another port", "https://graph.microsoft.com:8443/v1.0/next"],
    ["plain http", "http://graph.microsoft.com/v1.0/next"],
    ["a host that only starts the same", "https://graph.microsoft.com.example.net/v1.0/next"],
    ["no address", "next page"],
  ])("does not take the token to %s", async (_, nextLink) => {
    const { error, transport } = await read(() => page(["a"], nextLink));
    expect(error).toMatchObject({ code: "CALENDAR_UNREADABLE_ANSWER" });
    expect(transport.requests).toHaveLength(1);
  });

  it("ends with an error when links lead in a circle", async () => {
    const { error, transport } = await read((_, index) =>
      page([`e${index}`], `${ROOT}/next?$skip=${index % 2}`),
    );
    expect(error).toMatchObject({ code: "CALENDAR_UNREADABLE_ANSWER" });
    expect(transport.requests.length).toBeLessThanOrEqual(3);
  });

  it("ends with an error when an event cannot be read, naming the member", async () => {
    const { ids, error } = await read([
      { status: 200, body: { value: [event("a"), { ...event("b"), start: null }, event("c")] } },
    ]);
    expect(ids).toEqual(["a"]);
    expect(error).toMatchObject({ code: "CALENDAR_UNREADABLE_ANSWER", details: { id: "b" } });
    expect(String(error)).toContain('"start"');
  });

  it("leaves out what only borders on the window, and keeps moments", async () => {
    const value = [
      event("ends at from", "2026-05-31T23:00:00", "2026-06-01T00:00:00"),
      event("moment at from", "2026-06-01T00:00:00", "2026-06-01T00:00:00"),
      event("inside", "2026-06-15T09:00:00", "2026-06-15T10:00:00"),
      event("starts at to", "2026-07-01T00:00:00", "2026-07-01T01:00:00"),
      { ...event("all day at the edge", "2026-05-31T00:00:00", "2026-06-01T00:00:00"), isAllDay: true },
    ];
    const { ids } = await read([{ status: 200, body: { value } }]);
    expect(ids).toEqual(["moment at from", "inside", "all day at the edge"]);
  });

  it("reads a page only when the caller comes to it", async () => {
    const transport = recordedTransport([page(["a", "b"], `${ROOT}/next`), page(["c"])]);
    const calendar = createGraphCalendar({
      tokens: { getToken: async () => ({ token: "t", expiresOnTimestamp: 0 }) },
      transport,
    });
    for await (const found of calendar.listEvents(MAILBOX, WINDOW)) if (found.id === "b") break;
    expect(transport.requests).toHaveLength(1);
  });
});

describe("findEvents()", () => {
  it("doubles quotes in the filter and compares the value itself", async () => {
    const named = (id: string, value: string): object => ({
      ...event(id),
      singleValueExtendedProperties: [
        { id: "String {6d1f6a5e-8e0b-4b0c-9f6b-6e8a6f4c2a17} Name NightlatchKey", value },
      ],
    });
    const transport = recordedTransport([
      { status: 200, body: { value: [named("a", "it's 7a"), named("b", "it's 7A")] } },
    ]);
    const calendar = createGraphCalendar({
      tokens: { getToken: async () => ({ token: "t", expiresOnTimestamp: 0 }) },
      transport,
    });
    const found = await calendar.findEvents(MAILBOX, { name: "NightlatchKey", value: "it's 7A" });
    expect(found.map(({ id }) => id)).toEqual(["b"]);
    const url = new URL(transport.requests[0]?.url ?? "");
    expect(url.pathname).toBe("/v1.0/users/room-12%40school.example/calendar/events");
    expect(url.searchParams.get("$filter")).toBe(
      "singleValueExtendedProperties/Any(ep: ep/id eq 'String {6d1f6a5e-8e0b-4b0c-9f6b-6e8a6f4c2a17} Name NightlatchKey' and ep/value eq 'it''s 7A')",
    );
  });

  it.each(["", "two words", "x".repeat(128), "Größe"])(
    "takes the property name %j as misuse",
    async (name) => {
      const calendar = createGraphCalendar({
        tokens: { getToken: async () => null },
        transport: recordedTransport([]),
      });
      await expect(calendar.findEvents(MAILBOX, { name, value: "x" })).rejects.toBeInstanceOf(RangeError);
    },
  );
});

import { OAUTH_ERRORS } from "@nightlatch/oauth";
import { describe, expect, it } from "vitest";
import type { Scripted } from "../../test/recorded-transport.ts";
import {
  BUSY,
  CREATED,
  DRAFT,
  EVENT,
  LOST,
  MAILBOX,
  make,
  NOT_FOUND,
  SECRET_TOKEN,
  THROTTLED,
  UNREACHED,
} from "../../test/scripted-graph.ts";

describe("GraphClient requests", () => {
  it("createEvent() sends what Graph wants", async () => {
    const { calendar, transport, tokenCalls } = make([CREATED]);
    await calendar.createEvent("room+12@school.example", DRAFT, {
      calendarId: "AAA/B=",
      transactionId: "t1",
    });
    const [request] = transport.requests;
    expect(request?.method).toBe("POST");
    expect(request?.url).toBe(
      "https://graph.microsoft.com/v1.0/users/room%2B12%40school.example/calendars/AAA%2FB%3D/events",
    );
    expect(request?.headers).toMatchObject({
      authorization: `Bearer ${SECRET_TOKEN}`,
      "content-type": "application/json",
      prefer: 'IdType="ImmutableId", outlook.timezone="UTC"',
      "return-client-request-id": "true",
    });
    expect(request?.headers?.["client-request-id"]).toMatch(/^[0-9a-f-]{36}$/);
    expect(JSON.parse(String(request?.body))).toEqual({
      subject: "Physics",
      start: { dateTime: "2026-06-01T09:00:00", timeZone: "GMT Standard Time" },
      end: { dateTime: "2026-06-01T10:00:00", timeZone: "GMT Standard Time" },
      singleValueExtendedProperties: [
        { id: "String {6d1f6a5e-8e0b-4b0c-9f6b-6e8a6f4c2a17} Name NightlatchKey", value: "7A" },
      ],
      transactionId: "t1",
    });
    expect(tokenCalls).toEqual([{ scopes: "https://graph.microsoft.com/.default", options: {} }]);
  });

  it("takes scope and endpoint of another cloud", async () => {
    const { calendar, transport, tokenCalls } = make([{ status: 204 }], {
      endpoint: "https://microsoftgraph.chinacloudapi.cn/v1.0/",
    });
    await calendar.deleteEvent(MAILBOX, "AAMk1");
    expect(transport.requests[0]?.url).toMatch(
      /^https:\/\/microsoftgraph\.chinacloudapi\.cn\/v1\.0\/users\//,
    );
    expect(tokenCalls[0]?.scopes).toBe("https://microsoftgraph.chinacloudapi.cn/.default");
    const other = make([{ status: 204 }], {
      scope: "https://graph.microsoft.com/.default",
      endpoint: "https://localhost:8443/v1.0",
    });
    await other.calendar.deleteEvent(MAILBOX, "AAMk1");
    expect(other.tokenCalls[0]?.scopes).toBe("https://graph.microsoft.com/.default");
  });

  it("updateEvent() and deleteEvent() send the version that was seen", async () => {
    const { calendar, transport } = make([{ status: 200, body: EVENT }, { status: 204 }, { status: 204 }]);
    await calendar.updateEvent(MAILBOX, "AAMk1", { subject: "Late" }, { changeKey: "CQ0" });
    await calendar.deleteEvent(MAILBOX, "AAMk1", { changeKey: "CQ0" });
    await calendar.deleteEvent(MAILBOX, "AAMk1");
    expect(transport.requests.map(({ headers }) => headers?.["if-match"])).toEqual([
      'W/"CQ0"',
      'W/"CQ0"',
      undefined,
    ]);
  });

  it("takes an empty mailbox and a transaction id that is too long as misuse", async () => {
    const { calendar, transport } = make([]);
    await expect(calendar.listCalendars("")).rejects.toBeInstanceOf(RangeError);
    await expect(calendar.listCalendars("..")).rejects.toBeInstanceOf(RangeError);
    const transactionId = "x".repeat(256);
    await expect(calendar.createEvent(MAILBOX, DRAFT, { transactionId })).rejects.toBeInstanceOf(RangeError);
    expect(transport.requests).toEqual([]);
  });
});

describe("GraphClient repetition", () => {
  it("repeats reads after 503, 504, 429 and a lost answer", async () => {
    const { calendar, transport } = make([BUSY, { status: 504 }, LOST, { status: 200, body: EVENT }]);
    expect((await calendar.getEvent(MAILBOX, "AAMk1")).id).toBe("AAMk1");
    expect(transport.requests).toHaveLength(4);
  });

  it("waits as long as Retry-After says, also when that is long", async () => {
    const asked: Scripted = { ...THROTTLED, headers: { "retry-after": "61.5" } };
    const { calendar, waits } = make([asked, { status: 200, body: EVENT }]);
    await calendar.getEvent(MAILBOX, "AAMk1");
    expect(waits[0]).toBeGreaterThanOrEqual(61_500);
  });

  it("waits longer each time when Retry-After says 1 again and again", async () => {
    const asked: Scripted = { ...THROTTLED, headers: { "retry-after": "1" } };
    const retry = { maxAttempts: 5, baseDelayMs: 1000, random: () => 0 };
    const waits: number[] = [];
    const { calendar } = make([asked, asked, asked, asked, { status: 200, body: EVENT }], {
      retry: { ...retry, sleep: async (delayMs) => void waits.push(delayMs) },
    });
    await calendar.getEvent(MAILBOX, "AAMk1");
    expect(waits).toEqual([1000, 2000, 4000, 8000]);
  });

  it("ends as CALENDAR_THROTTLED with what the server asked for", async () => {
    const { calendar, transport } = make(() => THROTTLED);
    await expect(calendar.createEvent(MAILBOX, DRAFT)).rejects.toMatchObject({
      code: "CALENDAR_THROTTLED",
      retryable: true,
      retryAfterMs: 7000,
      details: { status: 429, code: "ApplicationThrottled" },
    });
    expect(transport.requests).toHaveLength(4);
  });

  it.each([
    ["502", { status: 502, body: "<html>Bad gateway</html>" }],
    ["503", BUSY],
    ["a network that cannot be reached", UNREACHED],
    ["a lost answer", LOST],
  ] as const)("ends a read as CALENDAR_UNAVAILABLE after %s", async (_, answer) => {
    const { calendar } = make(() => answer);
    await expect(calendar.getEvent(MAILBOX, "AAMk1")).rejects.toMatchObject({
      code: "CALENDAR_UNAVAILABLE",
      retryable: true,
    });
  });

  it("tells the kind of network failure in its details", async () => {
    const { calendar } = make(() => UNREACHED);
    await expect(calendar.getEvent(MAILBOX, "AAMk1")).rejects.toMatchObject({
      details: { code: "OAUTH_NETWORK_CONNECT", mailbox: MAILBOX },
      hint: OAUTH_ERRORS.OAUTH_NETWORK_CONNECT.hint,
    });
  });
});

describe("GraphClient uncertain writes", () => {
  it.each([
    ["a lost answer", LOST],
    ["503", BUSY],
    ["504", { status: 504 }],
    ["500", { status: 500, body: { error: { code: "UnknownError", message: "" } } }],
    ["201 with half a body", { status: 201, body: '{"id":"AAM' }],
    ["a success of another kind", { status: 202, body: {} }],
  ] as const)(
    "createEvent() without transaction id is sent once and uncertain after %s",
    async (_, answer) => {
      const { calendar, transport } = make(() => answer);
      await expect(calendar.createEvent(MAILBOX, DRAFT)).rejects.toMatchObject({
        code: "CALENDAR_WRITE_UNCERTAIN",
        retryable: false,
      });
      expect(transport.requests).toHaveLength(1);
    },
  );

  it("createEvent() without transaction id is repeated when the request never arrived", async () => {
    const { calendar, transport } = make([UNREACHED, THROTTLED, CREATED]);
    expect((await calendar.createEvent(MAILBOX, DRAFT)).id).toBe("AAMk1");
    expect(transport.requests).toHaveLength(3);
  });

  it("createEvent() that never arrived is no uncertain write", async () => {
    const { calendar } = make(() => UNREACHED);
    await expect(calendar.createEvent(MAILBOX, DRAFT)).rejects.toMatchObject({
      code: "CALENDAR_UNAVAILABLE",
    });
  });

  it("createEvent() with transaction id repeats the very same request", async () => {
    const { calendar, transport } = make([LOST, BUSY, CREATED]);
    await calendar.createEvent(MAILBOX, DRAFT, { transactionId: "t1" });
    expect(transport.requests).toHaveLength(3);
    expect(new Set(transport.requests.map(({ body }) => body)).size).toBe(1);
  });

  it("createEvent() with transaction id is uncertain when no attempt was answered", async () => {
    const { calendar } = make(() => LOST);
    const created = calendar.createEvent(MAILBOX, DRAFT, { transactionId: "t1" });
    await expect(created).rejects.toMatchObject({ code: "CALENDAR_WRITE_UNCERTAIN" });
  });

  it("createEvent() stays uncertain when a lost answer is followed by throttling", async () => {
    const { calendar } = make((_, index) => (index === 0 ? LOST : THROTTLED));
    const created = calendar.createEvent(MAILBOX, DRAFT, { transactionId: "t1" });
    await expect(created).rejects.toMatchObject({ code: "CALENDAR_WRITE_UNCERTAIN" });
  });

  it("updateEvent() takes a conflict after a lost answer as uncertain: it may be its own doing", async () => {
    const conflict: Scripted = { status: 412, body: { error: { code: "ErrorIrresolvableConflict" } } };
    const change = (script: readonly Scripted[]): Promise<unknown> =>
      make(script).calendar.updateEvent(MAILBOX, "AAMk1", { subject: "Late" }, { changeKey: "CQ0" });
    await expect(change([LOST, conflict])).rejects.toMatchObject({ code: "CALENDAR_WRITE_UNCERTAIN" });
    await expect(change([conflict])).rejects.toMatchObject({ code: "CALENDAR_CONFLICT" });
  });

  it("deleteEvent() that finds nothing left after a lost answer is done", async () => {
    await expect(make([LOST, NOT_FOUND]).calendar.deleteEvent(MAILBOX, "AAMk1")).resolves.toBeUndefined();
    await expect(make([BUSY, NOT_FOUND]).calendar.deleteEvent(MAILBOX, "AAMk1")).resolves.toBeUndefined();
    await expect(make([NOT_FOUND]).calendar.deleteEvent(MAILBOX, "AAMk1")).rejects.toMatchObject({
      code: "CALENDAR_NOT_FOUND",
    });
    await expect(make([THROTTLED, NOT_FOUND]).calendar.deleteEvent(MAILBOX, "AAMk1")).rejects.toMatchObject({
      code: "CALENDAR_NOT_FOUND",
    });
  });

  it("createCalendar() is never repeated after a lost answer", async () => {
    const { calendar, transport } = make(() => LOST);
    await expect(calendar.createCalendar(MAILBOX, "Timetable")).rejects.toMatchObject({
      code: "CALENDAR_WRITE_UNCERTAIN",
    });
    expect(transport.requests).toHaveLength(1);
  });
});

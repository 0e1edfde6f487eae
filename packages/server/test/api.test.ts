/** The REST API through its public door, without a socket. */
import { calendarError } from "@nightlatch/calendar";
import { type ErrorTable, NightlatchError } from "@nightlatch/credential";
import { describe, expect, test } from "vitest";
import { createApp, type LogEntry } from "../src/index.ts";
import {
  lesson,
  makeSchool,
  ROOM,
  readerToken,
  SECRET,
  schoolAuthentication,
  signForSchool,
  writerToken,
} from "./school.ts";
import { AUDIENCE, appClaims, CLIENT_ID, TENANT_ID, userClaims } from "./signing-tenant.ts";

const MAILBOX = `/v1/mailboxes/${ROOM}`;
const WEEK = `${MAILBOX}/events?from=2026-09-07&to=2026-09-14`;

interface Event {
  id: string;
  etag: string;
  subject: string;
  sourceId?: string;
  start: { dateTime: string; ianaZone: string; instant: string };
  location: string;
}

// biome-ignore lint/suspicious/noExplicitAny: answers are asserted member by member
const json = async (response: Response): Promise<any> => response.json();

describe("GET …/calendars", () => {
  test("lists the default calendar first", async () => {
    const { calendar, call } = makeSchool();
    await calendar.createCalendar(ROOM, "Exams");
    const response = await call(`${MAILBOX}/calendars`, { token: readerToken });
    expect(response.status).toBe(200);
    expect(
      (await json(response)).items.map(
        ({ name, isDefaultCalendar }: { name: string; isDefaultCalendar: boolean }) => [
          name,
          isDefaultCalendar,
        ],
      ),
    ).toEqual([
      ["Calendar", true],
      ["Exams", false],
    ]);
  });
});

describe("GET …/events", () => {
  test("gives local time, zone and instant, and an ETag per event", async () => {
    const { calendar, call } = makeSchool();
    const event = await calendar.createEvent(ROOM, lesson("2026-09-07T09:00:00", "Physics"));
    const { items } = await json(await call(WEEK));
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({
      id: event.id,
      etag: `"${event.changeKey}"`,
      start: { dateTime: "2026-09-07T09:00:00", ianaZone: "Europe/London", instant: "2026-09-07T08:00:00Z" },
    });
  });

  test("is half-open at both ends", async () => {
    const { calendar, call } = makeSchool({ ianaZone: "Europe/London" });
    await calendar.createEvent(ROOM, {
      ...lesson("2026-09-06T23:00:00", "ends at from"),
      end: { dateTime: "2026-09-07T00:00:00", ianaZone: "Europe/London" },
    });
    await calendar.createEvent(ROOM, lesson("2026-09-06T23:30:00", "runs over from"));
    await calendar.createEvent(ROOM, lesson("2026-09-07T00:00:00", "starts at from"));
    await calendar.createEvent(ROOM, lesson("2026-09-13T23:59:59", "starts just before to"));
    await calendar.createEvent(ROOM, lesson("2026-09-14T00:00:00", "starts at to"));
    const { items } = await json(await call(WEEK));
    expect(items.map(({ subject }: Event) => subject)).toEqual([
      "runs over from",
      "starts at from",
      "starts just before to",
    ]);
  });

  test("reads the same window from instants, dates with a zone, and an offset whose + was not encoded", async () => {
    const { calendar, call } = makeSchool();
    await calendar.createEvent(ROOM, lesson("2026-09-07T00:10:00", "Early"));
    for (const query of [
      "from=2026-09-07&to=2026-09-08&zone=Europe/London",
      "from=2026-09-06T23:00:00Z&to=2026-09-07T23:00:00Z",
      "from=2026-09-07T00:00:00+01:00&to=2026-09-08T00:00:00%2B01:00",
    ])
      expect((await json(await call(`${MAILBOX}/events?${query}`))).items, query).toHaveLength(1);
    expect((await json(await call(`${MAILBOX}/events?from=2026-09-07&to=2026-09-08`))).items).toHaveLength(0);
  });

  test("pages by token and by Link without losing or repeating an event", async () => {
    const { calendar, call } = makeSchool();
    for (let index = 0; index < 23; index += 1)
      await calendar.createEvent(
        ROOM,
        lesson(`2026-09-${String(7 + (index % 5)).padStart(2, "0")}T09:00:00`, `Lesson ${index}`),
      );
    const seen: string[] = [];
    let address: string | undefined = `${WEEK}&limit=5`;
    while (address !== undefined) {
      const response = await call(address);
      const page = await json(response);
      seen.push(...page.items.map(({ subject }: Event) => subject));
      const link: string | undefined = /^<(.+)>; rel="next"$/.exec(response.headers.get("link") ?? "")?.[1];
      expect(link === undefined).toBe(page.nextPageToken === undefined);
      address = link && new URL(link, `http://localhost${MAILBOX}/events`).href;
    }
    expect(seen).toHaveLength(23);
    expect(new Set(seen).size).toBe(23);
  });

  test("refuses a page token beside another window", async () => {
    const { calendar, call } = makeSchool();
    for (const hour of ["09", "10"])
      await calendar.createEvent(ROOM, lesson(`2026-09-07T${hour}:00:00`, hour));
    const { nextPageToken } = await json(await call(`${WEEK}&limit=1`));
    const token = `page_token=${nextPageToken}`;
    expect((await call(`${WEEK}&${token}`)).status).toBe(200);
    const other = await call(`${MAILBOX}/events?from=2026-09-08&to=2026-09-14&${token}`);
    expect([other.status, (await json(other)).code]).toEqual([400, "SERVER_PAGE_TOKEN_INVALID"]);
  });

  test("gives the text of events in the form that is asked for, and none unasked", async () => {
    const { calendar, call } = makeSchool();
    await calendar.createEvent(
      ROOM,
      lesson("2026-09-07T09:00:00", "Physics", { body: { contentType: "text", content: "Bring goggles" } }),
    );
    expect((await json(await call(WEEK))).items[0].body).toBeUndefined();
    expect((await json(await call(`${WEEK}&body=text`))).items[0].body.content).toContain("Bring goggles");
  });

  test.each([
    ["from missing", "to=2026-09-14", "from"],
    ["from unreadable", "from=monday&to=2026-09-14", "from"],
    ["to without offset", "from=2026-09-07&to=2026-09-14T00:00:00", "to"],
    ["window too long", "from=2026-01-01&to=2027-06-01", "to"],
    ["window reversed", "from=2026-09-14&to=2026-09-07", "to"],
    ["limit too large", "from=2026-09-07&to=2026-09-14&limit=1001", "limit"],
    ["limit zero", "from=2026-09-07&to=2026-09-14&limit=0", "limit"],
    ["limit no number", "from=2026-09-07&to=2026-09-14&limit=ten", "limit"],
    ["unknown zone", "from=2026-09-07&to=2026-09-14&zone=Mars", "zone"],
    ["misspelt parameter", "from=2026-09-07&too=2026-09-14", "too"],
  ])("names the parameter: %s", async (_title, query, name) => {
    const response = await makeSchool().call(`${MAILBOX}/events?${query}`);
    expect(response.status).toBe(400);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    const problem = await json(response);
    expect(problem.code).toBe("SERVER_REQUEST_INVALID");
    expect(problem.errors.map((error: { name: string }) => error.name)).toContain(name);
  });

  test("answers 404 for a mailbox or calendar that is not there", async () => {
    const { call } = makeSchool();
    for (const address of [
      WEEK.replace("room-12", "room-99"),
      `${WEEK}&calendar=nowhere`,
      `${MAILBOX}/events/nothing`,
    ]) {
      const response = await call(address);
      expect(response.status, address).toBe(404);
      expect((await json(response)).code).toMatch(/^CALENDAR_/);
    }
  });

  test("fails as a whole when a later page of the calendar cannot be read", async () => {
    const { calendar } = makeSchool();
    await calendar.createEvent(ROOM, lesson("2026-09-07T09:00:00", "Physics"));
    const breaking = {
      ...calendar,
      async *listEvents(...parameters: Parameters<typeof calendar.listEvents>) {
        yield* calendar.listEvents(...parameters);
        throw calendarError("CALENDAR_UNAVAILABLE", "Lost the next page", { retryAfterMs: 7000 });
      },
    };
    const broken = makeSchool({ calendar: breaking as never });
    for (const address of [WEEK, `${MAILBOX}/calendar.ics`]) {
      const response = await broken.call(address);
      expect([response.status, response.headers.get("retry-after")], address).toEqual([503, "7"]);
    }
  });
});

describe("one event", () => {
  test("GET answers 304 to who has this version", async () => {
    const { calendar, call } = makeSchool();
    const event = await calendar.createEvent(ROOM, lesson("2026-09-07T09:00:00", "Physics"));
    const first = await call(`${MAILBOX}/events/${event.id}`);
    const etag = first.headers.get("etag") ?? "";
    expect((await json(first)).etag).toBe(etag);
    const second = await call(`${MAILBOX}/events/${event.id}`, { headers: { "If-None-Match": etag } });
    expect([second.status, await second.text()]).toEqual([304, ""]);
  });

  test("POST creates, PATCH changes only at the version it names, DELETE deletes", async () => {
    const { call } = makeSchool();
    const created = await call(`${MAILBOX}/events`, {
      method: "POST",
      body: JSON.stringify(lesson("2026-09-07T09:00:00", "Physics", { location: "Room 12" })),
    });
    expect(created.status).toBe(201);
    const address = created.headers.get("location") ?? "";
    const etag = created.headers.get("etag") ?? "";
    const patch = (ifMatch: string) =>
      call(address, {
        method: "PATCH",
        headers: { "If-Match": ifMatch },
        body: JSON.stringify({ location: "Room 14" }),
      });
    const changed = await patch(etag);
    expect(changed.status).toBe(200);
    expect(await json(changed)).toMatchObject({ subject: "Physics", location: "Room 14" });
    const late = await patch(etag);
    expect(late.status).toBe(412);
    const tooLate = await call(address, { method: "DELETE", headers: { "If-Match": etag } });
    expect(tooLate.status).toBe(412);
    const current = changed.headers.get("etag") ?? "";
    expect(
      (await call(address, { method: "DELETE", headers: { "If-Match": `"other", ${current}` } })).status,
    ).toBe(204);
    expect((await call(address)).status).toBe(404);
  });

  test("an event given out can be sent back as it is, times included", async () => {
    const { call } = makeSchool();
    const source = `${MAILBOX}/sources/lesson-1`;
    await call(source, { method: "PUT", body: JSON.stringify(lesson("2026-09-07T09:00:00", "Physics")) });
    const { subject, start, end } = await json(await call(source));
    const again = await call(source, { method: "PUT", body: JSON.stringify({ subject, start, end }) });
    expect(again.status).toBe(200);
  });

  test.each([
    ["no subject", { subject: undefined }, "/subject"],
    ["an unknown member", { title: "x" }, "/title"],
    [
      "an unknown zone",
      { start: { dateTime: "2026-09-07T09:00:00", ianaZone: "GMT Standard Time" } },
      "/start/ianaZone",
    ],
    [
      "an offset in a local time",
      { start: { dateTime: "2026-09-07T09:00:00Z", ianaZone: "UTC" } },
      "/start/dateTime",
    ],
    [
      "a day that does not exist",
      { start: { dateTime: "2026-02-30T09:00:00", ianaZone: "UTC" } },
      "/start/dateTime",
    ],
    ["an end before the start", { end: { dateTime: "2026-09-06T09:00:00", ianaZone: "UTC" } }, "/end"],
    ["an all-day event at nine", { isAllDay: true }, "/end"],
  ])("a body with %s is refused by name", async (_title, change, name) => {
    const { call, calendar } = makeSchool();
    const body = JSON.stringify({ ...lesson("2026-09-07T09:00:00", "Physics"), ...change });
    const response = await call(`${MAILBOX}/events`, { method: "POST", body });
    const problem = await json(response);
    expect([response.status, problem.errors?.[0]?.name]).toEqual([400, name]);
    expect(calendar.calls.filter(({ operation }) => operation === "createEvent")).toEqual([]);
  });

  test("a body that is no JSON, too large, or of another type is refused", async () => {
    const { call } = makeSchool();
    const post = (body: string, type = "application/json") =>
      call(`${MAILBOX}/events`, { method: "POST", body, headers: { "Content-Type": type } });
    expect((await json(await post("{"))).code).toBe("SERVER_REQUEST_INVALID");
    expect((await json(await post("<event/>", "application/xml"))).code).toBe("SERVER_MEDIA_TYPE");
    const large = await post(JSON.stringify({ subject: "x".repeat(200_000) }));
    expect([large.status, (await json(large)).code]).toEqual([413, "SERVER_BODY_TOO_LARGE"]);
  });
});

describe("events by source id", () => {
  const source = `${MAILBOX}/sources/lesson%207`;
  const put = JSON.stringify(lesson("2026-09-07T09:00:00", "Physics"));

  test("PUT creates, then replaces; GET and the list show the id; DELETE deletes once", async () => {
    const { call } = makeSchool();
    expect((await call(source, { method: "PUT", body: put })).status).toBe(201);
    expect((await call(source, { method: "PUT", body: put })).status).toBe(200);
    expect(await json(await call(source))).toMatchObject({ sourceId: "lesson 7", subject: "Physics" });
    expect((await json(await call(WEEK))).items).toMatchObject([{ sourceId: "lesson 7" }]);
    expect((await call(source, { method: "DELETE" })).status).toBe(204);
    const gone = await call(source, { method: "DELETE" });
    expect([gone.status, (await json(gone)).code]).toEqual([404, "SERVER_SOURCE_ID_UNKNOWN"]);
  });

  test("belongs to the application that named it", async () => {
    const { call } = makeSchool();
    await call(source, { method: "PUT", body: put });
    const other = await signForSchool(
      appClaims({ azp: "11111111-2222-3333-4444-555555555555", roles: ["Calendars.ReadWrite.All"] }),
    );
    expect((await call(source, { token: other })).status).toBe(404);
    const [event] = (await json(await call(WEEK, { token: other }))).items as Event[];
    expect(event?.sourceId).toBeUndefined();
    expect((await call(source, { method: "PUT", body: put, token: other })).status).toBe(201);
    expect((await json(await call(WEEK))).items).toHaveLength(2);
  });
});

describe("who may do what", () => {
  test("no token: 401, a bare challenge, and the way to a token", async () => {
    const response = await makeSchool().app.request(WEEK);
    expect(response.status).toBe(401);
    expect(response.headers.get("www-authenticate")).toBe('Bearer realm="nightlatch"');
    const problem = await json(response);
    expect(problem.code).toBe("SERVER_TOKEN_MISSING");
    expect(problem.hint).toContain(`${TENANT_ID}/oauth2/v2.0/token`);
  });

  test("Basic credentials are not a token, and the word bearer is taken in any case", async () => {
    const { app } = makeSchool();
    const get = async (authorization: string) =>
      app.request(WEEK, { headers: { Authorization: authorization } });
    expect((await json(await get("Basic dXNlcjpwYXNz"))).code).toBe("SERVER_TOKEN_MISSING");
    expect((await json(await get("Bearer"))).code).toBe("SERVER_TOKEN_MALFORMED");
    expect((await json(await get("Bearer a b"))).code).toBe("SERVER_TOKEN_MALFORMED");
    expect((await get(`bEARER ${readerToken}`)).status).toBe(200);
  });

  test("a refused token: 401 with the reason in the challenge, in characters that RFC 6750 allows", async () => {
    const response = await makeSchool().call(WEEK, {
      token: await signForSchool(appClaims({ aud: 'api://"other"\\ü' })),
    });
    expect(response.status).toBe(401);
    const challenge = response.headers.get("www-authenticate") ?? "";
    expect(challenge).toMatch(
      /^Bearer realm="nightlatch", error="invalid_token", error_description="[\x20-\x21\x23-\x5b\x5d-\x7e]+"$/,
    );
  });

  test("a token without the app role: 403 insufficient_scope, and the roles are named", async () => {
    const response = await makeSchool().call(WEEK, {
      token: await signForSchool(appClaims({ roles: ["Mail.Read"] })),
    });
    expect(response.status).toBe(403);
    expect(response.headers.get("www-authenticate")).toContain('error="insufficient_scope"');
    expect((await json(response)).detail).toMatch(/Mail\.Read.*Calendars\.Read\.All/);
  });

  test("a reader reads but does not write", async () => {
    const { call } = makeSchool();
    expect((await call(WEEK, { token: readerToken })).status).toBe(200);
    for (const [method, path] of [
      ["POST", "events"],
      ["PATCH", "events/x"],
      ["DELETE", "events/x"],
      ["PUT", "sources/x"],
      ["DELETE", "sources/x"],
    ] as const)
      expect(
        (
          await call(`${MAILBOX}/${path}`, {
            method,
            token: readerToken,
            ...(method !== "DELETE" && { body: "{}" }),
          })
        ).status,
        `${method} ${path}`,
      ).toBe(403);
  });

  test("a token for a user is refused until a scope is configured, and reaches the own mailbox only", async () => {
    const token = await signForSchool(userClaims());
    expect((await makeSchool().call(WEEK, { token })).status).toBe(403);
    const { call } = makeSchool({
      authentication: schoolAuthentication({ requiredScope: "Calendars.Read" }),
    });
    expect((await call(WEEK, { token })).status).toBe(200);
    expect((await call(WEEK.replace("room-12", "year7"), { token })).status).toBe(403);
    expect((await call(`${MAILBOX}/events`, { method: "POST", body: "{}", token })).status).toBe(403);
  });

  test("the operator's policy decides about mailboxes, and is asked with the caller", async () => {
    const asked: unknown[] = [];
    const { call } = makeSchool({
      mailboxes: (mailbox, caller) => {
        asked.push([mailbox, caller?.clientId]);
        return mailbox === ROOM;
      },
    });
    expect((await call(WEEK)).status).toBe(200);
    const denied = await call(WEEK.replace("room-12", "year7"));
    expect([denied.status, (await json(denied)).code]).toEqual([403, "SERVER_MAILBOX_FORBIDDEN"]);
    expect(asked).toEqual([
      [ROOM, CLIENT_ID],
      ["year7@school.example", CLIENT_ID],
    ]);
  });

  test("private events show readers their time only, writers everything", async () => {
    const { calendar, call } = makeSchool();
    await calendar.createEvent(
      ROOM,
      lesson("2026-09-07T09:00:00", "Doctor", { sensitivity: "private", location: "Clinic" }),
    );
    const shown = await (await call(WEEK, { token: readerToken })).text();
    expect(shown).not.toMatch(/Doctor|Clinic/);
    expect(JSON.parse(shown).items[0].start.dateTime).toBe("2026-09-07T09:00:00");
    expect(await (await call(WEEK, { token: writerToken })).text()).toContain("Doctor");
    const open = makeSchool({ privateEvents: "show", calendar });
    expect(await (await open.call(WEEK, { token: readerToken })).text()).toContain("Doctor");
  });

  test("everybody gets in only by a switch that shouts, and the log shouts too", async () => {
    const entries: LogEntry[] = [];
    const { app } = makeSchool({
      authentication: { dangerouslyAllowAnonymous: true },
      logger: (entry) => entries.push(entry),
    });
    expect((await app.request(WEEK)).status).toBe(200);
    expect(entries[0]).toMatchObject({ level: "warn", event: "warning" });
    const authentication = { dangerouslyAllowAnonymous: false } as never;
    expect(() => makeSchool({ authentication })).toThrow(TypeError);
    expect(() => makeSchool({ authentication: { tenantId: "", audience: AUDIENCE } })).toThrow(TypeError);
  });
});

describe("feeds", () => {
  const feed = async (school: ReturnType<typeof makeSchool>, address: string, headers = {}) =>
    school.app.request(new URL(address).pathname, { headers });

  test("answer at the secret address without a token, and 304 afterwards", async () => {
    const { createFeedUrl } = await import("../src/index.ts");
    const school = makeSchool();
    await school.calendar.createEvent(ROOM, lesson("2026-09-07T09:00:00", "Physics"));
    const address = createFeedUrl("https://calendars.school.example", ROOM, SECRET);
    const first = await feed(school, address);
    expect(first.status).toBe(200);
    expect(first.headers.get("content-type")).toBe("text/calendar; charset=utf-8");
    expect(first.headers.get("cache-control")).toContain("private");
    expect(await first.text()).toContain("SUMMARY:Physics\r\n");
    const etag = first.headers.get("etag") ?? "";
    expect(etag).toMatch(/^"[^"]+"$/);
    const second = await feed(school, address, { "If-None-Match": etag });
    expect([second.status, await second.text(), second.headers.get("etag")]).toEqual([304, "", etag]);
    await school.calendar.createEvent(ROOM, lesson("2026-09-08T09:00:00", "Chemistry"));
    expect((await feed(school, address, { "If-None-Match": etag })).status).toBe(200);
  });

  test("answer 404 alike for a wrong secret, another mailbox's secret, and a mailbox that is not allowed", async () => {
    const { createFeedToken } = await import("../src/index.ts");
    const school = makeSchool({ mailboxes: (mailbox) => mailbox === ROOM });
    const token = createFeedToken(ROOM, SECRET);
    const year7 = createFeedToken("year7@school.example", SECRET);
    for (const path of [
      `/feeds/${ROOM}/${"A".repeat(43)}.ics`,
      `/feeds/year7@school.example/${token}.ics`,
      `/feeds/year7@school.example/${year7}.ics`,
    ]) {
      const response = await school.app.request(path);
      expect([response.status, (await json(response)).code], path).toEqual([404, "SERVER_FEED_UNKNOWN"]);
    }
    expect((await school.app.request(`/feeds/${ROOM}/${token}.ics`)).status).toBe(200);
  });

  test("do not exist without a secret, and a short secret is refused at once", async () => {
    const { createFeedToken } = await import("../src/index.ts");
    const { app } = makeSchool({ feeds: undefined });
    expect((await app.request(`/feeds/${ROOM}/${createFeedToken(ROOM, SECRET)}.ics`)).status).toBe(404);
    expect(() => makeSchool({ feeds: { secret: "short" } })).toThrow(RangeError);
  });

  test("are served with a token at calendar.ics, for the window that is asked for", async () => {
    const { calendar, call } = makeSchool();
    await calendar.createEvent(ROOM, lesson("2026-09-07T09:00:00", "Inside"));
    await calendar.createEvent(ROOM, lesson("2026-09-17T09:00:00", "Outside"));
    const text = await (await call(`${MAILBOX}/calendar.ics?from=2026-09-07&to=2026-09-14`)).text();
    expect(text).toContain("SUMMARY:Inside");
    expect(text).not.toContain("SUMMARY:Outside");
  });
});

describe("every request", () => {
  test("an unknown address is 404, a known one with another method 405 with Allow", async () => {
    const { app, call } = makeSchool();
    expect((await json(await app.request("/v2/nothing"))).code).toBe("SERVER_ROUTE_UNKNOWN");
    const wrong = await call(`${MAILBOX}/events/x`, { method: "PUT", body: "{}" });
    expect([wrong.status, wrong.headers.get("allow")]).toEqual([405, "DELETE, GET, HEAD, PATCH"]);
    expect((await app.request("/healthz", { method: "POST" })).headers.get("allow")).toBe("GET, HEAD");
    expect((await app.request("/healthz", { method: "HEAD" })).status).toBe(200);
  });

  test("carries its id, from the caller or a new one, and the same in the problem", async () => {
    const { app } = makeSchool();
    const named = await app.request("/nothing", { headers: { "X-Request-Id": "lesson-42" } });
    expect([named.headers.get("x-request-id"), (await json(named)).requestId]).toEqual([
      "lesson-42",
      "lesson-42",
    ]);
    const unsafe = await app.request("/nothing", { headers: { "X-Request-Id": "a b<script>" } });
    expect(unsafe.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
  });

  test("carries security headers and allows no other origin", async () => {
    const { app } = makeSchool();
    for (const path of ["/", "/openapi.json", "/nothing", WEEK]) {
      const response = await app.request(path, { headers: { Origin: "https://elsewhere.example" } });
      expect(response.headers.get("x-content-type-options"), path).toBe("nosniff");
      expect(response.headers.get("content-security-policy"), path).toContain("default-src 'none'");
      expect(response.headers.get("access-control-allow-origin"), path).toBeNull();
    }
    const open = makeSchool({ corsOrigins: ["https://portal.school.example"] });
    const allowed = await open.app.request(WEEK, {
      method: "OPTIONS",
      headers: { Origin: "https://portal.school.example", "Access-Control-Request-Method": "GET" },
    });
    expect(allowed.headers.get("access-control-allow-origin")).toBe("https://portal.school.example");
    const foreign = await open.app.request("/healthz", { headers: { Origin: "https://elsewhere.example" } });
    expect(foreign.headers.get("access-control-allow-origin")).toBeNull();
  });

  test("makes one line in the log, without query, token or feed secret", async () => {
    const { createFeedToken } = await import("../src/index.ts");
    const entries: LogEntry[] = [];
    const { app, call } = makeSchool({ logger: (entry) => entries.push(entry) });
    await call(WEEK);
    await app.request(`/feeds/${ROOM}/${createFeedToken(ROOM, SECRET)}.ics`);
    await app.request(`/nothing?secret=${SECRET}`);
    expect(
      entries.map(({ event, method, path, status, clientId }) => [event, method, path, status, clientId]),
    ).toEqual([
      ["request", "GET", `${MAILBOX}/events`, 200, CLIENT_ID],
      ["request", "GET", `/feeds/${ROOM}/[secret]`, 200, undefined],
      ["request", "GET", "/nothing", 404, undefined],
    ]);
    const text = JSON.stringify(entries);
    for (const secret of [writerToken, createFeedToken(ROOM, SECRET), SECRET])
      expect(text).not.toContain(secret);
  });

  test("that fails unexpectedly is 500 for the caller and explained in the log, tokens taken out", async () => {
    const entries: LogEntry[] = [];
    const { call } = makeSchool(
      { logger: (entry) => entries.push(entry) },
      {
        beforeCall: () => {
          throw new Error(`upstream said no to Authorization: Bearer ${writerToken}`);
        },
      },
    );
    const response = await call(`${MAILBOX}/calendars`);
    const text = await response.text();
    expect(response.status).toBe(500);
    expect(JSON.parse(text).code).toBe("SERVER_UNEXPECTED");
    expect(text).not.toMatch(/upstream|at .*\.ts/);
    const line = entries.find(({ event }) => event === "problem");
    expect(line).toMatchObject({ level: "error", message: expect.stringContaining("upstream said no") });
    expect(JSON.stringify(entries)).not.toContain(writerToken.slice(0, 40));
  });

  test("that fails because this API cannot sign in tells the caller nothing about keys and paths", async () => {
    const table = {
      OAUTH_REFUSED: { title: "x", hint: "x", retryable: false, exitCode: 4, httpStatus: 401 },
    } as const satisfies ErrorTable;
    const { call } = makeSchool(
      {},
      {
        beforeCall: () => {
          throw new NightlatchError(table, "OAUTH_REFUSED", "AADSTS700027 with /etc/keys/school.pem");
        },
      },
    );
    const response = await call(`${MAILBOX}/calendars`);
    const text = await response.text();
    expect([response.status, JSON.parse(text).code]).toEqual([502, "SERVER_SIGN_IN_FAILED"]);
    expect(text).not.toMatch(/AADSTS|school\.pem/);
  });

  test("with a base URL links there", async () => {
    const { app } = makeSchool({ baseUrl: "https://calendars.school.example/" });
    expect((await json(await app.request("/nothing"))).type).toBe(
      "https://calendars.school.example/errors#SERVER_ROUTE_UNKNOWN",
    );
  });
});

test("createApp() refuses an unknown zone and a bound below one", () => {
  const calendar = makeSchool().calendar;
  const authentication = { dangerouslyAllowAnonymous: true } as const;
  expect(() => createApp({ calendar, authentication, ianaZone: "Mars" })).toThrow(RangeError);
  expect(() => createApp({ calendar, authentication, maxCalls: 0 })).toThrow(RangeError);
});

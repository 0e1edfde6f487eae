/** What the EWS wing sends, and what it makes of refusals, lost answers and a busy server. */

import { inspect } from "node:util";
import { NightlatchError } from "@nightlatch/credential";
import { OAUTH_ERRORS } from "@nightlatch/oauth";
import { describe, expect, it } from "vitest";
import { judgeEveryBody } from "../../emulator/test/ews-judge.ts";
import { createEwsCalendar } from "../src/ews/index.ts";
import type { CalendarEvent, EventDraft } from "../src/index.ts";
import { recordedTransport, type Scripted } from "./recorded-transport.ts";
import {
  fault,
  got,
  item,
  MAILBOX,
  type MadeEws,
  makeEws,
  refusal,
  SECRET_TOKEN,
  soap,
  success,
  view,
} from "./scripted-ews.ts";

judgeEveryBody({ atLeast: 15 });

const WINDOW = { from: new Date("2026-06-01T00:00:00Z"), to: new Date("2026-06-02T00:00:00Z") };
const DRAFT: EventDraft = {
  subject: "Physics",
  start: { dateTime: "2026-06-01T09:00:00", ianaZone: "Europe/London" },
  end: { dateTime: "2026-06-01T10:00:00", ianaZone: "Europe/London" },
};
const CREATED = success("CreateItem", `<m:Items>${item("AAMk1")}</m:Items>`);
const UPDATED = success("UpdateItem", `<m:Items>${item("AAMk1")}</m:Items>`);
const DELETED = success("DeleteItem", "");
const BACK_OFF = '<t:Value Name="BackOffMilliseconds">12500</t:Value>';
const LOST = lost("OAUTH_NETWORK_TIMEOUT", true);
const UNREACHED = lost("OAUTH_NETWORK_CONNECT", false);

function lost(code: keyof typeof OAUTH_ERRORS, answerLost: boolean): Scripted {
  const failure = new NightlatchError(OAUTH_ERRORS, code, "Cannot reach outlook.office365.com", {
    details: { answerLost },
  });
  return { failure };
}

async function list({ calendar }: MadeEws): Promise<CalendarEvent[]> {
  const events: CalendarEvent[] = [];
  for await (const event of calendar.listEvents(MAILBOX, WINDOW)) events.push(event);
  return events;
}

describe("createEwsCalendar() as a sender", () => {
  it("names the mailbox for the way and for the rights, and the version of the schema", async () => {
    const made = makeEws([view([])]);
    await list(made);
    const [request] = made.transport.requests;
    expect(request).toMatchObject({
      method: "POST",
      url: "https://outlook.office365.com/EWS/Exchange.asmx",
      headers: {
        authorization: `Bearer ${SECRET_TOKEN}`,
        "content-type": "text/xml; charset=utf-8",
        "x-anchormailbox": MAILBOX,
        "return-client-request-id": "true",
      },
    });
    expect(request?.headers?.["client-request-id"]).toMatch(/^[0-9a-f-]{36}$/);
    const [sent] = made.sent();
    expect(sent).toContain('<s:Header><t:RequestServerVersion Version="Exchange2013_SP1"/>');
    expect(sent).toContain(
      `<t:ExchangeImpersonation><t:ConnectingSID><t:SmtpAddress>${MAILBOX}</t:SmtpAddress></t:ConnectingSID></t:ExchangeImpersonation>`,
    );
    expect(sent).toContain('<m:ParentFolderIds><t:DistinguishedFolderId Id="calendar"/></m:ParentFolderIds>');
  });

  it("names the owner of the folder where it acts as nobody", async () => {
    const made = makeEws([view([])], { impersonation: false, serverVersion: "Exchange2016" });
    await list(made);
    expect(made.sent()[0]).not.toContain("ExchangeImpersonation");
    expect(made.sent()[0]).toContain('Version="Exchange2016"');
    expect(made.sent()[0]).toContain(
      `<t:DistinguishedFolderId Id="calendar"><t:Mailbox><t:EmailAddress>${MAILBOX}</t:EmailAddress></t:Mailbox></t:DistinguishedFolderId>`,
    );
    expect(made.transport.requests[0]?.headers?.["x-anchormailbox"]).toBe(MAILBOX);
  });

  it("names a mailbox by its SID or principal name where told so", async () => {
    const made = makeEws(() => view([]), { impersonateBy: "PrincipalName" });
    await list(made);
    const sid = "S-1-5-21-1004336348-1177238915-682003330-512";
    for await (const _ of made.calendar.listEvents(sid, WINDOW));
    expect(made.sent()[0]).toContain(`<t:PrincipalName>${MAILBOX}</t:PrincipalName>`);
    expect(made.sent()[1]).toContain(`<t:SID>${sid}</t:SID>`);
  });

  it("takes any authenticator in place of tokens", async () => {
    const seen: unknown[] = [];
    const made = makeEws([view([])], {
      endpoint: "https://mail.school.example/EWS/Exchange.asmx",
      authenticator: async (request) => {
        seen.push(request);
        return { authorization: "Basic dXNlcjpwYXNz" };
      },
    });
    await list(made);
    expect(made.transport.requests[0]?.headers?.["authorization"]).toBe("Basic dXNlcjpwYXNz");
    expect(seen).toMatchObject([{ url: "https://mail.school.example/EWS/Exchange.asmx", mailbox: MAILBOX }]);
  });

  it("asks for tokens of the host that it asks, unless told otherwise", async () => {
    const scopes: unknown[] = [];
    const tokens = {
      getToken: async (scope: string | string[]) => {
        scopes.push(scope);
        return { token: "t", expiresOnTimestamp: 0 };
      },
    };
    await list(makeEws([view([])], { tokens }));
    await list(makeEws([view([])], { tokens, endpoint: "https://outlook.office365.us/EWS/Exchange.asmx" }));
    await list(makeEws([view([])], { tokens, scope: "https://mail.school.example/.default" }));
    expect(scopes).toEqual([
      "https://outlook.office365.com/.default",
      "https://outlook.office365.us/.default",
      "https://mail.school.example/.default",
    ]);
  });

  it("answers a claims challenge once, with a new token", async () => {
    const claims = '{"access_token":{"nbf":{"essential":true}}}';
    const challenge: Scripted = {
      status: 401,
      headers: {
        "www-authenticate": `Bearer error="insufficient_claims", claims="${Buffer.from(claims).toString("base64")}"`,
      },
    };
    const asked: unknown[] = [];
    const tokens = {
      getToken: async (_: unknown, options?: { claims?: string }) => {
        asked.push(options?.claims);
        return { token: "t", expiresOnTimestamp: 0 };
      },
    };
    await list(makeEws([challenge, view([])], { tokens }));
    expect(asked).toEqual([undefined, claims]);
    const twice = makeEws([challenge, challenge], { tokens });
    await expect(list(twice)).rejects.toMatchObject({ code: "CALENDAR_TOKEN_REFUSED" });
    expect(twice.transport.requests).toHaveLength(2);
  });

  it("needs tokens or an authenticator", () => {
    expect(() => createEwsCalendar({ transport: recordedTransport([]) })).toThrow(TypeError);
  });

  it("has no more than its limit of requests in flight for one mailbox", async () => {
    let [running, most] = [0, 0];
    const made = makeEws(async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 2));
      running -= 1;
      return view([]);
    });
    await Promise.all(Array.from({ length: 12 }, () => list(made)));
    expect(most).toBe(4);
  });
});

describe("createEwsCalendar() and refusals", () => {
  it.each([
    ["ErrorItemNotFound", "CALENDAR_NOT_FOUND"],
    ["ErrorInvalidIdMalformed", "CALENDAR_NOT_FOUND"],
    ["ErrorAccessDenied", "CALENDAR_ACCESS_DENIED"],
    ["ErrorNonExistentMailbox", "CALENDAR_MAILBOX_NOT_FOUND"],
    ["ErrorQuotaExceeded", "CALENDAR_MAILBOX_FULL"],
    ["ErrorCalendarInvalidRecurrence", "CALENDAR_REJECTED"],
    ["ErrorNobodyKnows", "CALENDAR_REJECTED"],
  ])("say %s as %s, in a message or in a fault", async (responseCode, code) => {
    const expected = {
      code,
      details: {
        mailbox: MAILBOX,
        responseCode,
        messageText: "Because.",
        serverVersion: "15.2.1544.11",
        requestId: "r-1",
      },
    };
    const headers = { "request-id": "r-1" };
    const messages = [refusal("GetItem", responseCode), fault(responseCode)].map((answer) => ({
      ...answer,
      headers,
    }));
    for (const answer of messages) {
      const made = makeEws([answer]);
      await expect(made.calendar.getEvent(MAILBOX, "AAMk1")).rejects.toMatchObject(expected);
      expect(made.transport.requests).toHaveLength(1);
    }
    await expect(makeEws([messages[1] as Scripted]).calendar.getEvent(MAILBOX, "A")).rejects.toMatchObject({
      details: { faultCode: responseCode, status: 500 },
    });
  });

  it.each([
    [
      401,
      '2000010;reason="Presented auth strength was 1, required is 2.";error_category="insufficient_auth_strength"',
      "CALENDAR_TOKEN_REFUSED",
      /certificate/,
    ],
    [
      401,
      '2000003;reason="The audience claim value is invalid \'aud\'.";error_category="invalid_resource"',
      "CALENDAR_TOKEN_REFUSED",
      /scope/,
    ],
    [
      401,
      '2000002;reason="The token has expired.";error_category="token_expired"',
      "CALENDAR_TOKEN_REFUSED",
      /clock/,
    ],
    [
      401,
      '2000008;reason="The token contains no permissions.";error_category="invalid_grant"',
      "CALENDAR_ACCESS_DENIED",
      /full_access_as_app/,
    ],
    [
      403,
      '2000008;reason="The token contains not enough scope to make this call.";error_category="invalid_grant"',
      "CALENDAR_ACCESS_DENIED",
      /full_access_as_app/,
    ],
    [401, '3000003;reason="?";error_category="?"', "CALENDAR_TOKEN_REFUSED", /scope/],
    [401, "", "CALENDAR_TOKEN_REFUSED", /scope/],
    [403, "", "CALENDAR_ACCESS_DENIED", /EwsAllowedAppIDs/],
    [404, "", "CALENDAR_REJECTED", /Exchange\.asmx/],
  ])("say what to do about %i %s", async (status, diagnostics, code, hint) => {
    const made = makeEws([
      { status, headers: diagnostics === "" ? {} : { "x-ms-diagnostics": diagnostics } },
    ]);
    const error = await list(made).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code, hint: expect.stringMatching(hint), details: { status } });
    if (diagnostics !== "") expect(error).toMatchObject({ details: { xMsDiagnostics: diagnostics } });
  });

  it("name the element that the schema does not allow", async () => {
    const made = makeEws([
      fault("ErrorSchemaValidation", "<t:LineNumber>2</t:LineNumber><t:Violation>No Mars.</t:Violation>"),
    ]);
    await expect(made.calendar.createEvent(MAILBOX, DRAFT)).rejects.toMatchObject({
      code: "CALENDAR_REJECTED",
      details: { violation: "No Mars." },
    });
  });

  it("never show a credential", async () => {
    for (const answer of [
      fault("ErrorAccessDenied"),
      { status: 401 },
      LOST,
      { status: 200, body: "<html>" },
    ]) {
      const error = await list(makeEws(() => answer)).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(NightlatchError);
      expect(inspect(error, { depth: 9 }) + JSON.stringify(error)).not.toContain(SECRET_TOKEN);
    }
  });

  it.each([
    ["nothing", ""],
    ["HTML", "<!DOCTYPE html><html></html>"],
    ["half an answer", "<s:Envelope"],
    [
      "an envelope of another version",
      '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><a/></s:Body></s:Envelope>',
    ],
  ])("take %s for no answer, not for an empty list", async (_, body) => {
    await expect(list(makeEws([{ status: 200, body }]))).rejects.toMatchObject({
      code: "CALENDAR_UNREADABLE_ANSWER",
    });
  });

  it("take an answer to another question, one without messages or one without an end for no answer", async () => {
    for (const answer of [
      success("GetItem", ""),
      soap("<m:FindItemResponse/>"),
      success("FindItem", "<m:RootFolder><t:Items/></m:RootFolder>"),
      success("FindItem", ""),
      view(["<t:CalendarItem><t:Subject>No id</t:Subject></t:CalendarItem>"]),
    ]) {
      await expect(list(makeEws([answer]))).rejects.toMatchObject({ code: "CALENDAR_UNREADABLE_ANSWER" });
    }
  });

  it("take a SOAP answer under status 500 for what it is", async () => {
    const answer = { ...view([item("AAMk1")]), status: 500 };
    expect(await list(makeEws([answer]))).toHaveLength(1);
  });
});

describe("createEwsCalendar() and a busy server", () => {
  it.each([
    ["a fault with a time to wait", fault("ErrorServerBusy", BACK_OFF), 12_500],
    ["a message with a time to wait", refusal("FindItem", "ErrorServerBusy", BACK_OFF), 12_500],
    ["429 with Retry-After", { status: 429, headers: { "retry-after": "7" } }, 7000],
    ["503 with Retry-After", { status: 503, headers: { "retry-after": "3" } }, 3000],
    ["503 alone", { status: 503 }, 300],
    ["500 without SOAP", { status: 500, body: "<html>" }, 300],
    ["a failure for now", fault("ErrorMailboxStoreUnavailable"), 300],
    ["a failure for now in a message", refusal("FindItem", "ErrorInternalServerTransientError"), 300],
  ])("waits after %s and asks again", async (_, answer, leastMs) => {
    const made = makeEws([answer, view([item("AAMk1")])]);
    expect(await list(made)).toHaveLength(1);
    expect(made.waits).toHaveLength(1);
    expect(made.waits[0]).toBeGreaterThanOrEqual(leastMs);
  });

  it("writes again after the server said that it had not begun", async () => {
    const made = makeEws([fault("ErrorServerBusy", BACK_OFF), CREATED, got(item("AAMk1"))]);
    expect((await made.calendar.createEvent(MAILBOX, DRAFT)).id).toBe("AAMk1");
    expect(made.waits[0]).toBeGreaterThanOrEqual(12_500);
  });

  it("says how long to wait when that is longer than it may", async () => {
    const made = makeEws(() =>
      fault("ErrorServerBusy", '<t:Value Name="BackOffMilliseconds">297749</t:Value>'),
    );
    await expect(list(made)).rejects.toMatchObject({ code: "CALENDAR_THROTTLED", retryAfterMs: 297_749 });
    expect(made.waits).toEqual([]);
  });

  it("does not take an event that talks of ErrorServerBusy for a busy server", async () => {
    const made = makeEws([view([item("AAMk1", { Subject: "&lt;m:ResponseCode&gt;ErrorServerBusy" })])]);
    expect(await list(made)).toHaveLength(1);
  });
});

describe("createEwsCalendar() and lost answers", () => {
  it.each([
    ["no answer", LOST],
    ["a gateway that gave up", { status: 504 }],
    ["a server that failed half-way", fault("ErrorInternalServerError")],
    ["an answer that is none", { status: 200, body: "<html>" }],
    ["an answer that names nothing", success("CreateItem", "<m:Items/>")],
  ])("createEvent() says after %s that it cannot know, and does not write again", async (_, answer) => {
    const made = makeEws([answer]);
    await expect(
      made.calendar.createEvent(MAILBOX, DRAFT, { transactionId: "physics-1" }),
    ).rejects.toMatchObject({ code: "CALENDAR_WRITE_UNCERTAIN" });
    expect(made.transport.requests).toHaveLength(1);
  });

  it("createEvent() is sent again when it never left", async () => {
    const made = makeEws([UNREACHED, CREATED, got(item("AAMk1"))]);
    expect((await made.calendar.createEvent(MAILBOX, DRAFT)).id).toBe("AAMk1");
  });

  it("createEvent() says what was written when it cannot be read back", async () => {
    const made = makeEws([CREATED, refusal("GetItem", "ErrorItemNotFound")]);
    await expect(made.calendar.createEvent(MAILBOX, DRAFT)).rejects.toMatchObject({
      code: "CALENDAR_WRITE_UNCERTAIN",
      details: { eventId: "AAMk1" },
    });
  });

  it("updateEvent() is sent again", async () => {
    const made = makeEws([LOST, UPDATED, got(item("AAMk1"))]);
    expect((await made.calendar.updateEvent(MAILBOX, "AAMk1", { subject: "Late" })).id).toBe("AAMk1");
  });

  it("updateEvent() of a version that its lost attempt may have replaced says that it cannot know", async () => {
    const made = makeEws([LOST, refusal("UpdateItem", "ErrorIrresolvableConflict")]);
    const changes = made.calendar.updateEvent(MAILBOX, "A", { subject: "Late" }, { changeKey: "CK" });
    await expect(changes).rejects.toMatchObject({ code: "CALENDAR_WRITE_UNCERTAIN" });
    const plain = makeEws([refusal("UpdateItem", "ErrorIrresolvableConflict")]);
    await expect(
      plain.calendar.updateEvent(MAILBOX, "A", { subject: "Late" }, { changeKey: "CK" }),
    ).rejects.toMatchObject({ code: "CALENDAR_CONFLICT" });
  });

  it("deleteEvent() is done when its lost attempt has deleted, and only then", async () => {
    await makeEws([LOST, refusal("DeleteItem", "ErrorItemNotFound")]).calendar.deleteEvent(MAILBOX, "A");
    const plain = makeEws([refusal("DeleteItem", "ErrorItemNotFound")]);
    await expect(plain.calendar.deleteEvent(MAILBOX, "A")).rejects.toMatchObject({
      code: "CALENDAR_NOT_FOUND",
    });
  });

  it("deleteCalendar() is done when its lost attempt has deleted", async () => {
    const made = makeEws([LOST, refusal("DeleteFolder", "ErrorFolderNotFound")]);
    await made.calendar.deleteCalendar(MAILBOX, "A");
    expect(made.transport.requests).toHaveLength(2);
  });

  it("createCalendar() is not sent again", async () => {
    const made = makeEws([LOST]);
    await expect(made.calendar.createCalendar(MAILBOX, "Year 7")).rejects.toMatchObject({
      code: "CALENDAR_WRITE_UNCERTAIN",
    });
  });

  it("reading says which way was broken", async () => {
    await expect(list(makeEws(() => LOST))).rejects.toMatchObject({
      code: "CALENDAR_UNAVAILABLE",
      details: { code: "OAUTH_NETWORK_TIMEOUT", mailbox: MAILBOX },
    });
  });
});

describe("createEwsCalendar() as a writer", () => {
  it("sends invitations only to those who are invited", async () => {
    const made = makeEws([CREATED, got(item("AAMk1")), CREATED, got(item("AAMk1"))]);
    await made.calendar.createEvent(MAILBOX, DRAFT);
    const attendees = [{ mailboxAddress: "year-7@school.example", type: "required" }] as const;
    await made.calendar.createEvent(MAILBOX, { ...DRAFT, attendees });
    expect(made.sent()[0]).toContain('<m:CreateItem SendMeetingInvitations="SendToNone">');
    expect(made.sent()[2]).toContain('<m:CreateItem SendMeetingInvitations="SendOnlyToAll">');
  });

  it("overwrites any version, or none but the one that was seen", async () => {
    const made = makeEws([UPDATED, got(item("AAMk1")), UPDATED, got(item("AAMk1"))]);
    await made.calendar.updateEvent(MAILBOX, "A", { subject: "Late" });
    await made.calendar.updateEvent(MAILBOX, "A", { subject: "Late" }, { changeKey: "CK" });
    expect(made.sent()[0]).toContain('ConflictResolution="AlwaysOverwrite"');
    expect(made.sent()[0]).toContain('<t:ItemId Id="A"/>');
    expect(made.sent()[2]).toContain('ConflictResolution="NeverOverwrite"');
    expect(made.sent()[2]).toContain('<t:ItemId Id="A" ChangeKey="CK"/>');
  });

  it("looks at the version before it deletes, when told which", async () => {
    const made = makeEws([got(item("A")), DELETED, got(item("A"))]);
    await made.calendar.deleteEvent(MAILBOX, "A", { changeKey: "CK-A" });
    expect(made.sent()[1]).toContain('<m:DeleteItem DeleteType="MoveToDeletedItems"');
    await expect(made.calendar.deleteEvent(MAILBOX, "A", { changeKey: "older" })).rejects.toMatchObject({
      code: "CALENDAR_CONFLICT",
    });
    expect(made.transport.requests).toHaveLength(3);
  });

  it("writes nothing when nothing changes", async () => {
    const made = makeEws([got(item("A")), got(item("A"))]);
    await made.calendar.updateEvent(MAILBOX, "A", {}, { changeKey: "CK-A" });
    expect(made.sent().join()).not.toContain("UpdateItem");
  });

  it("refuses a series that EWS cannot say before anything is sent", async () => {
    const made = makeEws([]);
    const recurrence = {
      pattern: { type: "relativeMonthly", interval: 1, daysOfWeek: ["monday", "tuesday"], index: "first" },
      range: { type: "noEnd", startsOn: "2026-06-01", ianaZone: "Europe/London" },
    } as const;
    await expect(made.calendar.createEvent(MAILBOX, { ...DRAFT, recurrence })).rejects.toMatchObject({
      code: "CALENDAR_REJECTED",
    });
    expect(made.transport.requests).toHaveLength(0);
  });
});

import { describe, expect, it } from "vitest";
import { all, makeEwsFixture, ROOM_12_ADDRESS, ROOM_13_ADDRESS, textOf } from "./ews-fixture.ts";
import { judgeEveryBody } from "./ews-judge.ts";
import { ROOM_12 } from "./graph-fixture.ts";

judgeEveryBody({ atLeast: 12 });

const mailbox = (address: string): string => `<t:Mailbox><t:Address>${address}</t:Address></t:Mailbox>`;
const getOof = (address = ROOM_12_ADDRESS): string =>
  `<m:GetUserOofSettingsRequest>${mailbox(address)}</m:GetUserOofSettingsRequest>`;
const setOof = (settings: string, address = ROOM_12_ADDRESS): string =>
  `<m:SetUserOofSettingsRequest>${mailbox(address)}<t:UserOofSettings>${settings}</t:UserOofSettings></m:SetUserOofSettingsRequest>`;
const REPLIES =
  "<t:InternalReply><t:Message>in</t:Message></t:InternalReply><t:ExternalReply><t:Message>out</t:Message></t:ExternalReply>";
const SCHEDULED = "<t:OofState>Scheduled</t:OofState><t:ExternalAudience>Known</t:ExternalAudience>";
const duration = (from: string, until: string): string =>
  `<t:Duration><t:StartTime>${from}</t:StartTime><t:EndTime>${until}</t:EndTime></t:Duration>`;

describe("automatic replies", () => {
  it("are off at first, and what is set here Graph shows, and the other way round", async () => {
    const ews = makeEwsFixture();
    const first = await ews.send(getOof());
    expect([first.codes, textOf(first.body, "OofState"), textOf(first.body, "InternalReply")]).toEqual([
      ["NoError"],
      "Disabled",
      "",
    ]);
    const time = duration("2026-08-01T00:00:00", "2026-08-20T02:00:00+02:00");
    expect((await ews.send(setOof(SCHEDULED + time + REPLIES))).codes).toEqual(["NoError"]);
    const shown = await ews.graph.send("GET", `/users/${ROOM_12}/mailboxSettings/automaticRepliesSetting`, {
      roles: ["MailboxSettings.Read"],
    });
    expect(shown.json).toMatchObject({
      status: "scheduled",
      externalAudience: "contactsOnly",
      internalReplyMessage: "in",
      externalReplyMessage: "out",
      scheduledStartDateTime: { dateTime: "2026-08-01T00:00:00.0000000", timeZone: "UTC" },
      scheduledEndDateTime: { dateTime: "2026-08-20T00:00:00.0000000", timeZone: "UTC" },
    });
    await ews.graph.send("PATCH", `/users/${ROOM_12}/mailboxSettings`, {
      roles: ["MailboxSettings.ReadWrite"],
      body: {
        automaticRepliesSetting: {
          status: "alwaysEnabled",
          internalReplyMessage: "a & b",
          scheduledStartDateTime: { dateTime: "2026-07-01T09:00:00", timeZone: "GMT Standard Time" },
        },
      },
    });
    const last = await ews.send(getOof());
    expect(textOf(last.body, "OofState")).toBe("Enabled");
    expect(all(last.body, "Message").map(({ text }) => text)).toEqual(["a & b", ""]);
    expect(textOf(last.body, "StartTime")).toBe("2026-07-01T08:00:00Z");
  });

  it("are refused without replies or times, and in other mailboxes", async () => {
    const ews = makeEwsFixture();
    const refusals: readonly (readonly [string, string])[] = [
      [SCHEDULED + REPLIES, "ErrorInvalidUserOofSettings"],
      [
        SCHEDULED + duration("2026-08-20T00:00:00Z", "2026-08-01T00:00:00Z") + REPLIES,
        "ErrorInvalidUserOofSettings",
      ],
      [SCHEDULED.replace("Scheduled", "Enabled"), "ErrorInvalidUserOofSettings"],
      [SCHEDULED.replace("Scheduled", "Disabled"), "NoError"],
    ];
    for (const [settings, code] of refusals)
      expect((await ews.send(setOof(settings))).codes, settings).toEqual([code]);
    expect((await ews.send(getOof(ROOM_13_ADDRESS))).codes).toEqual(["ErrorAccessDenied"]);
    expect((await ews.send(getOof("nobody@school.example"))).codes).toEqual(["ErrorMailRecipientNotFound"]);
  });
});

describe("GetDelegate", () => {
  const getDelegate = (userIds = ""): string =>
    `<m:GetDelegate IncludePermissions="true"><m:Mailbox><t:EmailAddress>${ROOM_12_ADDRESS}</t:EmailAddress></m:Mailbox>${userIds}</m:GetDelegate>`;

  it("lists nobody, and then whom Graph's calendar permissions make a delegate", async () => {
    const ews = makeEwsFixture();
    const none = await ews.send(getDelegate());
    expect([none.codes, all(none.body, "DelegateUser")]).toEqual([["NoError"], []]);
    expect(textOf(none.body, "DeliverMeetingRequests")).toBe("DelegatesAndMe");
    const made = await ews.graph.send("POST", `/users/${ROOM_12}/calendar/calendarPermissions`, {
      body: {
        emailAddress: { address: ROOM_13_ADDRESS, name: "Room 13" },
        role: "delegateWithPrivateEventAccess",
      },
    });
    expect(made.status).toBe(200);
    const one = await ews.send(getDelegate());
    expect(textOf(one.body, "PrimarySmtpAddress")).toBe(ROOM_13_ADDRESS);
    expect(textOf(one.body, "CalendarFolderPermissionLevel")).toBe("Editor");
    expect(textOf(one.body, "ViewPrivateItems")).toBe("true");
    const userIds = [ROOM_13_ADDRESS, "nobody@school.example"].map(
      (address) => `<t:UserId><t:PrimarySmtpAddress>${address}</t:PrimarySmtpAddress></t:UserId>`,
    );
    const asked = await ews.send(getDelegate(`<m:UserIds>${userIds.join("")}</m:UserIds>`));
    expect(asked.codes).toEqual(["NoError", "NoError", "ErrorNotDelegate"]);
  });
});

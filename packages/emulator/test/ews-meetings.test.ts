/** Meetings over Exchange Web Services: who is told of them, what they answer, and what Graph says of it. */
import { beforeEach, describe, expect, it } from "vitest";
import type { User } from "../src/directory/directory.ts";
import {
  all,
  createItem,
  type EwsAnswer,
  type EwsFixture,
  getItem,
  idOf,
  itemId,
  makeEwsFixture,
  ROOM_12_ADDRESS,
  ROOM_13_ADDRESS,
  setField,
  textOf,
  view,
} from "./ews-fixture.ts";
import { judgeEveryBody } from "./ews-judge.ts";
import { ROOM_12, ROOM_13 } from "./graph-fixture.ts";

judgeEveryBody({ atLeast: 40 });

const NINE = "<t:Start>2026-01-05T09:00:00Z</t:Start><t:End>2026-01-05T10:00:00Z</t:End>";
const MONDAYS =
  "<t:Recurrence><t:WeeklyRecurrence><t:Interval>1</t:Interval><t:DaysOfWeek>Monday</t:DaysOfWeek></t:WeeklyRecurrence><t:NumberedRecurrence><t:StartDate>2026-01-05</t:StartDate><t:NumberOfOccurrences>3</t:NumberOfOccurrences></t:NumberedRecurrence></t:Recurrence>";
const attendees = (...addresses: string[]): string =>
  `<t:RequiredAttendees>${addresses.map((address) => `<t:Attendee><t:Mailbox><t:EmailAddress>${address}</t:EmailAddress></t:Mailbox></t:Attendee>`).join("")}</t:RequiredAttendees>`;
const MEETING = `<t:Subject>Staff</t:Subject>${NINE}${attendees(ROOM_13_ADDRESS)}`;
const toAll = 'SendMeetingInvitations="SendToAllAndSaveCopy"';
const INVITED =
  '<t:ExtendedFieldURI DistinguishedPropertySetId="Appointment" PropertyId="33321" PropertyType="Boolean"/>';

let ews: EwsFixture;
beforeEach(() => {
  ews = makeEwsFixture();
});

/** The other mailbox's items of two months, whole. */
async function seenBy(mailbox: string): Promise<EwsAnswer> {
  const found = await ews.send(view("2026-01-01T00:00:00Z", "2026-03-01T00:00:00Z"), { mailbox });
  const ids = all(found.body, "ItemId").map(({ attributes }) => itemId({ Id: attributes.get("Id") ?? "" }));
  return ids.length === 0 ? found : await ews.send(getItem(ids.join("")), { mailbox });
}

function updateWith(mode: string, id: string, updates: string): string {
  return `<m:UpdateItem ConflictResolution="AlwaysOverwrite" SendMeetingInvitationsOrCancellations="${mode}"><m:ItemChanges><t:ItemChange>${id}<t:Updates>${updates}</t:Updates></t:ItemChange></m:ItemChanges></m:UpdateItem>`;
}

function deleteWith(mode: string, id: string): string {
  return `<m:DeleteItem DeleteType="MoveToDeletedItems" SendMeetingCancellations="${mode}"><m:ItemIds>${id}</m:ItemIds></m:DeleteItem>`;
}

function answerWith(
  name: string,
  { Id }: { readonly Id: string },
  more = "",
  disposition = "SendAndSaveCopy",
): string {
  return `<m:CreateItem MessageDisposition="${disposition}"><m:Items><t:${name}><t:ReferenceItemId Id="${Id}"/>${more}</t:${name}></m:Items></m:CreateItem>`;
}

const responseAt = async (organizerId: string): Promise<string | undefined> => {
  const { body } = await ews.send(getItem(itemId({ Id: organizerId })));
  return textOf(all(body, "RequiredAttendees")[0] ?? body, "ResponseType");
};

describe("CreateItem", () => {
  it("puts the meeting into the calendars of those who are invited, where Graph finds it too", async () => {
    const made = await ews.send(createItem(MEETING, toAll));
    expect(made.codes).toEqual(["NoError"]);
    const { body } = await seenBy(ROOM_13_ADDRESS);
    expect(
      ["Subject", "IsMeeting", "IsOrganizer", "MyResponseType", "AppointmentState"].map((name) =>
        textOf(body, name),
      ),
    ).toEqual(["Staff", "true", "false", "NoResponseReceived", "3"]);
    expect(textOf(all(body, "Organizer")[0] ?? body, "EmailAddress")).toBe(ROOM_12_ADDRESS);
    expect(all(body, "ResponseObjects")[0]?.children.map(({ name }) => name)).toEqual([
      "AcceptItem",
      "TentativelyAcceptItem",
      "DeclineItem",
    ]);
    const { json } = await ews.graph.send("GET", `/users/${ROOM_13}/events`);
    expect(json.value).toMatchObject([{ subject: "Staff", isOrganizer: false }]);
  });

  it("tells nobody with SendToNone, and the item says so until an update sends it", async () => {
    const made = await ews.send(createItem(MEETING));
    const id = itemId({ Id: idOf(made).Id });
    expect(all((await seenBy(ROOM_13_ADDRESS)).body, "ItemId")).toEqual([]);
    const shape = `<t:BaseShape>AllProperties</t:BaseShape><t:AdditionalProperties>${INVITED}</t:AdditionalProperties>`;
    const unsent = await ews.send(getItem(id, shape));
    expect([textOf(unsent.body, "MeetingRequestWasSent"), textOf(unsent.body, "Value")]).toEqual([
      "false",
      "false",
    ]);
    const sent = await ews.send(
      updateWith("SendToAllAndSaveCopy", id, setField("calendar:Location", "<t:Location>Hall</t:Location>")),
    );
    expect(sent.codes).toEqual(["NoError"]);
    expect(textOf((await ews.send(getItem(id))).body, "MeetingRequestWasSent")).toBe("true");
    expect(textOf((await seenBy(ROOM_13_ADDRESS)).body, "Location")).toBe("Hall");
  });

  it("gives the version that a room's prompt answer made", async () => {
    Object.assign(ews.tenant.users.get(ROOM_13) as User, { place: { kind: "room" } });
    const made = await ews.send(createItem(MEETING, toAll));
    const now = await ews.send(getItem(itemId({ Id: idOf(made).Id })));
    expect(idOf(made).ChangeKey).toBe(idOf(now).ChangeKey);
    expect(await responseAt(idOf(made).Id)).toBe("Accept");
    expect(textOf(now.body, "LastResponseTime")).toBe("2026-01-05T08:00:00Z");
  });
});

describe("UpdateItem", () => {
  let id: string;
  beforeEach(async () => {
    id = itemId({ Id: idOf(await ews.send(createItem(MEETING, toAll))).Id });
  });
  const hall = setField("calendar:Location", "<t:Location>Hall</t:Location>");

  it.each([
    ["SendToNone", undefined],
    ["SendToChangedAndSaveCopy", undefined],
    ["SendOnlyToChanged", undefined],
    ["SendOnlyToAll", "Hall"],
    ["SendToAllAndSaveCopy", "Hall"],
  ])("with %s shows those who stay invited the new place: %s", async (mode, place) => {
    expect((await ews.send(updateWith(mode, id, hall))).codes).toEqual(["NoError"]);
    expect(textOf((await seenBy(ROOM_13_ADDRESS)).body, "Location")).toBe(place);
  });

  it("cancels at those who are no longer invited, with either of the kinds that send", async () => {
    const nobody =
      '<t:DeleteItemField><t:FieldURI FieldURI="calendar:RequiredAttendees"/></t:DeleteItemField>';
    expect((await ews.send(updateWith("SendOnlyToChanged", id, nobody))).codes).toEqual(["NoError"]);
    expect(textOf((await seenBy(ROOM_13_ADDRESS)).body, "IsCancelled")).toBe("true");
  });

  it("keeps what somebody answered when the list is sent again", async () => {
    const copy = idOf(await seenBy(ROOM_13_ADDRESS));
    await ews.send(answerWith("AcceptItem", copy), { mailbox: ROOM_13_ADDRESS });
    const again = setField("calendar:RequiredAttendees", attendees(ROOM_13_ADDRESS, "guest@other.example"));
    expect((await ews.send(updateWith("SendOnlyToChanged", id, again))).codes).toEqual(["NoError"]);
    const { body } = await ews.send(getItem(id));
    expect(all(body, "ResponseType").map(({ text }) => text)).toEqual(["Accept", "Unknown"]);
  });
});

describe("DeleteItem", () => {
  it.each([
    ["SendToNone", "false"],
    ["SendOnlyToAll", "true"],
    ["SendToAllAndSaveCopy", "true"],
  ])("with %s: the meeting is cancelled at those who were invited: %s", async (mode, isCancelled) => {
    const id = itemId({ Id: idOf(await ews.send(createItem(MEETING, toAll))).Id });
    expect((await ews.send(deleteWith(mode, id))).codes).toEqual(["NoError"]);
    const { body } = await seenBy(ROOM_13_ADDRESS);
    expect([textOf(body, "IsCancelled"), all(body, "ResponseObjects").length]).toEqual([
      isCancelled,
      isCancelled === "true" ? 0 : 1,
    ]);
  });

  it("of one occurrence cancels that one only", async () => {
    const master = idOf(
      await ews.send(
        createItem(`<t:Subject>Staff</t:Subject>${NINE}${attendees(ROOM_13_ADDRESS)}${MONDAYS}`, toAll),
      ),
    ).Id;
    const second = `<t:OccurrenceItemId RecurringMasterId="${master}" InstanceIndex="2"/>`;
    expect((await ews.send(deleteWith("SendOnlyToAll", second))).codes).toEqual(["NoError"]);
    const { body } = await seenBy(ROOM_13_ADDRESS);
    expect(all(body, "IsCancelled").map(({ text }) => text)).toEqual(["false", "true", "false"]);
  });
});

describe("response objects", () => {
  let organizerId: string;
  let copy: { readonly Id: string };
  beforeEach(async () => {
    organizerId = idOf(await ews.send(createItem(MEETING, toAll))).Id;
    copy = idOf(await seenBy(ROOM_13_ADDRESS));
  });
  const asRoom13 = (body: string): Promise<EwsAnswer> => ews.send(body, { mailbox: ROOM_13_ADDRESS });

  it.each([
    ["AcceptItem", "Accept", "Busy"],
    ["TentativelyAcceptItem", "Tentative", "Tentative"],
  ])("%s answers %s, and the organiser hears of it", async (name, said, showAs) => {
    const answer = await asRoom13(answerWith(name, copy));
    expect([answer.codes, idOf(answer).Id]).toEqual([["NoError"], copy.Id]);
    const { body } = await asRoom13(getItem(itemId({ Id: copy.Id })));
    expect(
      ["MyResponseType", "AppointmentReplyTime", "LegacyFreeBusyStatus"].map((member) =>
        textOf(body, member),
      ),
    ).toEqual([said, "2026-01-05T08:00:00Z", showAs]);
    expect(idOf(answer)).toEqual(idOf(await asRoom13(getItem(itemId({ Id: copy.Id })))));
    expect(await responseAt(organizerId)).toBe(said);
  });

  it("SaveOnly answers without telling the organiser", async () => {
    expect((await asRoom13(answerWith("AcceptItem", copy, "", "SaveOnly"))).codes).toEqual(["NoError"]);
    expect(textOf((await asRoom13(getItem(itemId({ Id: copy.Id })))).body, "MyResponseType")).toBe("Accept");
    expect(await responseAt(organizerId)).toBe("Unknown");
  });

  it("DeclineItem takes the meeting out of the calendar, and may propose another time", async () => {
    const proposal =
      "<t:ProposedStart>2026-01-06T09:00:00Z</t:ProposedStart><t:ProposedEnd>2026-01-06T10:00:00Z</t:ProposedEnd>";
    const answer = await asRoom13(answerWith("DeclineItem", copy, proposal));
    expect([answer.codes, all(answer.body, "ItemId")]).toEqual([["NoError"], []]);
    expect(all((await seenBy(ROOM_13_ADDRESS)).body, "ItemId")).toEqual([]);
    const { body } = await ews.send(getItem(itemId({ Id: organizerId })));
    expect(["ResponseType", "ProposedStart", "ProposedEnd"].map((member) => textOf(body, member))).toEqual([
      "Decline",
      "2026-01-06T09:00:00Z",
      "2026-01-06T10:00:00Z",
    ]);
    const old = await ews.send(getItem(itemId({ Id: organizerId })), { version: "Exchange2010_SP2" });
    expect([textOf(old.body, "ResponseType"), all(old.body, "ProposedStart")]).toEqual(["Decline", []]);
  });

  it("CancelCalendarItem cancels at everybody and takes the meeting out of the organiser's calendar", async () => {
    const cancelled = await ews.send(
      answerWith(
        "CancelCalendarItem",
        { Id: organizerId },
        '<t:NewBodyContent BodyType="Text">Off</t:NewBodyContent>',
      ),
    );
    expect(cancelled.codes).toEqual(["NoError"]);
    expect((await ews.send(getItem(itemId({ Id: organizerId })))).codes).toEqual(["ErrorItemNotFound"]);
    expect(textOf((await seenBy(ROOM_13_ADDRESS)).body, "IsCancelled")).toBe("true");
    expect((await asRoom13(answerWith("AcceptItem", copy))).codes).toEqual([
      "ErrorCalendarIsCancelledForAccept",
    ]);
    const { json } = await ews.graph.send("GET", `/users/${ROOM_12}/events`);
    expect(json.value).toEqual([]);
  });

  it("are refused to whom they do not belong, and when something is left out", async () => {
    const codes = async (answer: Promise<EwsAnswer>): Promise<readonly string[]> => (await answer).codes;
    const own = { Id: organizerId };
    expect(await codes(ews.send(answerWith("AcceptItem", own)))).toEqual([
      "ErrorCalendarIsOrganizerForAccept",
    ]);
    expect(await codes(ews.send(answerWith("TentativelyAcceptItem", own)))).toEqual([
      "ErrorCalendarIsOrganizerForTentative",
    ]);
    expect(await codes(ews.send(answerWith("DeclineItem", own)))).toEqual([
      "ErrorCalendarIsOrganizerForDecline",
    ]);
    expect(await codes(asRoom13(answerWith("CancelCalendarItem", copy)))).toEqual([
      "ErrorCalendarIsNotOrganizer",
    ]);
    const bare = answerWith("AcceptItem", copy).replace(' MessageDisposition="SendAndSaveCopy"', "");
    expect(await codes(asRoom13(bare))).toEqual(["ErrorMessageDispositionRequired"]);
    const aimless = answerWith("AcceptItem", copy).replace(/<t:ReferenceItemId[^>]*>/, "");
    expect(await codes(asRoom13(aimless))).toEqual(["ErrorInvalidReferenceItem"]);
    expect(await codes(asRoom13(answerWith("AcceptItem", { Id: organizerId })))).toEqual([
      "ErrorItemNotFound",
    ]);
  });

  it("stand beside new items in one request", async () => {
    const both = `<m:CreateItem MessageDisposition="SendOnly" SendMeetingInvitations="SendToNone"><m:Items><t:AcceptItem><t:ReferenceItemId Id="${copy.Id}"/></t:AcceptItem><t:CalendarItem>${NINE}</t:CalendarItem></m:Items></m:CreateItem>`;
    expect((await asRoom13(both)).codes).toEqual(["NoError", "NoError"]);
  });
});

import { describe, expect, it } from "vitest";
import {
  all,
  CALENDAR,
  createItem,
  type EwsFixture,
  getItem,
  idOf,
  itemId,
  makeEwsFixture,
  textOf,
} from "./ews-fixture.ts";
import { judgeEveryBody } from "./ews-judge.ts";
import { ROOM_12, ROOM_13 } from "./graph-fixture.ts";

judgeEveryBody({ atLeast: 20 });

const TRASH = '<t:DistinguishedFolderId Id="deleteditems"/>';
const TIMES = "<t:Start>2026-01-05T09:00:00Z</t:Start><t:End>2026-01-05T10:00:00Z</t:End>";
const SUBJECT =
  '<t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties><t:FieldURI FieldURI="item:Subject"/><t:FieldURI FieldURI="item:ParentFolderId"/><t:FieldURI FieldURI="calendar:UID"/></t:AdditionalProperties>';

function transfer(name: "MoveItem" | "CopyItem", folder: string, ids: string, more = ""): string {
  return `<m:${name}><m:ToFolderId>${folder}</m:ToFolderId><m:ItemIds>${ids}</m:ItemIds>${more}</m:${name}>`;
}

function findIn(folder: string): string {
  return `<m:FindItem Traversal="Shallow"><m:ItemShape>${SUBJECT}</m:ItemShape><m:ParentFolderIds>${folder}</m:ParentFolderIds></m:FindItem>`;
}

async function makeCalendar(ews: EwsFixture, name = "Exams"): Promise<string> {
  const made = await ews.send(
    `<m:CreateFolder><m:ParentFolderId><t:DistinguishedFolderId Id="msgfolderroot"/></m:ParentFolderId><m:Folders><t:CalendarFolder><t:DisplayName>${name}</t:DisplayName></t:CalendarFolder></m:Folders></m:CreateFolder>`,
  );
  return `<t:FolderId Id="${idOf(made, "FolderId").Id}"/>`;
}

async function makeItem(ews: EwsFixture, content = "", attributes?: string): Promise<string> {
  return idOf(await ews.send(createItem(`<t:Subject>Maths</t:Subject>${TIMES}${content}`, attributes))).Id;
}

async function subjectsIn(ews: EwsFixture, folder: string): Promise<string[]> {
  return all((await ews.send(findIn(folder))).body, "Subject").map(({ text }) => text);
}

describe("MoveItem", () => {
  it("gives an item of another calendar a new id; UID and content stay, and the old id names nothing", async () => {
    const ews = makeEwsFixture();
    const exams = await makeCalendar(ews);
    const id = await makeItem(ews);
    const before = await ews.send(getItem(itemId({ Id: id }), SUBJECT));
    const moved = await ews.send(transfer("MoveItem", exams, itemId({ Id: id })));
    expect(moved.codes).toEqual(["NoError"]);
    expect(idOf(moved).Id).not.toBe(id);
    const after = await ews.send(getItem(itemId(idOf(moved)), SUBJECT));
    expect(textOf(after.body, "UID")).toBe(textOf(before.body, "UID"));
    expect(all(after.body, "ParentFolderId")[0]?.attributes.get("Id")).toBe(/Id="([^"]+)"/.exec(exams)?.[1]);
    expect((await ews.send(getItem(itemId({ Id: id })))).codes).toEqual(["ErrorItemNotFound"]);
    expect([await subjectsIn(ews, CALENDAR), await subjectsIn(ews, exams)]).toEqual([[], ["Maths"]]);
  });

  it("is a deletion and a creation to those who synchronise", async () => {
    const ews = makeEwsFixture();
    const exams = await makeCalendar(ews);
    const id = await makeItem(ews);
    const sync = (folder: string, state: string): string =>
      `<m:SyncFolderItems><m:ItemShape>${SUBJECT}</m:ItemShape><m:SyncFolderId>${folder}</m:SyncFolderId><m:SyncState>${state}</m:SyncState><m:MaxChangesReturned>5</m:MaxChangesReturned></m:SyncFolderItems>`;
    const [here, there] = [await ews.send(sync(CALENDAR, "")), await ews.send(sync(exams, ""))];
    await ews.send(transfer("MoveItem", exams, itemId({ Id: id })));
    const gone = await ews.send(sync(CALENDAR, textOf(here.body, "SyncState") ?? ""));
    const come = await ews.send(sync(exams, textOf(there.body, "SyncState") ?? ""));
    expect(all(gone.body, "Delete").map((change) => idOf({ ...gone, body: change }).Id)).toEqual([id]);
    expect([all(come.body, "Create").length, all(come.body, "Update").length]).toEqual([1, 0]);
  });

  it("throws into Deleted Items, where no window shows it, and takes back", async () => {
    const ews = makeEwsFixture();
    const id = await makeItem(ews);
    const thrown = await ews.send(transfer("MoveItem", TRASH, itemId({ Id: id })));
    expect([await subjectsIn(ews, CALENDAR), await subjectsIn(ews, TRASH)]).toEqual([[], ["Maths"]]);
    expect((await ews.graph.send("GET", `/users/${ROOM_12}/events`)).json.value).toEqual([]);
    await ews.send(transfer("MoveItem", CALENDAR, itemId(idOf(thrown))));
    expect([await subjectsIn(ews, CALENDAR), await subjectsIn(ews, TRASH)]).toEqual([["Maths"], []]);
    expect((await ews.graph.send("GET", `/users/${ROOM_12}/events`)).json.value).toHaveLength(1);
  });

  it("keeps a meeting together: who was invited answers the item where it is now", async () => {
    const ews = makeEwsFixture();
    const exams = await makeCalendar(ews);
    const id = await makeItem(
      ews,
      "<t:RequiredAttendees><t:Attendee><t:Mailbox><t:EmailAddress>room-13@school.example</t:EmailAddress></t:Mailbox></t:Attendee></t:RequiredAttendees>",
      'SendMeetingInvitations="SendToAllAndSaveCopy"',
    );
    const moved = await ews.send(transfer("MoveItem", exams, itemId({ Id: id })));
    const [copy] = (await ews.graph.send("GET", `/users/${ROOM_13}/events`)).json.value;
    await ews.graph.send("POST", `/users/${ROOM_13}/events/${copy.id}/accept`, { body: {} });
    const whole = await ews.send(getItem(itemId({ Id: idOf(moved).Id })));
    expect(all(whole.body, "RequiredAttendees").map((list) => textOf(list, "ResponseType"))).toEqual([
      "Accept",
    ]);
  });

  it("refuses occurrences, folders that hold no calendar items and folders that are not there, each by itself", async () => {
    const ews = makeEwsFixture();
    const series = await makeItem(
      ews,
      "<t:Recurrence><t:DailyRecurrence><t:Interval>1</t:Interval></t:DailyRecurrence><t:NumberedRecurrence><t:StartDate>2026-01-05</t:StartDate><t:NumberOfOccurrences>3</t:NumberOfOccurrences></t:NumberedRecurrence></t:Recurrence>",
    );
    const exams = await makeCalendar(ews);
    const both = `<t:OccurrenceItemId RecurringMasterId="${series}" InstanceIndex="1"/>${itemId({ Id: series })}`;
    expect((await ews.send(transfer("MoveItem", exams, both))).codes).toEqual([
      "ErrorCalendarCannotMoveOrCopyOccurrence",
      "NoError",
    ]);
    const inbox = '<t:DistinguishedFolderId Id="inbox"/>';
    expect((await ews.send(transfer("MoveItem", inbox, itemId({ Id: series })))).codes).toEqual([
      "ErrorInvalidFolderTypeForOperation",
    ]);
    const nowhere = '<t:DistinguishedFolderId Id="voicemail"/>';
    expect((await ews.send(transfer("MoveItem", nowhere, itemId({ Id: series })))).codes).toEqual([
      "ErrorToFolderNotFound",
    ]);
  });
});

describe("CopyItem", () => {
  it("leaves the item where it is and says the id of the copy, unless nobody wants it", async () => {
    const ews = makeEwsFixture();
    const exams = await makeCalendar(ews);
    const id = await makeItem(ews);
    const copied = await ews.send(transfer("CopyItem", exams, itemId({ Id: id })));
    expect(copied.codes).toEqual(["NoError"]);
    expect(idOf(copied).Id).not.toBe(id);
    const silent = await ews.send(
      transfer("CopyItem", exams, itemId({ Id: id }), "<m:ReturnNewItemIds>false</m:ReturnNewItemIds>"),
    );
    expect([silent.codes, idOf(silent).Id]).toEqual([["NoError"], ""]);
    expect([await subjectsIn(ews, CALENDAR), await subjectsIn(ews, exams)]).toEqual([
      ["Maths"],
      ["Maths", "Maths"],
    ]);
  });

  it("knows ReturnNewItemIds since Exchange 2010 SP1", async () => {
    const ews = makeEwsFixture();
    const body = transfer(
      "CopyItem",
      TRASH,
      itemId({ Id: await makeItem(ews) }),
      "<m:ReturnNewItemIds>true</m:ReturnNewItemIds>",
    );
    expect((await ews.send(body, { version: "Exchange2010" })).codes).toEqual([
      "ErrorIncorrectSchemaVersion",
    ]);
    expect((await ews.send(body, { version: "Exchange2010_SP1" })).codes).toEqual(["NoError"]);
  });
});

describe("EmptyFolder", () => {
  const empty = (folder: string, deep = false): string =>
    `<m:EmptyFolder DeleteType="HardDelete" DeleteSubFolders="${deep}"><m:FolderIds>${folder}</m:FolderIds></m:EmptyFolder>`;

  it("empties Deleted Items and nothing else", async () => {
    const ews = makeEwsFixture();
    await ews.send(transfer("MoveItem", TRASH, itemId({ Id: await makeItem(ews) })));
    await makeItem(ews);
    expect((await ews.send(empty(TRASH))).codes).toEqual(["NoError"]);
    expect([await subjectsIn(ews, CALENDAR), await subjectsIn(ews, TRASH)]).toEqual([["Maths"], []]);
  });

  it("refuses calendars, and to delete all that lies below the root", async () => {
    const ews = makeEwsFixture();
    await makeItem(ews);
    expect((await ews.send(empty(CALENDAR))).codes).toEqual(["ErrorCannotEmptyFolder"]);
    const root = '<t:DistinguishedFolderId Id="msgfolderroot"/>';
    expect((await ews.send(empty(root, true))).codes).toEqual(["ErrorCannotEmptyFolder"]);
    expect(await subjectsIn(ews, CALENDAR)).toEqual(["Maths"]);
  });
});

describe("MoveFolder", () => {
  const move = (folder: string, target: string): string =>
    `<m:MoveFolder><m:ToFolderId>${target}</m:ToFolderId><m:FolderIds>${folder}</m:FolderIds></m:MoveFolder>`;
  const idIn = (reference: string): string => /Id="([^"]+)"/.exec(reference)?.[1] ?? "";

  it("puts a calendar below another folder; its id stays, and its key does not", async () => {
    const ews = makeEwsFixture();
    const [exams, tests] = [await makeCalendar(ews), await makeCalendar(ews, "Tests")];
    const moved = await ews.send(move(tests, exams));
    expect([moved.codes, idOf(moved, "FolderId").Id]).toEqual([["NoError"], idIn(tests)]);
    const got = await ews.send(
      `<m:GetFolder><m:FolderShape><t:BaseShape>AllProperties</t:BaseShape></m:FolderShape><m:FolderIds>${tests}</m:FolderIds></m:GetFolder>`,
    );
    expect(all(got.body, "ParentFolderId")[0]?.attributes.get("Id")).toBe(idIn(exams));
    expect(idOf(got, "FolderId")).toEqual(idOf(moved, "FolderId"));
  });

  it("refuses the default calendar, a place below the folder itself, and Deleted Items", async () => {
    const ews = makeEwsFixture();
    const [exams, tests] = [await makeCalendar(ews), await makeCalendar(ews, "Tests")];
    await ews.send(move(tests, exams));
    const codes = async (body: string): Promise<readonly string[]> => (await ews.send(body)).codes;
    expect(await codes(move(CALENDAR, exams))).toEqual(["ErrorMoveDistinguishedFolder"]);
    expect(await codes(move(exams, tests))).toEqual(["ErrorMoveCopyFailed"]);
    expect(await codes(move(exams, exams))).toEqual(["ErrorMoveCopyFailed"]);
    expect(await codes(move(exams, TRASH))).toEqual(["ErrorInvalidFolderTypeForOperation"]);
    const nowhere = '<t:DistinguishedFolderId Id="voicemail"/>';
    expect(await codes(move(exams, nowhere))).toEqual(["ErrorToFolderNotFound"]);
  });
});

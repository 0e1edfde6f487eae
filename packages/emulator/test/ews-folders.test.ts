import { beforeEach, describe, expect, it } from "vitest";
import {
  all,
  CALENDAR,
  createItem,
  type EwsFixture,
  getItem,
  idOf,
  itemId,
  makeEwsFixture,
  setField,
  textOf,
  update,
  view,
} from "./ews-fixture.ts";
import { judgeEveryBody } from "./ews-judge.ts";

judgeEveryBody({ atLeast: 100 });

let ews: EwsFixture;
beforeEach(() => {
  ews = makeEwsFixture();
});

const folderShape = (base: string): string =>
  `<m:FolderShape><t:BaseShape>${base}</t:BaseShape></m:FolderShape>`;
const getFolder = (ids: string, base = "Default"): string =>
  `<m:GetFolder>${folderShape(base)}<m:FolderIds>${ids}</m:FolderIds></m:GetFolder>`;
const distinguished = (id: string): string => `<t:DistinguishedFolderId Id="${id}"/>`;
const findFolder = (parent: string, traversal = "Shallow", rest = ""): string =>
  `<m:FindFolder Traversal="${traversal}">${folderShape("Default")}${rest}<m:ParentFolderIds>${parent}</m:ParentFolderIds></m:FindFolder>`;
const makeFolder = (name: string, parent = CALENDAR): string =>
  `<m:CreateFolder><m:ParentFolderId>${parent}</m:ParentFolderId><m:Folders><t:CalendarFolder><t:DisplayName>${name}</t:DisplayName></t:CalendarFolder></m:Folders></m:CreateFolder>`;
const dropFolder = (id: string): string =>
  `<m:DeleteFolder DeleteType="HardDelete"><m:FolderIds>${id}</m:FolderIds></m:DeleteFolder>`;
const syncItems = (state: string, most = 512, folder = CALENDAR): string =>
  `<m:SyncFolderItems><m:ItemShape><t:BaseShape>AllProperties</t:BaseShape></m:ItemShape><m:SyncFolderId>${folder}</m:SyncFolderId>${state === "" ? "" : `<m:SyncState>${state}</m:SyncState>`}<m:MaxChangesReturned>${most}</m:MaxChangesReturned></m:SyncFolderItems>`;
const syncFolders = (state = ""): string =>
  `<m:SyncFolderHierarchy>${folderShape("IdOnly")}${state === "" ? "" : `<m:SyncState>${state}</m:SyncState>`}</m:SyncFolderHierarchy>`;
const hour = (index: number): string =>
  `<t:Start>2026-01-05T${String(index).padStart(2, "0")}:00:00Z</t:Start><t:End>2026-01-05T${String(index).padStart(2, "0")}:30:00Z</t:End>`;
const drop = (id: string): string =>
  `<m:DeleteItem DeleteType="HardDelete" SendMeetingCancellations="SendToNone"><m:ItemIds>${id}</m:ItemIds></m:DeleteItem>`;

describe("folders", () => {
  it("GetFolder gives the calendar as CalendarFolder and others as Folder, each with its own answer", async () => {
    const { body, codes } = await ews.send(
      getFolder(`${CALENDAR}${distinguished("inbox")}${distinguished("favorites")}<t:FolderId Id="AAAA"/>`),
    );
    expect(codes).toEqual(["NoError", "NoError", "ErrorFolderNotFound", "ErrorInvalidIdMalformed"]);
    expect(textOf(all(body, "CalendarFolder")[0] ?? body, "DisplayName")).toBe("Calendar");
    expect(textOf(all(body, "Folder")[0] ?? body, "DisplayName")).toBe("Inbox");
    expect(all(all(body, "CalendarFolder")[0] ?? body, "TotalCount")).toEqual([]);
  });

  it("GetFolder finds a folder by the id that it gave, in its own mailbox only", async () => {
    const { Id } = idOf(await ews.send(getFolder(CALENDAR)), "FolderId");
    const byId = getFolder(`<t:FolderId Id="${Id}"/>`, "AllProperties");
    const found = await ews.send(byId);
    expect(textOf(found.body, "DistinguishedFolderId")).toBe("calendar");
    expect(textOf(found.body, "FolderClass")).toBe("IPF.Appointment");
    expect((await ews.send(byId, { mailbox: "room-13@school.example" })).codes).toEqual([
      "ErrorFolderNotFound",
    ]);
  });

  it("GetFolder takes the mailbox of the caller by name, and refuses those of others", async () => {
    const of = (address: string): string =>
      getFolder(
        `<t:DistinguishedFolderId Id="calendar"><t:Mailbox><t:EmailAddress>${address}</t:EmailAddress></t:Mailbox></t:DistinguishedFolderId>`,
      );
    expect((await ews.send(of("room-12@school.example"))).codes).toEqual(["NoError"]);
    expect((await ews.send(of("room-13@school.example"))).codes).toEqual(["ErrorAccessDenied"]);
    expect((await ews.send(of("nobody@school.example"))).codes).toEqual(["ErrorNonExistentMailbox"]);
  });

  it("calendars are made, found below others, used and deleted with what is in them", async () => {
    const made = await ews.send(makeFolder("Exams"));
    const folder = `<t:FolderId Id="${idOf(made, "FolderId").Id}"/>`;
    expect((await ews.send(makeFolder("exams"))).codes).toEqual(["ErrorFolderExists"]);
    const names = async (request: string): Promise<string[]> =>
      all((await ews.send(request)).body, "DisplayName").map(({ text }) => text);
    expect(await names(findFolder(CALENDAR))).toEqual(["Exams"]);
    expect(await names(findFolder(distinguished("root")))).toEqual([
      "Recoverable Items",
      "Top of Information Store",
    ]);
    expect(await names(findFolder(distinguished("msgfolderroot")))).not.toContain("Exams");
    expect(await names(findFolder(distinguished("msgfolderroot"), "Deep"))).toContain("Exams");
    const byName = `<m:Restriction><t:IsEqualTo><t:FieldURI FieldURI="folder:DisplayName"/><t:FieldURIOrConstant><t:Constant Value="Exams"/></t:FieldURIOrConstant></t:IsEqualTo></m:Restriction>`;
    expect(await names(findFolder(distinguished("msgfolderroot"), "Deep", byName))).toEqual(["Exams"]);
    const item = createItem(hour(9)).replace(
      "<m:Items>",
      `<m:SavedItemFolderId>${folder}</m:SavedItemFolderId><m:Items>`,
    );
    const id = idOf(await ews.send(item));
    const inFolder = view("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z").replace(CALENDAR, folder);
    expect(all((await ews.send(inFolder)).body, "CalendarItem")).toHaveLength(1);
    expect((await ews.send(dropFolder(folder))).codes).toEqual(["NoError"]);
    expect((await ews.send(getItem(itemId(id)))).codes).toEqual(["ErrorItemNotFound"]);
    expect((await ews.send(dropFolder(folder))).codes).toEqual(["ErrorFolderNotFound"]);
  });

  it("distinguished folders cannot be deleted, and others than calendars cannot be made", async () => {
    expect((await ews.send(dropFolder(CALENDAR))).codes).toEqual(["ErrorDeleteDistinguishedFolder"]);
    const mail = makeFolder("Mail").replaceAll("t:CalendarFolder", "t:Folder");
    expect((await ews.send(mail)).codes).toEqual(["ErrorInvalidFolderTypeForOperation"]);
    expect(ews.notes.join()).toContain("miss: EWS folder of class");
  });
});

describe("UpdateFolder", () => {
  const change = (id: string, update: string): string =>
    `<m:UpdateFolder><m:FolderChanges><t:FolderChange>${id}<t:Updates>${update}</t:Updates></t:FolderChange></m:FolderChanges></m:UpdateFolder>`;
  const setName = (name: string, field = "DisplayName"): string =>
    `<t:SetFolderField><t:FieldURI FieldURI="folder:${field}"/><t:CalendarFolder><t:${field}>${name}</t:${field}></t:CalendarFolder></t:SetFolderField>`;
  const folderId = ({ Id }: { readonly Id: string }): string => `<t:FolderId Id="${Id}"/>`;

  it("UpdateFolder gives a calendar another name and a new change key, which synchronisation tells", async () => {
    const made = idOf(await ews.send(makeFolder("Exams")), "FolderId");
    const state = textOf((await ews.send(syncFolders())).body, "SyncState") ?? "";
    const classAndName = setName("IPF.Appointment", "FolderClass") + setName("Tests");
    const answer = await ews.send(change(folderId(made), classAndName));
    expect(answer.codes).toEqual(["NoError"]);
    const renamed = idOf(answer, "FolderId");
    expect(renamed.Id).toBe(made.Id);
    expect(renamed.ChangeKey).not.toBe(made.ChangeKey);
    expect(textOf((await ews.send(getFolder(folderId(made)))).body, "DisplayName")).toBe("Tests");
    expect(all((await ews.send(syncFolders(state))).body, "Update")).toHaveLength(1);
  });

  it("UpdateFolder refuses taken names, the default calendar, other folders and other properties", async () => {
    const made = folderId(idOf(await ews.send(makeFolder("Exams")), "FolderId"));
    await ews.send(makeFolder("Trips"));
    const cases: [string, string, string][] = [
      [made, setName("trips"), "ErrorFolderExists"],
      [made, setName(" "), "ErrorInvalidValueForProperty"],
      [made, setName("IPF.Task", "FolderClass"), "ErrorInvalidPropertySet"],
      [made, setName("x").replace("folder:DisplayName", "folder:FolderClass"), "ErrorUpdatePropertyMismatch"],
      [CALENDAR, setName("Mine"), "ErrorAccessDenied"],
      [distinguished("inbox"), setName("Mine"), "ErrorAccessDenied"],
      [
        made,
        '<t:DeleteFolderField><t:FieldURI FieldURI="folder:DisplayName"/></t:DeleteFolderField>',
        "ErrorInvalidPropertyDelete",
      ],
    ];
    for (const [id, update, code] of cases)
      expect((await ews.send(change(id, update))).codes).toEqual([code]);
    expect(textOf((await ews.send(getFolder(made))).body, "DisplayName")).toBe("Exams");
  });
});

describe("SyncFolderItems", () => {
  const sync = async (state: string, most = 512) => {
    const answer = await ews.send(syncItems(state, most));
    const changes = all(answer.body, "Changes")[0]?.children ?? [];
    return {
      codes: answer.codes,
      state: textOf(answer.body, "SyncState") ?? "",
      isLast: textOf(answer.body, "IncludesLastItemInRange"),
      changes: changes.map((change) => `${change.name} ${textOf(change, "Subject") ?? ""}`.trim()),
      body: answer.body,
    };
  };
  const add = async (subject: string, index: number) =>
    idOf(await ews.send(createItem(`<t:Subject>${subject}</t:Subject>${hour(index)}`)));

  it("gives everything in pages, then only what came, changed and went", async () => {
    for (let index = 0; index < 5; index++) await add(`s${index}`, index);
    const first = await sync("", 2);
    expect([first.changes, first.isLast]).toEqual([["Create s0", "Create s1"], "false"]);
    const second = await sync(first.state, 2);
    const third = await sync(second.state, 2);
    expect([third.changes, third.isLast]).toEqual([["Create s4"], "true"]);
    expect((await sync(third.state)).changes).toEqual([]);
    const fresh = await add("s5", 6);
    const old = idOf(await ews.send(view("2026-01-05T00:00:00Z", "2026-01-05T00:30:00Z")));
    await ews.send(update(itemId(old), setField("item:Subject", "<t:Subject>new s0</t:Subject>")));
    const gone = idOf(await ews.send(view("2026-01-05T01:00:00Z", "2026-01-05T01:30:00Z")));
    await ews.send(drop(itemId(gone)));
    const fourth = await sync(third.state);
    expect(fourth.changes).toEqual(["Create s5", "Update new s0", "Delete"]);
    // Rights bear the name of the change as well: the change comes last.
    const [deleted] = all(fourth.body, "Delete").slice(-1);
    expect(deleted?.children[0]?.attributes.get("Id")).toBe(gone.Id);
    await ews.send(drop(itemId(fresh)));
    expect((await sync(fourth.state)).changes).toEqual(["Delete"]);
  });

  it("says nothing of what came and went in between, but of what went between two pages", async () => {
    const shown = await add("shown", 1);
    await add("later", 2);
    const first = await sync("", 1);
    await ews.send(drop(itemId(shown)));
    const never = await add("never", 3);
    await ews.send(drop(itemId(never)));
    const second = await sync(first.state);
    expect(second.changes).toEqual(["Create later", "Delete"]);
  });

  it("says nothing of what went before the first page, however many pages follow", async () => {
    const gone = idOf(await ews.send(createItem(hour(1))));
    for (const index of [2, 3, 4]) await ews.send(createItem(hour(index)));
    await ews.send(drop(itemId(gone)));
    let state = "";
    let deletions = 0;
    for (let page = 0; page < 4; page++) {
      const { body } = await ews.send(syncItems(state, 1));
      state = textOf(body, "SyncState") ?? "";
      deletions += all(body, "Changes")[0]?.children.filter(({ name }) => name === "Delete").length ?? 0;
    }
    expect(deletions).toBe(0);
  });

  it("shows masters and singles, without bodies", async () => {
    await ews.send(
      createItem(
        `<t:Body BodyType="Text">x</t:Body>${hour(9)}<t:Recurrence><t:DailyRecurrence><t:Interval>1</t:Interval></t:DailyRecurrence><t:NoEndRecurrence><t:StartDate>2026-01-05</t:StartDate></t:NoEndRecurrence></t:Recurrence>`,
      ),
    );
    const { body } = await sync("");
    expect(all(body, "CalendarItemType").map(({ text }) => text)).toEqual(["RecurringMaster"]);
    expect(all(body, "Body")).toEqual([]);
  });

  it("refuses states that were made elsewhere, for another mailbox, or tampered with", async () => {
    await add("a", 1);
    const { state } = await sync("");
    expect((await sync("AAAA")).codes).toEqual(["ErrorInvalidSyncStateData"]);
    expect((await sync(`${state.slice(0, -8)}AAAAAAA=`)).codes).toEqual(["ErrorInvalidSyncStateData"]);
    const other = await ews.send(syncItems(state), { mailbox: "room-13@school.example" });
    expect(other.codes).toEqual(["ErrorInvalidSyncStateData"]);
    const exams = idOf(await ews.send(makeFolder("Exams")), "FolderId");
    const folder = `<t:FolderId Id="${exams.Id}"/>`;
    expect((await ews.send(syncItems(state, 512, folder))).codes).toEqual(["ErrorInvalidSyncStateData"]);
  });

  it("refuses more than 512 changes at a time", async () => {
    expect((await ews.send(syncItems("", 513), { malformed: true })).codes).toEqual([
      "ErrorSchemaValidation",
    ]);
  });
});

describe("SyncFolderHierarchy", () => {
  it("tells which folders came and went", async () => {
    const first = await ews.send(syncFolders());
    expect(all(first.body, "Create").length).toBeGreaterThan(5);
    const state = textOf(first.body, "SyncState") ?? "";
    const made = idOf(await ews.send(makeFolder("Exams")), "FolderId");
    const second = await ews.send(syncFolders(state));
    expect(all(second.body, "Create")).toHaveLength(1);
    await ews.send(dropFolder(`<t:FolderId Id="${made.Id}"/>`));
    const third = await ews.send(syncFolders(textOf(second.body, "SyncState") ?? ""));
    expect(all(third.body, "Delete")).toHaveLength(1);
    expect((await ews.send(syncFolders("AAAA"))).codes).toEqual(["ErrorInvalidSyncStateData"]);
  });
});

describe("ConvertId", () => {
  const convert = (id: string, from: string, to: string, mailbox = "room-12@school.example"): string =>
    `<m:ConvertId DestinationFormat="${to}"><m:SourceIds><t:AlternateId Format="${from}" Id="${id}" Mailbox="${mailbox}"/></m:SourceIds></m:ConvertId>`;

  it("spells an id in every format and back again", async () => {
    const item = idOf(await ews.send(createItem(hour(9)))).Id;
    const folder = idOf(await ews.send(getFolder(CALENDAR)), "FolderId").Id;
    for (const id of [item, folder])
      for (const format of ["EwsLegacyId", "EntryId", "HexEntryId", "OwaId"]) {
        const there = all((await ews.send(convert(id, "EwsId", format))).body, "AlternateId")[0];
        const spelled = there?.attributes.get("Id") ?? "";
        expect(there?.attributes.get("Format")).toBe(format);
        const back = all((await ews.send(convert(spelled, format, "EwsId"))).body, "AlternateId")[0];
        expect(back?.attributes.get("Id")).toBe(id);
      }
  });

  it("refuses what is no id, and mailboxes that are not there", async () => {
    expect((await ews.send(convert("AAAA", "EwsId", "HexEntryId"))).codes).toEqual([
      "ErrorInvalidIdMalformed",
    ]);
    expect((await ews.send(convert("AAAA", "EwsId", "EntryId", "nobody@school.example"))).codes).toEqual([
      "ErrorNonExistentMailbox",
    ]);
    expect((await ews.send(convert("AAAA", "EwsId", "StoreId"))).codes).toEqual([
      "ErrorUnsupportedTypeForConversion",
    ]);
  });
});

describe("ResolveNames", () => {
  const resolve = (entry: string): string =>
    `<m:ResolveNames ReturnFullContactData="true"><m:UnresolvedEntry>${entry}</m:UnresolvedEntry></m:ResolveNames>`;

  it("one is a success, several are a warning, none is an error", async () => {
    const classOf = async (entry: string) => {
      const { body, codes } = await ews.send(resolve(entry));
      const [message] = all(body, "ResolveNamesResponseMessage");
      return [message?.attributes.get("ResponseClass"), codes[0], all(body, "Resolution").length];
    };
    expect(await classOf("Room 12")).toEqual(["Success", "NoError", 1]);
    expect(await classOf("smtp:room-13@school.example")).toEqual(["Success", "NoError", 1]);
    expect(await classOf("room")).toEqual(["Warning", "ErrorNameResolutionMultipleResults", 2]);
    expect(await classOf("zebra")).toEqual(["Error", "ErrorNameResolutionNoResults", 0]);
    expect(await classOf("year7")).toEqual(["Success", "NoError", 1]);
  });

  it("gives name, address and kind of mailbox", async () => {
    const { body } = await ews.send(resolve("Year"));
    expect(all(body, "Mailbox")[0]?.children.map(({ text }) => text)).toEqual([
      "Year 7",
      "year7@school.example",
      "SMTP",
      "GroupMailbox",
    ]);
  });
});

describe("GetServerTimeZones", () => {
  const zones = (ids: readonly string[], isFull: boolean): string =>
    `<m:GetServerTimeZones ReturnFullTimeZoneData="${isFull}">${ids.length === 0 ? "" : `<m:Ids>${ids.map((id) => `<t:Id>${id}</t:Id>`).join("")}</m:Ids>`}</m:GetServerTimeZones>`;

  it("lists every zone by name", async () => {
    const { body } = await ews.send(zones([], false));
    const ids = all(body, "TimeZoneDefinition").map(({ attributes }) => attributes.get("Id"));
    expect(ids.length).toBeGreaterThan(130);
    expect(ids).toContain("W. Europe Standard Time");
  });

  it("gives the rules of a zone: last Sundays for London, none for Tokyo", async () => {
    const { body } = await ews.send(zones(["GMT Standard Time", "Tokyo Standard Time", "Nowhere"], true));
    const [london, tokyo, ...others] = all(body, "TimeZoneDefinition");
    expect(others).toEqual([]);
    const rules = all(london ?? body, "RecurringDayTransition").map((rule) =>
      ["Month", "DayOfWeek", "Occurrence", "TimeOffset"].map((name) => textOf(rule, name)).join(" "),
    );
    expect(rules).toEqual(["3 Sunday -1 PT1H", "10 Sunday -1 PT2H"]);
    expect(all(london ?? body, "Period").map(({ attributes }) => attributes.get("Bias"))).toEqual([
      "PT0S",
      "-PT1H",
    ]);
    expect(all(tokyo ?? body, "Period").map(({ attributes }) => attributes.get("Bias"))).toEqual(["-PT9H"]);
  });
});

describe("GetUserAvailability", () => {
  const rule = (bias: number, month: number, time: string): string =>
    `<t:Bias>${bias}</t:Bias><t:Time>${time}</t:Time><t:DayOrder>5</t:DayOrder><t:Month>${month}</t:Month><t:DayOfWeek>Sunday</t:DayOfWeek>`;
  const LONDON = `<t:TimeZone><t:Bias>0</t:Bias><t:StandardTime>${rule(0, 10, "02:00:00")}</t:StandardTime><t:DaylightTime>${rule(-60, 3, "01:00:00")}</t:DaylightTime></t:TimeZone>`;
  const ask = (
    addresses: readonly string[],
    from: string,
    until: string,
    { viewName = "DetailedMerged", minutes = 60, zone = LONDON } = {},
  ): string => {
    const mailboxes = addresses.map(
      (address) =>
        `<t:MailboxData><t:Email><t:Address>${address}</t:Address></t:Email><t:AttendeeType>Required</t:AttendeeType></t:MailboxData>`,
    );
    return `<m:GetUserAvailabilityRequest>${zone}<m:MailboxDataArray>${mailboxes.join("")}</m:MailboxDataArray><t:FreeBusyViewOptions><t:TimeWindow><t:StartTime>${from}</t:StartTime><t:EndTime>${until}</t:EndTime></t:TimeWindow><t:MergedFreeBusyIntervalInMinutes>${minutes}</t:MergedFreeBusyIntervalInMinutes><t:RequestedView>${viewName}</t:RequestedView></t:FreeBusyViewOptions></m:GetUserAvailabilityRequest>`;
  };
  const ROOM_12 = "room-12@school.example";

  it("gives busy times on the clock of the request, across the change to summer time", async () => {
    const daily = `<t:Recurrence><t:DailyRecurrence><t:Interval>1</t:Interval></t:DailyRecurrence><t:NumberedRecurrence><t:StartDate>2026-03-28</t:StartDate><t:NumberOfOccurrences>3</t:NumberOfOccurrences></t:NumberedRecurrence></t:Recurrence>`;
    await ews.send(
      createItem(
        `<t:Subject>Lesson</t:Subject><t:Start>2026-03-28T09:00:00</t:Start><t:End>2026-03-28T10:00:00</t:End><t:LegacyFreeBusyStatus>Tentative</t:LegacyFreeBusyStatus>${daily}<t:StartTimeZone Id="GMT Standard Time"/>`,
      ),
    );
    const { body, codes } = await ews.send(ask([ROOM_12], "2026-03-28T00:00:00", "2026-03-31T00:00:00"));
    expect(codes).toEqual(["NoError"]);
    expect(all(body, "StartTime").map(({ text }) => text)).toEqual([
      "2026-03-28T09:00:00",
      "2026-03-29T09:00:00",
      "2026-03-30T09:00:00",
    ]);
    // The night of the change has one hour less.
    const merged = textOf(body, "MergedFreeBusy") ?? "";
    expect([merged.length, merged.indexOf("1"), merged.indexOf("1", 10), merged.indexOf("1", 33)]).toEqual([
      71, 9, 32, 56,
    ]);
    expect(all(body, "Subject").map(({ text }) => text)).toEqual(["Lesson", "Lesson", "Lesson"]);
  });

  it("shows others when, not what, and nobody private things", async () => {
    await ews.send(
      createItem(`<t:Subject>secret</t:Subject><t:Sensitivity>Private</t:Sensitivity>${hour(9)}`),
    );
    const own = await ews.send(ask([ROOM_12], "2026-01-05T00:00:00", "2026-01-06T00:00:00"));
    expect(textOf(own.body, "IsPrivate")).toBe("true");
    expect(own.text).not.toContain("secret");
    const others = await ews.send(ask([ROOM_12], "2026-01-05T00:00:00", "2026-01-06T00:00:00"), {
      mailbox: "room-13@school.example",
    });
    expect(textOf(others.body, "FreeBusyViewType")).toBe("FreeBusyMerged");
    expect(all(others.body, "CalendarEventDetails")).toEqual([]);
  });

  it("answers for each mailbox on its own", async () => {
    const { codes, text } = await ews.send(
      ask([ROOM_12, "nobody@school.example"], "2026-01-05T00:00:00", "2026-01-06T00:00:00"),
    );
    expect(codes).toEqual(["NoError", "ErrorMailRecipientNotFound"]);
    expect(text).toContain("<t:FreeBusyViewType>None</t:FreeBusyViewType>");
  });

  it("takes the zone of the header where the request has none", async () => {
    await ews.send(createItem(hour(9)));
    const request = ask([ROOM_12], "2026-01-05T00:00:00", "2026-01-06T00:00:00", { zone: "" });
    const { body } = await ews.send(request, { zone: "Tokyo Standard Time" });
    expect(textOf(body, "CalendarEvent") === undefined ? "" : all(body, "StartTime")[0]?.text).toBe(
      "2026-01-05T18:00:00",
    );
    expect((await ews.send(request)).codes).toEqual(["ErrorCalendarInvalidTimeZone"]);
  });

  it("refuses windows, intervals and lists that are too large", async () => {
    const code = async (request: string): Promise<string | undefined> => (await ews.send(request)).codes[0];
    const [from, until] = ["2026-01-05T00:00:00", "2026-01-06T00:00:00"];
    expect(await code(ask([ROOM_12], from, "2026-03-05T00:00:00"))).toBe("ErrorTimeIntervalTooBig");
    expect(await code(ask([ROOM_12], until, from))).toBe("ErrorInvalidTimeInterval");
    expect(await code(ask([ROOM_12], from, until, { minutes: 4 }))).toBe(
      "ErrorInvalidMergedFreeBusyInterval",
    );
    expect(await code(ask(new Array(101).fill(ROOM_12), from, until))).toBe("ErrorMailboxDataArrayTooBig");
  });
});

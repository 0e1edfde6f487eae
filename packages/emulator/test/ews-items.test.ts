import { beforeEach, describe, expect, it } from "vitest";
import {
  all,
  createItem,
  type EwsFixture,
  find,
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

const SET = "6ba7b810-9dad-11d1-80b4-00c04fd430c8";
const KEY = `<t:ExtendedFieldURI PropertySetId="${SET}" PropertyName="NightlatchKey" PropertyType="String"/>`;
const keyed = (value: string): string =>
  `<t:ExtendedProperty>${KEY}<t:Value>${value}</t:Value></t:ExtendedProperty>`;
const LONDON = '<t:StartTimeZone Id="GMT Standard Time"/>';
const times = (start: string, end: string): string => `<t:Start>${start}</t:Start><t:End>${end}</t:End>`;
const NINE = times("2026-01-05T09:00:00Z", "2026-01-05T10:00:00Z");
const MONDAYS = (count: number): string =>
  `<t:Recurrence><t:WeeklyRecurrence><t:Interval>1</t:Interval><t:DaysOfWeek>Monday</t:DaysOfWeek></t:WeeklyRecurrence><t:NumberedRecurrence><t:StartDate>2026-03-16</t:StartDate><t:NumberOfOccurrences>${count}</t:NumberOfOccurrences></t:NumberedRecurrence></t:Recurrence>`;

let ews: EwsFixture;
beforeEach(() => {
  ews = makeEwsFixture();
});

const create = async (item: string): Promise<{ Id: string; ChangeKey: string }> => {
  const answer = await ews.send(createItem(item));
  expect(answer.codes).toEqual(["NoError"]);
  return idOf(answer);
};
const series = (): Promise<{ Id: string; ChangeKey: string }> =>
  create(
    `<t:Subject>Maths</t:Subject>${times("2026-03-16T09:00:00", "2026-03-16T10:00:00")}${MONDAYS(4)}${LONDON}`,
  );

describe("CreateItem and GetItem", () => {
  it("CreateItem keeps what GetItem gives back", async () => {
    const id = await create(
      `<t:Subject>A &lt;b&gt; &amp; "c"</t:Subject><t:Sensitivity>Private</t:Sensitivity><t:Body BodyType="Text">Line
two</t:Body><t:Categories><t:String>Year 7</t:String><t:String>Exam</t:String></t:Categories><t:Importance>High</t:Importance><t:ReminderIsSet>false</t:ReminderIsSet><t:ReminderMinutesBeforeStart>5</t:ReminderMinutesBeforeStart>${keyed("k-1")}<t:UID>uid-1@school.example</t:UID>${NINE}<t:LegacyFreeBusyStatus>OOF</t:LegacyFreeBusyStatus><t:Location>Room 12</t:Location><t:RequiredAttendees><t:Attendee><t:Mailbox><t:EmailAddress>room-13@school.example</t:EmailAddress></t:Mailbox></t:Attendee></t:RequiredAttendees>`,
    );
    const { body } = await ews.send(
      getItem(
        itemId(id),
        `<t:BaseShape>AllProperties</t:BaseShape><t:AdditionalProperties>${KEY}</t:AdditionalProperties>`,
      ),
    );
    const member = (name: string): string | undefined => textOf(body, name);
    expect(member("Subject")).toBe('A <b> & "c"');
    expect(member("Sensitivity")).toBe("Private");
    expect(member("Body")).toBe("Line\ntwo");
    expect(all(body, "Body")[0]?.attributes.get("BodyType")).toBe("Text");
    expect(all(body, "String").map(({ text }) => text)).toEqual(["Year 7", "Exam"]);
    expect(member("Importance")).toBe("High");
    expect(member("ReminderIsSet")).toBe("false");
    expect(member("ReminderMinutesBeforeStart")).toBe("5");
    expect(member("UID")).toBe("uid-1@school.example");
    expect(member("Start")).toBe("2026-01-05T09:00:00Z");
    expect(member("LegacyFreeBusyStatus")).toBe("OOF");
    expect(member("Location")).toBe("Room 12");
    expect(member("IsMeeting")).toBe("true");
    expect(member("CalendarItemType")).toBe("Single");
    expect(member("Value")).toBe("k-1");
    const [attendee] = all(body, "RequiredAttendees");
    expect(attendee === undefined ? "" : textOf(attendee, "EmailAddress")).toBe("room-13@school.example");
  });

  it("GetItem gives the body as HTML or text, whichever is asked for", async () => {
    const html =
      "&lt;html&gt;&lt;style&gt;p{}&lt;/style&gt;&lt;p&gt;A &amp;amp; B&lt;/p&gt;&lt;p&gt;C&lt;/p&gt;&lt;/html&gt;";
    const id = await create(`<t:Body BodyType="HTML">${html}</t:Body>${NINE}`);
    const shape = (type: string): string =>
      `<t:BaseShape>IdOnly</t:BaseShape><t:BodyType>${type}</t:BodyType><t:AdditionalProperties><t:FieldURI FieldURI="item:Body"/></t:AdditionalProperties>`;
    const asText = await ews.send(getItem(itemId(id), shape("Text")));
    expect(textOf(asText.body, "Body")).toBe("A & B\r\nC");
    const open = await create(`<t:Body BodyType="HTML">seen&lt;STYLE&gt;p{}</t:Body>${NINE}`);
    expect(textOf((await ews.send(getItem(itemId(open), shape("Text")))).body, "Body")).toBe("seen");
    const asBest = await ews.send(getItem(itemId(id), shape("Best")));
    expect(textOf(asBest.body, "Body")).toContain("<p>A &amp; B</p>");
  });

  it("zones of whole items bear their rules, those of lists that ask for them by name do not", async () => {
    const made = await ews.send(createItem(NINE + LONDON));
    const zoneOf = async (request: string): Promise<string[] | undefined> => {
      const [zone] = all((await ews.send(request)).body, "StartTimeZone");
      return zone?.children.map(({ name }) => name);
    };
    const rules = ["Periods", "TransitionsGroups", "Transitions"];
    const wish =
      '<t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties><t:FieldURI FieldURI="calendar:StartTimeZone"/></t:AdditionalProperties>';
    const id = itemId({ Id: idOf(made).Id });
    const week = ["2026-01-05T00:00:00Z", "2026-01-12T00:00:00Z"] as const;
    expect(await zoneOf(getItem(id))).toEqual(rules);
    expect(await zoneOf(getItem(id, wish))).toEqual(rules);
    expect(await zoneOf(view(...week, "<t:BaseShape>AllProperties</t:BaseShape>"))).toEqual(rules);
    expect(await zoneOf(view(...week, wish))).toEqual([]);
    const { body } = await ews.send(getItem(id));
    expect(all(body, "EndTimeZone")[0]?.children.map(({ name }) => name)).toEqual(rules);
    const periods = all(all(body, "StartTimeZone")[0] ?? body, "Period");
    expect(periods.map(({ attributes }) => attributes.get("Bias"))).toEqual(["PT0S", "-PT1H"]);
  });

  it("CreateItem reads times without zone in StartTimeZone, then TimeZoneContext, then UTC", async () => {
    const start = async (item: string, zone?: string): Promise<string | undefined> => {
      const made = await ews.send(createItem(item), zone === undefined ? {} : { zone });
      return textOf((await ews.send(getItem(itemId(idOf(made))))).body, "Start");
    };
    const local = times("2026-07-06T09:00:00", "2026-07-06T10:00:00");
    expect(await start(local)).toBe("2026-07-06T09:00:00Z");
    expect(await start(local, "GMT Standard Time")).toBe("2026-07-06T08:00:00Z");
    expect(await start(`${local}<t:StartTimeZone Id="Eastern Standard Time"/>`, "GMT Standard Time")).toBe(
      "2026-07-06T13:00:00Z",
    );
    expect(await start(`${local}<t:MeetingTimeZone TimeZoneName="Tokyo Standard Time"/>`)).toBe(
      "2026-07-06T00:00:00Z",
    );
    expect(
      await start(times("2026-07-06T09:00:00+02:00", "2026-07-06T10:00:00+02:00"), "GMT Standard Time"),
    ).toBe("2026-07-06T07:00:00Z");
  });

  it("GetItem writes times with the offset of TimeZoneContext", async () => {
    const id = await create(times("2026-07-06T08:00:00Z", "2026-07-06T09:00:00Z"));
    const { body } = await ews.send(getItem(itemId(id)), { zone: "India Standard Time" });
    expect(textOf(body, "Start")).toBe("2026-07-06T13:30:00+05:30");
  });

  it("CreateItem rounds all-day items to midnights of their zone", async () => {
    const id = await create(
      `${times("2026-07-06T10:30:00", "2026-07-07T08:00:00")}<t:IsAllDayEvent>true</t:IsAllDayEvent>`.replace(
        /(<t:End>.*<\/t:End>)(.*)/,
        `$1$2${LONDON}`,
      ),
    );
    const { body } = await ews.send(getItem(itemId(id)));
    expect([textOf(body, "Start"), textOf(body, "End")]).toEqual([
      "2026-07-05T23:00:00Z",
      "2026-07-07T23:00:00Z",
    ]);
  });

  it("CreateItem gives each item of a batch its own answer", async () => {
    const { codes } = await ews.send(
      `<m:CreateItem SendMeetingInvitations="SendToNone"><m:Items><t:CalendarItem>${NINE}</t:CalendarItem><t:CalendarItem>${times("2026-01-05T09:00:00Z", "2026-01-05T08:00:00Z")}</t:CalendarItem><t:CalendarItem><t:DateTimeCreated>2026-02-03T09:00:00Z</t:DateTimeCreated></t:CalendarItem><t:CalendarItem>${times("2026-01-05T09:00:00Z", "2036-01-05T08:00:00Z")}</t:CalendarItem><t:CalendarItem><t:StartTimeZone Id="Mars Standard Time"/></t:CalendarItem><t:CalendarItem>${NINE}</t:CalendarItem></m:Items></m:CreateItem>`,
    );
    expect(codes).toEqual([
      "NoError",
      "ErrorCalendarEndDateIsEarlierThanStartDate",
      "ErrorInvalidPropertySet",
      "ErrorCalendarDurationIsTooLong",
      "ErrorCalendarInvalidTimeZone",
      "NoError",
    ]);
    expect(ews.tenant.users.values().next().value?.mailbox?.events.size).toBe(2);
  });

  it("CreateItem, UpdateItem and DeleteItem want to know about invitations", async () => {
    const id = await create(NINE);
    expect((await ews.send(createItem(NINE, ""))).codes).toEqual(["ErrorSendMeetingInvitationsRequired"]);
    const change = update(itemId(id), setField("item:Subject", "<t:Subject>x</t:Subject>"));
    expect(
      (await ews.send(change.replace('SendMeetingInvitationsOrCancellations="SendToNone"', ""))).codes,
    ).toEqual(["ErrorSendMeetingInvitationsOrCancellationsRequired"]);
    const drop = `<m:DeleteItem DeleteType="HardDelete"><m:ItemIds>${itemId(id)}</m:ItemIds></m:DeleteItem>`;
    expect((await ews.send(drop)).codes).toEqual(["ErrorSendMeetingCancellationsRequired"]);
  });

  it("CreateItem refuses what only the service sets", async () => {
    expect((await ews.send(createItem(`${NINE}<t:IsMeeting>true</t:IsMeeting>`))).codes).toEqual([
      "ErrorInvalidPropertySet",
    ]);
  });

  it("GetItem tells unknown, malformed and foreign ids apart", async () => {
    const id = await create(NINE);
    const kept = await create(NINE);
    const other = await ews.send(createItem(NINE), { mailbox: "room-13@school.example" });
    await ews.send(
      `<m:DeleteItem DeleteType="HardDelete" SendMeetingCancellations="SendToNone"><m:ItemIds>${itemId(id)}</m:ItemIds></m:DeleteItem>`,
    );
    const { codes } = await ews.send(
      getItem(
        `${itemId(id)}${itemId({ Id: "AAAA" })}${itemId(idOf(other))}${itemId({ ...kept, ChangeKey: "AAAA" })}${itemId({ ...kept, ChangeKey: idOf(other).ChangeKey })}`,
      ),
    );
    expect(codes).toEqual([
      "ErrorItemNotFound",
      "ErrorInvalidIdMalformed",
      "ErrorItemNotFound",
      "ErrorInvalidChangeKey",
      "ErrorInvalidChangeKey",
    ]);
  });
});

describe("ItemClass", () => {
  const CLASS =
    '<t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties><t:FieldURI FieldURI="item:ItemClass"/><t:ExtendedFieldURI PropertyTag="0x1a" PropertyType="String"/></t:AdditionalProperties>';
  const read = async (id: string): Promise<(string | undefined)[]> => {
    const { body } = await ews.send(getItem(itemId({ Id: id }), CLASS));
    return [textOf(body, "ItemClass"), textOf(body, "Value")];
  };
  const set = (id: string, name: string): string =>
    update(
      itemId({ Id: id }),
      setField("item:ItemClass", `<t:ItemClass>${name}</t:ItemClass>`),
      "AlwaysOverwrite",
    );

  it("keeps what a caller derives from appointments, under MAPI's name too, and finds it", async () => {
    const { Id } = await create(`<t:ItemClass>IPM.Appointment.Exam</t:ItemClass>${NINE}`);
    await create(NINE);
    expect(await read(Id)).toEqual(["IPM.Appointment.Exam", "IPM.Appointment.Exam"]);
    const found = await ews.send(
      find(
        '<m:Restriction><t:IsEqualTo><t:FieldURI FieldURI="item:ItemClass"/><t:FieldURIOrConstant><t:Constant Value="IPM.Appointment.Exam"/></t:FieldURIOrConstant></t:IsEqualTo></m:Restriction>',
      ),
    );
    expect(all(found.body, "ItemId").map(({ attributes }) => attributes.get("Id"))).toEqual([Id]);
    await ews.send(set(Id, "IPM.Appointment"));
    expect(await read(Id)).toEqual(["IPM.Appointment", "IPM.Appointment"]);
  });

  it("refuses classes of other items", async () => {
    const { Id } = await create(NINE);
    for (const name of ["IPM.Note", "IPM.AppointmentX", ""])
      expect((await ews.send(set(Id, name))).codes).toEqual(["ErrorInvalidPropertySet"]);
  });
});

describe("FindItem", () => {
  it("FindItem over a window expands series, leaves out bodies and what only touches the window", async () => {
    await series();
    await create(`<t:Subject>before</t:Subject>${times("2026-03-15T23:00:00Z", "2026-03-16T00:00:00Z")}`);
    const { body } = await ews.send(
      view("2026-03-16T00:00:00Z", "2026-04-06T00:00:00Z", "<t:BaseShape>AllProperties</t:BaseShape>"),
    );
    expect(all(body, "Start").map(({ text }) => text)).toEqual([
      "2026-03-16T09:00:00Z",
      "2026-03-23T09:00:00Z",
      "2026-03-30T08:00:00Z",
    ]);
    expect(all(body, "CalendarItemType").map(({ text }) => text)).toEqual([
      "Occurrence",
      "Occurrence",
      "Occurrence",
    ]);
    expect(all(body, "Body")).toEqual([]);
    expect(all(body, "RootFolder")[0]?.attributes.get("TotalItemsInView")).toBe("3");
  });

  it("FindItem cuts a window at MaxEntriesReturned and says so", async () => {
    await series();
    const { body } = await ews.send(
      view("2026-03-01T00:00:00Z", "2026-05-01T00:00:00Z", undefined, 'MaxEntriesReturned="3"'),
    );
    const [root] = all(body, "RootFolder");
    expect(all(body, "CalendarItem")).toHaveLength(3);
    expect(root?.attributes.get("IncludesLastItemInRange")).toBe("false");
    expect(root?.attributes.get("TotalItemsInView")).toBe("4");
  });

  it("FindItem refuses windows that are too long, reversed, sorted, or over no calendar", async () => {
    const codes = async (request: string): Promise<string | undefined> => (await ews.send(request)).codes[0];
    expect(await codes(view("2026-01-01T00:00:00Z", "2028-06-01T00:00:00Z"))).toBe(
      "ErrorCalendarViewRangeTooBig",
    );
    expect(await codes(view("2026-01-02T00:00:00Z", "2026-01-01T00:00:00Z"))).toBe(
      "ErrorCalendarEndDateIsEarlierThanStartDate",
    );
    const good = view("2026-01-01T00:00:00Z", "2028-01-01T00:00:00Z");
    expect(await codes(good)).toBe("NoError");
    expect(await codes(good.replace('Id="calendar"', 'Id="inbox"'))).toBe(
      "ErrorCalendarFolderIsInvalidForCalendarView",
    );
    expect(
      await codes(
        good.replace(
          "<m:ParentFolderIds>",
          '<m:SortOrder><t:FieldOrder Order="Ascending"><t:FieldURI FieldURI="calendar:Start"/></t:FieldOrder></m:SortOrder><m:ParentFolderIds>',
        ),
      ),
    ).toBe("ErrorInvalidRequest");
    expect(
      await codes(view("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z", undefined, 'MaxEntriesReturned="0"')),
    ).toBe("ErrorInvalidPagingMaxRows");
  });

  it("FindItem gives a window of more than the limit only to those who ask for less", async () => {
    const small = makeEwsFixture({ findCountLimit: 3 });
    for (let hour = 0; hour < 4; hour++)
      await small.send(createItem(times(`2026-01-05T0${hour}:00:00Z`, `2026-01-05T0${hour}:30:00Z`)));
    const window = (more: string): string =>
      view("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z", undefined, more);
    expect((await small.send(window(""))).codes).toEqual(["ErrorExceededFindCountLimit"]);
    expect((await small.send(window('MaxEntriesReturned="3"'))).codes).toEqual(["NoError"]);
  });

  it("FindItem pages from either end and by fraction", async () => {
    for (let day = 1; day <= 7; day++)
      await create(
        `<t:Subject>${day}</t:Subject>${times(`2026-01-0${day}T09:00:00Z`, `2026-01-0${day}T10:00:00Z`)}`,
      );
    const order =
      '<m:SortOrder><t:FieldOrder Order="Ascending"><t:FieldURI FieldURI="calendar:Start"/></t:FieldOrder></m:SortOrder>';
    const page = async (paging: string): Promise<[string, string | undefined, string | undefined]> => {
      const { body } = await ews.send(find(order, undefined, paging));
      const [root] = all(body, "RootFolder");
      return [
        all(body, "Subject")
          .map(({ text }) => text)
          .join(""),
        root?.attributes.get("IndexedPagingOffset"),
        root?.attributes.get("IncludesLastItemInRange"),
      ];
    };
    const indexed = (offset: number, base = "Beginning"): string =>
      `<m:IndexedPageItemView MaxEntriesReturned="3" Offset="${offset}" BasePoint="${base}"/>`;
    expect(await page(indexed(0))).toEqual(["123", "3", "false"]);
    expect(await page(indexed(3))).toEqual(["456", "6", "false"]);
    expect(await page(indexed(6))).toEqual(["7", "7", "true"]);
    expect(await page(indexed(70))).toEqual(["", "7", "true"]);
    expect(await page(indexed(0, "End"))).toEqual(["567", "3", "false"]);
    expect(await page(indexed(6, "End"))).toEqual(["1", "7", "true"]);
    const [half] = await page(
      '<m:FractionalPageItemView MaxEntriesReturned="9" Numerator="1" Denominator="2"/>',
    );
    expect(half).toBe("4567");
  });

  it("FindItem finds by extended property, text, time and logic", async () => {
    await create(`<t:Subject>Maths</t:Subject>${keyed("k-1")}${NINE}<t:Location>Room 12</t:Location>`);
    await create(
      `<t:Subject>Modern history</t:Subject><t:Categories><t:String>Exam</t:String></t:Categories>${keyed("k-2")}${times("2026-01-06T09:00:00Z", "2026-01-06T10:00:00Z")}`,
    );
    await create(`<t:Subject>Assembly</t:Subject>${times("2026-01-07T09:00:00Z", "2026-01-07T10:00:00Z")}`);
    const path = (uri: string): string => `<t:FieldURI FieldURI="${uri}"/>`;
    const compare = (name: string, left: string, value: string): string =>
      `<t:${name}>${left}<t:FieldURIOrConstant><t:Constant Value="${value}"/></t:FieldURIOrConstant></t:${name}>`;
    const contains = (value: string, mode: string, how: string): string =>
      `<t:Contains ContainmentMode="${mode}" ContainmentComparison="${how}">${path("item:Subject")}<t:Constant Value="${value}"/></t:Contains>`;
    const found = async (test: string): Promise<string> => {
      const { body, codes } = await ews.send(find(`<m:Restriction>${test}</m:Restriction>`));
      return codes[0] === "NoError"
        ? all(body, "Subject")
            .map(({ text }) => text)
            .sort()
            .join()
        : String(codes[0]);
    };
    expect(await found(compare("IsEqualTo", KEY, "k-2"))).toBe("Modern history");
    expect(await found(`<t:Exists>${KEY}</t:Exists>`)).toBe("Maths,Modern history");
    expect(await found(`<t:Not><t:Exists>${KEY}</t:Exists></t:Not>`)).toBe("Assembly");
    expect(await found(compare("IsEqualTo", path("item:Subject"), "MATHS"))).toBe("Maths");
    expect(
      await found(compare("IsGreaterThanOrEqualTo", path("calendar:Start"), "2026-01-06T09:00:00Z")),
    ).toBe("Assembly,Modern history");
    expect(await found(compare("IsLessThan", path("calendar:End"), "2026-01-05T10:00:01Z"))).toBe("Maths");
    expect(await found(compare("IsEqualTo", path("item:Categories"), "exam"))).toBe("Modern history");
    expect(await found(contains("m", "Prefixed", "IgnoreCase"))).toBe("Maths,Modern history");
    expect(await found(contains("m", "Prefixed", "Exact"))).toBe("");
    expect(await found(contains("hist", "PrefixOnWords", "IgnoreCase"))).toBe("Modern history");
    expect(await found(contains("istor", "Substring", "Exact"))).toBe("Modern history");
    expect(
      await found(
        `<t:And>${compare("IsEqualTo", KEY, "k-1")}${compare("IsEqualTo", path("calendar:Location"), "room 12")}</t:And>`,
      ),
    ).toBe("Maths");
    expect(
      await found(
        `<t:Or>${compare("IsEqualTo", KEY, "k-1")}${compare("IsNotEqualTo", path("item:Subject"), "maths")}</t:Or>`,
      ),
    ).toBe("Assembly,Maths,Modern history");
    expect(await found(compare("IsEqualTo", path("calendar:UID"), "x"))).toBe("ErrorUnsupportedPathForQuery");
  });
});

describe("UpdateItem and DeleteItem", () => {
  it("UpdateItem sets, appends to and deletes one property each", async () => {
    const id = await create(
      `<t:Subject>a</t:Subject><t:Body BodyType="Text">one</t:Body><t:Categories><t:String>x</t:String></t:Categories>${keyed("k-1")}${NINE}<t:Location>here</t:Location>`,
    );
    const answer = await ews.send(
      update(
        itemId(id),
        [
          setField("item:Subject", "<t:Subject>b</t:Subject>"),
          setField("calendar:Start", "<t:Start>2026-01-05T08:00:00Z</t:Start>"),
          '<t:AppendToItemField><t:FieldURI FieldURI="item:Body"/><t:CalendarItem><t:Body BodyType="Text"> two</t:Body></t:CalendarItem></t:AppendToItemField>',
          '<t:AppendToItemField><t:FieldURI FieldURI="item:Categories"/><t:CalendarItem><t:Categories><t:String>y</t:String></t:Categories></t:CalendarItem></t:AppendToItemField>',
          '<t:DeleteItemField><t:FieldURI FieldURI="calendar:Location"/></t:DeleteItemField>',
          `<t:DeleteItemField>${KEY}</t:DeleteItemField>`,
        ].join(""),
      ),
    );
    expect(answer.codes).toEqual(["NoError"]);
    expect(idOf(answer).Id).toBe(id.Id);
    expect(idOf(answer).ChangeKey).not.toBe(id.ChangeKey);
    const { body } = await ews.send(
      getItem(
        itemId(id),
        `<t:BaseShape>AllProperties</t:BaseShape><t:AdditionalProperties>${KEY}</t:AdditionalProperties>`,
      ),
    );
    expect(textOf(body, "Subject")).toBe("b");
    expect(textOf(body, "Body")).toBe("one two");
    expect(all(body, "String").map(({ text }) => text)).toEqual(["x", "y"]);
    expect(textOf(body, "Duration")).toBe("PT2H");
    expect(all(body, "Location")).toEqual([]);
    expect(all(body, "ExtendedProperty")).toEqual([]);
  });

  it("UpdateItem refuses another version's change key, but lets AutoResolve merge what does not overlap", async () => {
    const id = await create(`<t:Subject>a</t:Subject>${NINE}`);
    const subject = (text: string): string => setField("item:Subject", `<t:Subject>${text}</t:Subject>`);
    const place = setField("calendar:Location", "<t:Location>hall</t:Location>");
    expect((await ews.send(update(itemId(id), subject("b")))).codes).toEqual(["NoError"]);
    expect((await ews.send(update(itemId(id), subject("c")))).codes).toEqual(["ErrorIrresolvableConflict"]);
    expect((await ews.send(update(itemId(id), place, "NeverOverwrite"))).codes).toEqual([
      "ErrorIrresolvableConflict",
    ]);
    expect((await ews.send(update(itemId(id), place))).codes).toEqual(["NoError"]);
    expect((await ews.send(update(itemId({ Id: id.Id }), place))).codes).toEqual([
      "ErrorChangeKeyRequiredForWriteOperations",
    ]);
    expect((await ews.send(update(itemId({ Id: id.Id }), subject("d"), "AlwaysOverwrite"))).codes).toEqual([
      "NoError",
    ]);
    const { body } = await ews.send(getItem(itemId({ Id: id.Id })));
    expect([textOf(body, "Subject"), textOf(body, "Location")]).toEqual(["d", "hall"]);
  });

  it("UpdateItem refuses changes whose path and member disagree", async () => {
    const id = await create(NINE);
    const codes = async (change: string): Promise<readonly string[]> =>
      (await ews.send(update(itemId(id), change))).codes;
    expect(await codes(setField("item:Subject", "<t:Location>x</t:Location>"))).toEqual([
      "ErrorUpdatePropertyMismatch",
    ]);
    expect(
      await codes(setField("item:Subject", "<t:Subject>x</t:Subject><t:Location>x</t:Location>")),
    ).toEqual(["ErrorIncorrectUpdatePropertyCount"]);
    expect(
      await codes('<t:DeleteItemField><t:FieldURI FieldURI="calendar:Start"/></t:DeleteItemField>'),
    ).toEqual(["ErrorInvalidPropertyDelete"]);
    expect(
      await codes(
        '<t:AppendToItemField><t:FieldURI FieldURI="item:Subject"/><t:CalendarItem><t:Subject>x</t:Subject></t:CalendarItem></t:AppendToItemField>',
      ),
    ).toEqual(["ErrorInvalidPropertyAppend"]);
    expect(await codes(setField("calendar:UID", "<t:UID>other</t:UID>"))).toEqual([
      "ErrorInvalidPropertySet",
    ]);
  });

  it("UpdateItem moves a series to another day with its range", async () => {
    const id = await series();
    await ews.send(
      update(
        itemId(id),
        setField("calendar:Start", "<t:Start>2026-03-17T09:00:00</t:Start>") +
          setField("calendar:End", "<t:End>2026-03-17T10:00:00</t:End>") +
          setField(
            "calendar:Recurrence",
            "<t:Recurrence><t:WeeklyRecurrence><t:Interval>2</t:Interval><t:DaysOfWeek>Tuesday</t:DaysOfWeek></t:WeeklyRecurrence><t:EndDateRecurrence><t:StartDate>2026-03-17</t:StartDate><t:EndDate>2026-04-14</t:EndDate></t:EndDateRecurrence></t:Recurrence>",
          ),
      ),
      { zone: "GMT Standard Time" },
    );
    const { body } = await ews.send(view("2026-03-01T00:00:00Z", "2026-06-01T00:00:00Z"));
    expect(all(body, "Start").map(({ text }) => text)).toEqual([
      "2026-03-17T09:00:00Z",
      "2026-03-31T08:00:00Z",
      "2026-04-14T08:00:00Z",
    ]);
  });
});

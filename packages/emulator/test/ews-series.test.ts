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

judgeEveryBody({ atLeast: 60 });

const SET = "6ba7b810-9dad-11d1-80b4-00c04fd430c8";
const KEY = `<t:ExtendedFieldURI PropertySetId="${SET}" PropertyName="NightlatchKey" PropertyType="String"/>`;
const WITH_KEY = `<t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties>${KEY}</t:AdditionalProperties>`;
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

describe("series", () => {
  it("every recurrence pattern and range comes back as it was sent", async () => {
    const patterns = [
      "<t:RelativeYearlyRecurrence><t:DaysOfWeek>Weekday</t:DaysOfWeek><t:DayOfWeekIndex>Last</t:DayOfWeekIndex><t:Month>June</t:Month></t:RelativeYearlyRecurrence>",
      "<t:AbsoluteYearlyRecurrence><t:DayOfMonth>29</t:DayOfMonth><t:Month>February</t:Month></t:AbsoluteYearlyRecurrence>",
      "<t:RelativeMonthlyRecurrence><t:Interval>2</t:Interval><t:DaysOfWeek>WeekendDay</t:DaysOfWeek><t:DayOfWeekIndex>First</t:DayOfWeekIndex></t:RelativeMonthlyRecurrence>",
      "<t:AbsoluteMonthlyRecurrence><t:Interval>1</t:Interval><t:DayOfMonth>31</t:DayOfMonth></t:AbsoluteMonthlyRecurrence>",
      "<t:WeeklyRecurrence><t:Interval>2</t:Interval><t:DaysOfWeek>Tuesday Thursday</t:DaysOfWeek><t:FirstDayOfWeek>Monday</t:FirstDayOfWeek></t:WeeklyRecurrence>",
      "<t:DailyRecurrence><t:Interval>3</t:Interval></t:DailyRecurrence>",
    ];
    const ranges = [
      "<t:NoEndRecurrence><t:StartDate>2026-01-06</t:StartDate></t:NoEndRecurrence>",
      "<t:EndDateRecurrence><t:StartDate>2026-01-06</t:StartDate><t:EndDate>2030-01-01</t:EndDate></t:EndDateRecurrence>",
      "<t:NumberedRecurrence><t:StartDate>2026-01-06</t:StartDate><t:NumberOfOccurrences>7</t:NumberOfOccurrences></t:NumberedRecurrence>",
    ];
    for (const pattern of patterns)
      for (const range of ranges) {
        const id = await create(
          `${times("2026-01-06T09:00:00Z", "2026-01-06T10:00:00Z")}<t:Recurrence>${pattern}${range}</t:Recurrence>`,
        );
        const { text } = await ews.send(getItem(itemId(id)));
        const written = /<t:Recurrence>.*<\/t:Recurrence>/.exec(text)?.[0] ?? "";
        // The first day of the range is the first day that the pattern allows.
        expect(written.replace(/<t:StartDate>[^<]*/, "<t:StartDate>2026-01-06")).toBe(
          `<t:Recurrence>${pattern}${range}</t:Recurrence>`,
        );
      }
  });

  it("CreateItem refuses recurrences that make no sense", async () => {
    const code = async (recurrence: string): Promise<string | undefined> =>
      (await ews.send(createItem(`${NINE}<t:Recurrence>${recurrence}</t:Recurrence>`))).codes[0];
    const numbered = (count: number): string =>
      `<t:NumberedRecurrence><t:StartDate>2026-01-05</t:StartDate><t:NumberOfOccurrences>${count}</t:NumberOfOccurrences></t:NumberedRecurrence>`;
    const daily = (interval: number): string =>
      `<t:DailyRecurrence><t:Interval>${interval}</t:Interval></t:DailyRecurrence>`;
    expect(await code(daily(0) + numbered(3))).toBe("ErrorCalendarInvalidRecurrence");
    expect(await code(daily(1) + numbered(1000))).toBe("ErrorCalendarInvalidRecurrence");
    expect(
      await code(
        `${daily(1)}<t:EndDateRecurrence><t:StartDate>2026-01-05</t:StartDate><t:EndDate>2026-01-04</t:EndDate></t:EndDateRecurrence>`,
      ),
    ).toBe("ErrorCalendarInvalidRecurrence");
    expect(
      await code(
        `<t:WeeklyRecurrence><t:Interval>1</t:Interval><t:DaysOfWeek>Weekday</t:DaysOfWeek></t:WeeklyRecurrence>${numbered(3)}`,
      ),
    ).toBe("ErrorCalendarInvalidDayForWeeklyRecurrence");
  });

  it("occurrences are found by index, changed, deleted, and listed by their master", async () => {
    const { Id } = await series();
    const occurrence = (index: number): string =>
      `<t:OccurrenceItemId RecurringMasterId="${Id}" InstanceIndex="${index}"/>`;
    const second = await ews.send(getItem(occurrence(2)));
    expect(textOf(second.body, "OriginalStart")).toBe("2026-03-23T09:00:00Z");
    const moved = await ews.send(
      update(
        itemId(idOf(second)),
        setField("calendar:Start", "<t:Start>2026-03-24T11:00:00Z</t:Start>") +
          setField("calendar:End", "<t:End>2026-03-24T12:00:00Z</t:End>"),
      ),
    );
    expect(moved.codes).toEqual(["NoError"]);
    const dropped = await ews.send(
      `<m:DeleteItem DeleteType="MoveToDeletedItems" SendMeetingCancellations="SendToNone"><m:ItemIds>${occurrence(3)}</m:ItemIds></m:DeleteItem>`,
    );
    expect(dropped.codes).toEqual(["NoError"]);
    const master = await ews.send(getItem(`<t:RecurringMasterItemId OccurrenceId="${idOf(second).Id}"/>`));
    const [changed] = all(master.body, "ModifiedOccurrences");
    const [deleted] = all(master.body, "DeletedOccurrences");
    expect(changed === undefined ? "" : textOf(changed, "Start")).toBe("2026-03-24T11:00:00Z");
    expect(changed === undefined ? "" : textOf(changed, "OriginalStart")).toBe("2026-03-23T09:00:00Z");
    expect(deleted === undefined ? "" : textOf(deleted, "Start")).toBe("2026-03-30T08:00:00Z");
    const { codes } = await ews.send(
      getItem(
        `${occurrence(3)}${occurrence(5)}${occurrence(0)}<t:RecurringMasterItemId OccurrenceId="${Id}"/>`,
      ),
    );
    expect(codes).toEqual([
      "ErrorCalendarOccurrenceIsDeletedFromRecurrence",
      "ErrorCalendarOccurrenceIndexIsOutOfRecurrenceRange",
      "ErrorCalendarOccurrenceIndexIsOutOfRecurrenceRange",
      "ErrorCalendarCannotUseIdForRecurringMasterId",
    ]);
    const single = await create(NINE);
    expect(
      (await ews.send(getItem(`<t:OccurrenceItemId RecurringMasterId="${single.Id}" InstanceIndex="1"/>`)))
        .codes,
    ).toEqual(["ErrorCalendarCannotUseIdForOccurrenceId"]);
  });

  it("a master that only its start moves takes its range along, and keeps the time on the clock", async () => {
    const { Id } = await series();
    const moved = await ews.send(
      update(
        itemId({ Id }),
        setField("calendar:Start", "<t:Start>2026-03-17T11:00:00</t:Start>") +
          setField("calendar:End", "<t:End>2026-03-17T12:00:00</t:End>") +
          setField(
            "calendar:Recurrence",
            "<t:Recurrence><t:DailyRecurrence><t:Interval>7</t:Interval></t:DailyRecurrence><t:NumberedRecurrence><t:StartDate>2026-03-24</t:StartDate><t:NumberOfOccurrences>2</t:NumberOfOccurrences></t:NumberedRecurrence></t:Recurrence>",
          ),
        "AlwaysOverwrite",
      ),
      { zone: "GMT Standard Time" },
    );
    expect(moved.codes).toEqual(["NoError"]);
    const starts = async (): Promise<string[]> => {
      const { body } = await ews.send(view("2026-03-01T00:00:00Z", "2026-06-01T00:00:00Z"));
      return all(body, "Start").map(({ text }) => text);
    };
    // The range says the day, the start says the time.
    expect(await starts()).toEqual(["2026-03-24T11:00:00Z", "2026-03-31T10:00:00Z"]);
    await ews.send(
      update(
        itemId({ Id }),
        setField("calendar:Start", "<t:Start>2026-03-26T08:00:00</t:Start>") +
          setField("calendar:End", "<t:End>2026-03-26T09:00:00</t:End>"),
        "AlwaysOverwrite",
      ),
      { zone: "GMT Standard Time" },
    );
    expect(await starts()).toEqual(["2026-03-26T08:00:00Z", "2026-04-02T07:00:00Z"]);
    const { body } = await ews.send(getItem(itemId({ Id })));
    expect(textOf(body, "StartDate")).toBe("2026-03-26");
  });

  it("an occurrence does not move onto its neighbour", async () => {
    const { Id } = await series();
    const second = await ews.send(
      getItem(`<t:OccurrenceItemId RecurringMasterId="${Id}" InstanceIndex="2"/>`),
    );
    const onto = setField("calendar:Start", "<t:Start>2026-03-16T12:00:00Z</t:Start>");
    expect((await ews.send(update(itemId(idOf(second)), onto, "AlwaysOverwrite"))).codes).toEqual([
      "ErrorOccurrenceCrossingBoundary",
    ]);
  });
});

describe("extended properties", () => {
  it("names, numbers, tags and lists come back under the path that was asked for", async () => {
    const paths = [
      [`PropertySetId="${SET}" PropertyName="A" PropertyType="String"`, "<t:Value>x</t:Value>"],
      [
        'DistinguishedPropertySetId="PublicStrings" PropertyName="B" PropertyType="Integer"',
        "<t:Value>42</t:Value>",
      ],
      [`PropertySetId="${SET}" PropertyId="34066" PropertyType="Boolean"`, "<t:Value>true</t:Value>"],
      ['PropertyTag="0x7c08" PropertyType="Binary"', "<t:Value>AQID</t:Value>"],
      [
        `PropertySetId="${SET}" PropertyName="C" PropertyType="StringArray"`,
        "<t:Values><t:Value>a</t:Value><t:Value>b</t:Value></t:Values>",
      ],
    ] as const;
    const written = paths.map(
      ([path, value]) => `<t:ExtendedProperty><t:ExtendedFieldURI ${path}/>${value}</t:ExtendedProperty>`,
    );
    const id = await create(written.join("") + NINE);
    const asked = paths.map(([path]) => `<t:ExtendedFieldURI ${path}/>`).join("");
    const { text } = await ews.send(
      getItem(
        itemId(id),
        `<t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties>${asked}</t:AdditionalProperties>`,
      ),
    );
    for (const property of written) expect(text).toContain(property);
  });

  it("UpdateItem sets one and leaves the others alone", async () => {
    const path = (name: string): string =>
      `<t:ExtendedFieldURI PropertySetId="${SET}" PropertyName="${name}" PropertyType="String"/>`;
    const property = (name: string, value: string): string =>
      `<t:ExtendedProperty>${path(name)}<t:Value>${value}</t:Value></t:ExtendedProperty>`;
    const id = await create(property("A", "1") + property("B", "2") + NINE);
    const change = `<t:SetItemField>${path("A")}<t:CalendarItem>${property("A", "3")}</t:CalendarItem></t:SetItemField>`;
    expect((await ews.send(update(itemId(id), change))).codes).toEqual(["NoError"]);
    // Somebody who saw the item before may still change B, but not A.
    const other = `<t:SetItemField>${path("B")}<t:CalendarItem>${property("B", "2")}</t:CalendarItem></t:SetItemField>`;
    expect((await ews.send(update(itemId(id), change.replace(">3<", ">4<")))).codes).toEqual([
      "ErrorIrresolvableConflict",
    ]);
    expect((await ews.send(update(itemId(id), other))).codes).toEqual(["NoError"]);
    const wrong = `<t:SetItemField>${path("A")}<t:CalendarItem>${property("B", "3")}</t:CalendarItem></t:SetItemField>`;
    expect((await ews.send(update(itemId(id), wrong, "AlwaysOverwrite"))).codes).toEqual([
      "ErrorUpdatePropertyMismatch",
    ]);
    const shape = `<t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties>${path("A")}${path("B")}</t:AdditionalProperties>`;
    const { body } = await ews.send(getItem(itemId({ Id: id.Id }), shape));
    expect(all(body, "Value").map(({ text }) => text)).toEqual(["3", "2"]);
  });

  it("paths whose attributes do not fit together are refused", async () => {
    const code = async (path: string): Promise<string | undefined> =>
      (
        await ews.send(
          find(
            "",
            `<t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties><t:ExtendedFieldURI ${path}/></t:AdditionalProperties>`,
          ),
        )
      ).codes[0];
    expect(await code(`PropertySetId="${SET}" PropertyType="String"`)).toBe("ErrorInvalidExtendedProperty");
    expect(await code('PropertyName="x" PropertyType="String"')).toBe("ErrorInvalidExtendedProperty");
    expect(await code(`PropertyTag="0x37" PropertySetId="${SET}" PropertyType="String"`)).toBe(
      "ErrorInvalidExtendedProperty",
    );
    expect(
      (
        await ews.send(
          createItem(
            `<t:ExtendedProperty><t:ExtendedFieldURI PropertyTag="0x7c08" PropertyType="Integer"/><t:Value>abc</t:Value></t:ExtendedProperty>${NINE}`,
          ),
        )
      ).codes,
    ).toEqual(["ErrorInvalidExtendedPropertyValue"]);
  });

  it("the global object id wraps the UID, so that an item is found by it", async () => {
    await create(`<t:UID>uid-9</t:UID>${NINE}`);
    const goid =
      '<t:ExtendedFieldURI DistinguishedPropertySetId="Meeting" PropertyId="3" PropertyType="Binary"/>';
    const { body } = await ews.send(find("", WITH_KEY.replace(KEY, goid)));
    const value = textOf(body, "Value") ?? "";
    expect(Buffer.from(value, "base64").toString("latin1")).toContain("vCal-Uid\u0001\0\0\0uid-9\0");
    const found = await ews.send(
      find(
        `<m:Restriction><t:IsEqualTo>${goid}<t:FieldURIOrConstant><t:Constant Value="${value}"/></t:FieldURIOrConstant></t:IsEqualTo></m:Restriction>`,
      ),
    );
    expect(all(found.body, "CalendarItem")).toHaveLength(1);
  });
});

import { describe, expect, it } from "vitest";
import {
  all,
  createItem,
  type EwsFixture,
  getItem,
  idOf,
  itemId,
  makeEwsFixture,
  textOf,
} from "./ews-fixture.ts";
import { judgeEveryBody } from "./ews-judge.ts";

judgeEveryBody({ atLeast: 10 });

const at = (from: string, until: string): string =>
  `<t:Start>2026-01-05T${from}:00Z</t:Start><t:End>2026-01-05T${until}:00Z</t:End>`;

async function make(ews: EwsFixture, subject: string, rest: string): Promise<{ readonly Id: string }> {
  return { Id: idOf(await ews.send(createItem(`<t:Subject>${subject}</t:Subject>${rest}`))).Id };
}

async function beside(
  ews: EwsFixture,
  id: string,
): Promise<{ counts: (string | undefined)[]; conflicting: string[]; adjacent: string[] }> {
  const { body } = await ews.send(getItem(id));
  const subjects = (name: string): string[] =>
    all(body, name).flatMap((list) => all(list, "Subject").map(({ text }) => text));
  return {
    counts: [textOf(body, "ConflictingMeetingCount"), textOf(body, "AdjacentMeetingCount")],
    conflicting: subjects("ConflictingMeetings"),
    adjacent: subjects("AdjacentMeetings"),
  };
}

describe("conflicting and adjacent meetings", () => {
  it("are what the same calendar holds at the time and right beside it, occurrences too, free time not", async () => {
    const ews = makeEwsFixture();
    const lesson = await make(ews, "lesson", at("09:00", "10:00"));
    expect(await beside(ews, itemId(lesson))).toEqual({ counts: ["0", "0"], conflicting: [], adjacent: [] });
    await make(ews, "long", at("07:00", "09:30"));
    await make(ews, "before", at("08:00", "09:00"));
    await make(ews, "after", at("10:00", "10:30"));
    await make(ews, "later", at("10:01", "10:30"));
    await make(ews, "free", `${at("09:00", "10:00")}<t:LegacyFreeBusyStatus>Free</t:LegacyFreeBusyStatus>`);
    const series = await make(
      ews,
      "daily",
      `<t:Start>2026-01-01T09:45:00Z</t:Start><t:End>2026-01-01T10:15:00Z</t:End><t:Recurrence><t:DailyRecurrence><t:Interval>1</t:Interval></t:DailyRecurrence><t:NoEndRecurrence><t:StartDate>2026-01-01</t:StartDate></t:NoEndRecurrence></t:Recurrence>`,
    );
    expect(await beside(ews, itemId(lesson))).toEqual({
      counts: ["2", "2"],
      conflicting: ["long", "daily"],
      adjacent: ["before", "after"],
    });
    const occurrence = (index: number): string =>
      `<t:OccurrenceItemId RecurringMasterId="${series.Id}" InstanceIndex="${index}"/>`;
    expect((await beside(ews, occurrence(5))).conflicting).toEqual(["lesson", "after", "later"]);
    expect((await beside(ews, occurrence(6))).counts).toEqual(["0", "0"]);
  });

  it("are given by GetItem alone, by name as well", async () => {
    const ews = makeEwsFixture();
    const lesson = await make(ews, "lesson", at("09:00", "10:00"));
    await make(ews, "other", at("09:00", "10:00"));
    const named = await ews.send(
      getItem(
        itemId(lesson),
        '<t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties><t:FieldURI FieldURI="calendar:ConflictingMeetings"/></t:AdditionalProperties>',
      ),
    );
    const [item] = all(named.body, "ConflictingMeetings").flatMap(({ children }) => children);
    expect(item?.children.map(({ name }) => name)).toEqual([
      ...["ItemId", "Subject", "Start", "End", "LegacyFreeBusyStatus"],
    ]);
  });
});

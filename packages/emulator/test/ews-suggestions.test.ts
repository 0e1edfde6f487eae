/** Suggestions of GetUserAvailability: when several people could meet. */
import { beforeEach, describe, expect, it } from "vitest";
import {
  all,
  createItem,
  type EwsAnswer,
  type EwsFixture,
  makeEwsFixture,
  ROOM_12_ADDRESS,
  ROOM_13_ADDRESS,
  textOf,
} from "./ews-fixture.ts";
import { judgeEveryBody } from "./ews-judge.ts";

judgeEveryBody({ atLeast: 15 });

const NO_CHANGE =
  "<t:Bias>0</t:Bias><t:Time>00:00:00</t:Time><t:DayOrder>0</t:DayOrder><t:Month>0</t:Month><t:DayOfWeek>Sunday</t:DayOfWeek>";
/** One hour before UTC, all the year. */
const ZONE = `<t:TimeZone><t:Bias>-60</t:Bias><t:StandardTime>${NO_CHANGE}</t:StandardTime><t:DaylightTime>${NO_CHANGE}</t:DaylightTime></t:TimeZone>`;
const person = (address: string, type = "Required", excludes = false): string =>
  `<t:MailboxData><t:Email><t:Address>${address}</t:Address></t:Email><t:AttendeeType>${type}</t:AttendeeType><t:ExcludeConflicts>${excludes}</t:ExcludeConflicts></t:MailboxData>`;
const BOTH = person(ROOM_12_ADDRESS, "Organizer") + person(ROOM_13_ADDRESS);

/** Monday and Tuesday. */
const WINDOW =
  "<t:DetailedSuggestionsWindow><t:StartTime>2026-01-05T00:00:00</t:StartTime><t:EndTime>2026-01-07T00:00:00</t:EndTime></t:DetailedSuggestionsWindow>";

let ews: EwsFixture;
beforeEach(async () => {
  ews = makeEwsFixture();
  const item = `<t:Start>2026-01-05T07:00:00Z</t:Start><t:End>2026-01-05T15:00:00Z</t:End><t:LegacyFreeBusyStatus>OOF</t:LegacyFreeBusyStatus>`;
  await ews.send(createItem(item), { mailbox: ROOM_13_ADDRESS });
});

function ask(people: string, wishes = "", { window = WINDOW, freeBusy = "" } = {}): Promise<EwsAnswer> {
  return ews.send(
    `<m:GetUserAvailabilityRequest>${ZONE}<m:MailboxDataArray>${people}</m:MailboxDataArray>${freeBusy}<t:SuggestionsViewOptions>${wishes}${window}</t:SuggestionsViewOptions></m:GetUserAvailabilityRequest>`,
  );
}

/** Times of each day, with their quality. */
function days({ body }: EwsAnswer): string[][] {
  return all(body, "SuggestionDayResult").map((day) => [
    `${textOf(day, "Date")} ${textOf(day, "DayQuality")}`,
    ...all(day, "Suggestion").map(
      (one) => `${textOf(one, "MeetingTime")?.slice(11, 16)} ${textOf(one, "SuggestionQuality")}`,
    ),
  ]);
}

describe("GetUserAvailability with SuggestionsViewOptions", () => {
  it("gives the best times of each day first, on the clock of the request", async () => {
    const answer = await ask(BOTH, "<t:MaximumResultsByDay>3</t:MaximumResultsByDay>");
    expect(answer.codes).toEqual(["NoError"]);
    expect(days(answer)).toEqual([
      ["2026-01-05T00:00:00 Excellent", "16:00 Excellent"],
      ["2026-01-06T00:00:00 Excellent", "08:00 Excellent", "08:30 Excellent", "09:00 Excellent"],
    ]);
    expect(all(answer.body, "FreeBusyResponseArray")).toEqual([]);
  });

  it("takes worse times when they are asked for, and says who cannot come", async () => {
    const answer = await ask(
      BOTH + person("nobody@school.example"),
      "<t:GoodThreshold>34</t:GoodThreshold><t:MaximumResultsByDay>3</t:MaximumResultsByDay><t:MeetingDurationInMinutes>30</t:MeetingDurationInMinutes><t:MinimumSuggestionQuality>Poor</t:MinimumSuggestionQuality>",
    );
    expect(days(answer)[0]).toEqual([
      "2026-01-05T00:00:00 Excellent",
      "16:00 Excellent",
      "16:30 Excellent",
      "08:00 Good",
    ]);
    const third = all(answer.body, "AttendeeConflictDataArray")[2];
    expect(third?.children.map((one) => [one.name, textOf(one, "BusyType")])).toEqual([
      ["IndividualAttendeeConflictData", "Free"],
      ["IndividualAttendeeConflictData", "OOF"],
      ["UnknownAttendeeConflictData", undefined],
    ]);
  });

  it.each([
    [
      "who is optional hinders nobody",
      person(ROOM_12_ADDRESS) + person(ROOM_13_ADDRESS, "Optional"),
      "08:00 Excellent",
    ],
    [
      "whose conflicts are excluded has to be free",
      person(ROOM_12_ADDRESS) + person(ROOM_13_ADDRESS, "Optional", true),
      "16:00 Excellent",
    ],
  ])("%s", async (_title, people, first) => {
    expect(days(await ask(people))[0]?.[1]).toBe(first);
  });

  it("gives times outside working hours only as many as are wanted", async () => {
    const sunday = WINDOW.replace("01-05", "01-04").replace("01-07", "01-05");
    const none = await ask(BOTH, "", { window: sunday });
    expect(days(none)).toEqual([["2026-01-04T00:00:00 Poor"]]);
    const two = await ask(BOTH, "<t:MaximumNonWorkHourResultsByDay>2</t:MaximumNonWorkHourResultsByDay>", {
      window: sunday,
    });
    expect(days(two)).toEqual([["2026-01-04T00:00:00 Excellent", "00:00 Excellent", "00:30 Excellent"]]);
    expect(textOf(two.body, "IsWorkTime")).toBe("false");
  });

  it("stands behind the free/busy times when both are asked for", async () => {
    const freeBusy =
      "<t:FreeBusyViewOptions><t:TimeWindow><t:StartTime>2026-01-05T00:00:00</t:StartTime><t:EndTime>2026-01-06T00:00:00</t:EndTime></t:TimeWindow></t:FreeBusyViewOptions>";
    const { body } = await ask(BOTH, "", { freeBusy });
    expect(body.children.map(({ name }) => name)).toEqual(["FreeBusyResponseArray", "SuggestionsResponse"]);
  });

  it.each([
    ["<t:GoodThreshold>50</t:GoodThreshold>", WINDOW, "ErrorInvalidRequest"],
    ["<t:MeetingDurationInMinutes>29</t:MeetingDurationInMinutes>", WINDOW, "ErrorInvalidRequest"],
    ["", WINDOW.replace("01-07", "03-07"), "ErrorTimeIntervalTooBig"],
    ["", WINDOW.replace("01-07", "01-05"), "ErrorInvalidTimeInterval"],
  ])("refuses %s in %s with %s", async (wishes, window, code) => {
    expect((await ask(BOTH, wishes, { window })).codes).toEqual([code]);
  });
});

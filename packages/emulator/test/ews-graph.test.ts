import { beforeEach, describe, expect, it } from "vitest";
import {
  all,
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
import { ROOM_12 } from "./graph-fixture.ts";

judgeEveryBody({ atLeast: 20 });

const SET = "6ba7b810-9dad-11d1-80b4-00c04fd430c8";
const KEY = `<t:ExtendedFieldURI PropertySetId="${SET}" PropertyName="NightlatchKey" PropertyType="String"/>`;
const GRAPH_KEY = `String {${SET}} Name NightlatchKey`;
const EVENTS = `/users/${ROOM_12}/events`;
const toGraphId = (id: string): string => id.replaceAll("+", "-").replaceAll("/", "_");

let ews: EwsFixture;
beforeEach(() => {
  ews = makeEwsFixture();
});

describe("an item of Exchange Web Services", () => {
  it("is an event of Graph, with its body, category, key, zone and UID", async () => {
    const made = await ews.send(
      createItem(
        `<t:Subject>Maths</t:Subject><t:Sensitivity>Private</t:Sensitivity><t:Body BodyType="Text">Bring rulers</t:Body><t:Categories><t:String>Year 7</t:String></t:Categories><t:ExtendedProperty>${KEY}<t:Value>k-1</t:Value></t:ExtendedProperty><t:UID>uid-1</t:UID><t:Start>2026-07-06T09:00:00</t:Start><t:End>2026-07-06T10:00:00</t:End><t:LegacyFreeBusyStatus>OOF</t:LegacyFreeBusyStatus><t:Location>Room 12</t:Location><t:StartTimeZone Id="GMT Standard Time"/>`,
      ),
    );
    const { Id, ChangeKey } = idOf(made);
    const { json } = await ews.graph.send(
      "GET",
      `${EVENTS}/${toGraphId(Id)}?$expand=singleValueExtendedProperties($filter=id eq '${GRAPH_KEY}')`,
      { headers: { prefer: 'outlook.body-content-type="text"' } },
    );
    expect(json).toMatchObject({
      subject: "Maths",
      sensitivity: "private",
      showAs: "oof",
      body: { contentType: "text", content: "Bring rulers" },
      categories: ["Year 7"],
      location: { displayName: "Room 12" },
      start: { dateTime: "2026-07-06T08:00:00.0000000", timeZone: "UTC" },
      originalStartTimeZone: "GMT Standard Time",
      iCalUId: "uid-1",
      changeKey: ChangeKey,
      singleValueExtendedProperties: [{ id: GRAPH_KEY, value: "k-1" }],
    });
  });

  it("has attachments when Graph has put one there", async () => {
    const made = idOf(
      await ews.send(
        createItem("<t:Start>2026-07-06T09:00:00Z</t:Start><t:End>2026-07-06T10:00:00Z</t:End>"),
      ),
    );
    const has = async (): Promise<string | undefined> =>
      textOf((await ews.send(getItem(itemId({ Id: made.Id })))).body, "HasAttachments");
    expect(await has()).toBe("false");
    const put = await ews.graph.send("POST", `${EVENTS}/${toGraphId(made.Id)}/attachments`, {
      body: {
        "@odata.type": "#microsoft.graph.fileAttachment",
        name: "plan.txt",
        contentBytes: Buffer.from("plan").toString("base64"),
      },
    });
    expect([put.status, await has()]).toEqual([201, "true"]);
  });

  it("gives Graph its series, exceptions and deleted occurrences", async () => {
    const { Id } = idOf(
      await ews.send(
        createItem(
          '<t:Subject>Maths</t:Subject><t:Start>2026-03-16T09:00:00</t:Start><t:End>2026-03-16T10:00:00</t:End><t:Recurrence><t:WeeklyRecurrence><t:Interval>1</t:Interval><t:DaysOfWeek>Monday</t:DaysOfWeek></t:WeeklyRecurrence><t:NumberedRecurrence><t:StartDate>2026-03-16</t:StartDate><t:NumberOfOccurrences>4</t:NumberOfOccurrences></t:NumberedRecurrence></t:Recurrence><t:StartTimeZone Id="GMT Standard Time"/>',
        ),
      ),
    );
    const second = `<t:OccurrenceItemId RecurringMasterId="${Id}" InstanceIndex="2"/>`;
    await ews.send(
      update(second, setField("item:Subject", "<t:Subject>Exam</t:Subject>"), "AlwaysOverwrite"),
    );
    await ews.send(
      `<m:DeleteItem DeleteType="HardDelete" SendMeetingCancellations="SendToNone"><m:ItemIds><t:OccurrenceItemId RecurringMasterId="${Id}" InstanceIndex="3"/></m:ItemIds></m:DeleteItem>`,
    );
    const master = await ews.graph.send("GET", `${EVENTS}/${toGraphId(Id)}`);
    expect(master.json.recurrence).toMatchObject({
      pattern: { type: "weekly", interval: 1, daysOfWeek: ["monday"] },
      range: { type: "numbered", startDate: "2026-03-16", numberOfOccurrences: 4 },
    });
    const { json } = await ews.graph.send(
      "GET",
      `/users/${ROOM_12}/calendarView?startDateTime=2026-03-01T00:00:00Z&endDateTime=2026-05-01T00:00:00Z&$select=subject,start,type`,
    );
    expect(
      json.value.map((event: { subject: string; type: string; start: { dateTime: string } }) =>
        [event.subject, event.type, event.start.dateTime.slice(0, 16)].join(" "),
      ),
    ).toEqual([
      "Maths occurrence 2026-03-16T09:00",
      "Exam exception 2026-03-23T09:00",
      "Maths occurrence 2026-04-06T08:00",
    ]);
  });
});

describe("an event of Graph", () => {
  it("is an item of Exchange Web Services under the same id and change key", async () => {
    const { json } = await ews.graph.send("POST", EVENTS, {
      body: {
        subject: "Assembly",
        body: { contentType: "html", content: "<p>All years</p>" },
        start: { dateTime: "2026-07-06T09:00:00", timeZone: "Europe/London" },
        end: { dateTime: "2026-07-06T09:30:00", timeZone: "Europe/London" },
        isReminderOn: false,
        attendees: [
          { type: "optional", emailAddress: { address: "room-13@school.example", name: "Room 13" } },
        ],
        singleValueExtendedProperties: [{ id: GRAPH_KEY, value: "k-2" }],
      },
    });
    const answer = await ews.send(
      getItem(
        itemId({ Id: json.id }),
        `<t:BaseShape>AllProperties</t:BaseShape><t:AdditionalProperties>${KEY}</t:AdditionalProperties>`,
      ),
    );
    expect(answer.codes).toEqual(["NoError"]);
    expect(toGraphId(idOf(answer).Id)).toBe(json.id);
    expect(idOf(answer).ChangeKey).toBe(json.changeKey);
    expect(textOf(answer.body, "UID")).toBe(json.iCalUId);
    expect(textOf(answer.body, "Body")).toContain("<p>All years</p>");
    expect(textOf(answer.body, "Start")).toBe("2026-07-06T08:00:00Z");
    expect(all(answer.body, "StartTimeZone")[0]?.attributes.get("Id")).toBe("GMT Standard Time");
    expect(textOf(answer.body, "Value")).toBe("k-2");
    expect(textOf(all(answer.body, "OptionalAttendees")[0] ?? answer.body, "EmailAddress")).toBe(
      "room-13@school.example",
    );
  });

  it("with recurrence and a moved occurrence is told alike by both", async () => {
    const { json } = await ews.graph.send("POST", EVENTS, {
      body: {
        subject: "Club",
        start: { dateTime: "2026-02-26T16:00:00", timeZone: "W. Europe Standard Time" },
        end: { dateTime: "2026-02-26T17:00:00", timeZone: "W. Europe Standard Time" },
        recurrence: {
          pattern: { type: "relativeMonthly", interval: 1, daysOfWeek: ["thursday"], index: "last" },
          range: { type: "endDate", startDate: "2026-02-26", endDate: "2026-06-30" },
        },
      },
    });
    const seen = await ews.send(view("2026-01-01T00:00:00Z", "2026-12-31T00:00:00Z"));
    expect(all(seen.body, "Start").map(({ text }) => text)).toEqual([
      "2026-02-26T15:00:00Z",
      "2026-03-26T15:00:00Z",
      "2026-04-30T14:00:00Z",
      "2026-05-28T14:00:00Z",
      "2026-06-25T14:00:00Z",
    ]);
    const third = all(seen.body, "ItemId")[2]?.attributes.get("Id") ?? "";
    const moved = await ews.graph.send("PATCH", `${EVENTS}/${toGraphId(third)}`, {
      body: {
        start: { dateTime: "2026-05-01T14:00:00", timeZone: "UTC" },
        end: { dateTime: "2026-05-01T15:00:00", timeZone: "UTC" },
      },
    });
    expect(moved.status).toBe(200);
    const { body } = await ews.send(getItem(itemId({ Id: json.id })));
    const [exceptions] = all(body, "ModifiedOccurrences");
    expect(textOf(exceptions ?? body, "Start")).toBe("2026-05-01T14:00:00Z");
    expect(textOf(exceptions ?? body, "OriginalStart")).toBe("2026-04-30T14:00:00Z");
    expect(textOf(body, "DayOfWeekIndex")).toBe("Last");
  });

  it("refuses a change by the version that Exchange Web Services has overtaken", async () => {
    const { Id } = idOf(
      await ews.send(
        createItem("<t:Start>2026-01-05T09:00:00Z</t:Start><t:End>2026-01-05T10:00:00Z</t:End>"),
      ),
    );
    const before = await ews.graph.send("GET", `${EVENTS}/${toGraphId(Id)}`);
    await ews.send(
      update(itemId({ Id }), setField("item:Subject", "<t:Subject>x</t:Subject>"), "AlwaysOverwrite"),
    );
    const late = await ews.graph.send("PATCH", `${EVENTS}/${toGraphId(Id)}`, {
      body: { subject: "y" },
      headers: { "if-match": before.json["@odata.etag"] },
    });
    expect(late.status).toBe(412);
  });

  it("changed by Graph meanwhile conflicts with what overlaps, or with what nobody remembers", async () => {
    const { json } = await ews.graph.send("POST", EVENTS, {
      body: {
        subject: "a",
        start: { dateTime: "2026-07-06T09:00:00", timeZone: "UTC" },
        end: { dateTime: "2026-07-06T09:30:00", timeZone: "UTC" },
      },
    });
    const unseen = { Id: json.id, ChangeKey: json.changeKey };
    const patch = (body: object): Promise<unknown> =>
      ews.graph.send("PATCH", `${EVENTS}/${json.id}`, { body });
    const place = setField("calendar:Location", "<t:Location>hall</t:Location>");
    await patch({ subject: "b" });
    expect((await ews.send(update(itemId(unseen), place))).codes).toEqual(["ErrorIrresolvableConflict"]);
    const seen = idOf(await ews.send(getItem(itemId({ Id: json.id }))));
    await patch({ subject: "c" });
    const subject = setField("item:Subject", "<t:Subject>d</t:Subject>");
    expect((await ews.send(update(itemId(seen), subject))).codes).toEqual(["ErrorIrresolvableConflict"]);
    expect((await ews.send(update(itemId(seen), place))).codes).toEqual(["NoError"]);
  });

  it("deleted by one is gone for the other, and delta says so", async () => {
    const { Id } = idOf(
      await ews.send(
        createItem("<t:Start>2026-01-05T09:00:00Z</t:Start><t:End>2026-01-05T10:00:00Z</t:End>"),
      ),
    );
    expect((await ews.graph.send("DELETE", `${EVENTS}/${toGraphId(Id)}`)).status).toBe(204);
    expect((await ews.send(getItem(itemId({ Id })))).codes).toEqual(["ErrorItemNotFound"]);
  });
});

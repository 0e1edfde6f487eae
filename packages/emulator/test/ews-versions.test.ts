/** Requests that name a version get what that version knew: no more in the request, no more in the answer. */
import { describe, expect, it } from "vitest";
import {
  all,
  CALENDAR,
  createItem,
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

const NINE = "<t:Start>2026-01-05T09:00:00Z</t:Start><t:End>2026-01-05T10:00:00Z</t:End>";
const LONDON = '<t:StartTimeZone Id="GMT Standard Time"/>';
const folder = (id: string, more = ""): string =>
  `<m:GetFolder><m:FolderShape><t:BaseShape>AllProperties</t:BaseShape>${more}</m:FolderShape><m:FolderIds><t:DistinguishedFolderId Id="${id}"/></m:FolderIds></m:GetFolder>`;
const wanting = (field: string): string =>
  `<t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties><t:FieldURI FieldURI="${field}"/></t:AdditionalProperties>`;
const YEAR = ["2026-01-01T00:00:00Z", "2026-12-31T00:00:00Z"] as const;
const CONVERT =
  '<m:ConvertId DestinationFormat="EntryId"><m:SourceIds><t:AlternateId Format="EwsId" Id="AAAA" Mailbox="room-12@school.example"/></m:SourceIds></m:ConvertId>';
const SYNC = `<m:SyncFolderItems><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape><m:SyncFolderId>${CALENDAR}</m:SyncFolderId><m:MaxChangesReturned>9</m:MaxChangesReturned><m:SyncScope>NormalItems</m:SyncScope></m:SyncFolderItems>`;
const WEEKLY =
  "<t:Recurrence><t:WeeklyRecurrence><t:Interval>2</t:Interval><t:DaysOfWeek>Monday</t:DaysOfWeek><t:FirstDayOfWeek>Monday</t:FirstDayOfWeek></t:WeeklyRecurrence><t:NoEndRecurrence><t:StartDate>2026-01-05</t:StartDate></t:NoEndRecurrence></t:Recurrence>";

/** What is asked, the last version that does not know it, and the first that does. */
const YOUNGER: readonly (readonly [string, string, string | null, string])[] = [
  ["ConvertId", CONVERT, null, "Exchange2007_SP1"],
  [
    "GetServerTimeZones",
    "<m:GetServerTimeZones><m:Ids><t:Id>UTC</t:Id></m:Ids></m:GetServerTimeZones>",
    "Exchange2007_SP1",
    "Exchange2010",
  ],
  ["StartTimeZone in an item", createItem(NINE + LONDON), "Exchange2007_SP1", "Exchange2010"],
  [
    "StartTimeZone as a property path",
    view(...YEAR, wanting("calendar:StartTimeZone")),
    null,
    "Exchange2010",
  ],
  ["SyncScope", SYNC, "Exchange2007_SP1", "Exchange2010"],
  ["the first day of weeks", createItem(NINE + WEEKLY), "Exchange2010", "Exchange2010_SP1"],
  ["recoverable items", folder("recoverableitemsroot"), "Exchange2010", "Exchange2010_SP1"],
  ["the wall clock", view(...YEAR, wanting("calendar:StartWallClock")), "Exchange2010_SP2", "Exchange2013"],
  [
    "working elsewhere",
    createItem(`${NINE}<t:LegacyFreeBusyStatus>WorkingElsewhere</t:LegacyFreeBusyStatus>`),
    "Exchange2010_SP2",
    "Exchange2013",
  ],
  ["favourites", folder("favorites"), "Exchange2013", "Exchange2013_SP1"],
];

describe("RequestServerVersion", () => {
  it.each(YOUNGER)("%s is for younger versions only", async (_what, body, tooOld, first) => {
    const ews = makeEwsFixture();
    const refused = await ews.send(body, { version: tooOld });
    expect([refused.status, refused.codes]).toEqual([500, ["ErrorIncorrectSchemaVersion"]]);
    expect(textOf(refused.body, "faultstring")).toContain("RequestServerVersion");
    for (const version of [first, "Exchange2013_SP1", "Exchange2016", "V2018_01_08"]) {
      const { status, codes } = await ews.send(body, { version });
      expect([version, status, codes[0]?.includes("Schema")]).toEqual([version, 200, false]);
    }
  });

  it("what is wrong in every version is a violation of the schema, whatever the version", async () => {
    const { codes } = await makeEwsFixture().send(createItem(`${LONDON}${NINE}`), {
      version: "Exchange2007",
      malformed: true,
    });
    expect(codes).toEqual(["ErrorSchemaValidation"]);
  });

  it("all properties are those of the version", async () => {
    const ews = makeEwsFixture();
    const made = idOf(
      await ews.send(
        createItem(
          `${NINE}<t:LegacyFreeBusyStatus>WorkingElsewhere</t:LegacyFreeBusyStatus>${WEEKLY}${LONDON}`,
        ),
      ),
    );
    const names = async (version: string | null): Promise<readonly string[]> => {
      const { body, codes } = await ews.send(getItem(itemId(made)), { version });
      expect(codes).toEqual(["NoError"]);
      expect(textOf(body, "LegacyFreeBusyStatus")).toBe(
        (version ?? "Exchange2007") < "Exchange2013" ? "Free" : "WorkingElsewhere",
      );
      return ["StartTimeZone", "IsAssociated", "ViewPrivateItems", "FirstDayOfWeek", "IsOrganizer"].filter(
        (name) => all(body, name).length > 0,
      );
    };
    expect(await names(null)).toEqual([]);
    expect(await names("Exchange2007_SP1")).toEqual([]);
    const of2010 = ["StartTimeZone", "IsAssociated", "ViewPrivateItems"];
    expect(await names("Exchange2010")).toEqual(of2010);
    expect(await names("Exchange2010_SP2")).toEqual([...of2010, "FirstDayOfWeek"]);
    expect(await names("Exchange2013_SP1")).toEqual([...of2010, "FirstDayOfWeek", "IsOrganizer"]);
    const shown = await ews.send(folder("calendar"), { version: "Exchange2010_SP2" });
    expect(all(shown.body, "DistinguishedFolderId")).toEqual([]);
  });

  it("the oldest version makes, finds, changes and deletes items", async () => {
    const ews = makeEwsFixture();
    const old = { version: null };
    const made = idOf(await ews.send(createItem(`<t:Subject>Maths</t:Subject>${NINE}`), old));
    expect(textOf((await ews.send(find(""), old)).body, "Subject")).toBe("Maths");
    const changed = await ews.send(
      update(itemId(made), setField("item:Subject", "<t:Subject>Art</t:Subject>")),
      old,
    );
    expect(changed.codes).toEqual(["NoError"]);
    const drop = `<m:DeleteItem DeleteType="HardDelete" SendMeetingCancellations="SendToNone"><m:ItemIds>${itemId(made)}</m:ItemIds></m:DeleteItem>`;
    expect((await ews.send(drop, old)).codes).toEqual(["NoError"]);
  });
});

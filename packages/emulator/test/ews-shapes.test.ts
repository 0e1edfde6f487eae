import { describe, expect, it } from "vitest";
import {
  all,
  CALENDAR,
  createItem,
  type EwsAnswer,
  type EwsFixture,
  envelope,
  find,
  getItem,
  idOf,
  itemId,
  makeEwsFixture,
  textOf,
  update,
} from "./ews-fixture.ts";
import { judgeEveryBody } from "./ews-judge.ts";

judgeEveryBody({ atLeast: 40 });

const ID_ONLY = "<t:BaseShape>IdOnly</t:BaseShape>";
const SUBJECTS = `${ID_ONLY}<t:AdditionalProperties><t:FieldURI FieldURI="item:Subject"/></t:AdditionalProperties>`;
const withPaths = (paths: string): string =>
  `${ID_ONLY}<t:AdditionalProperties>${paths}</t:AdditionalProperties>`;

async function calendarOf(count: number): Promise<{ ews: EwsFixture; id: string }> {
  const ews = makeEwsFixture();
  let id = "";
  for (let day = 1; day <= count; day++) {
    const times = `<t:Start>2026-01-0${day}T09:00:00Z</t:Start><t:End>2026-01-0${day}T10:00:00Z</t:End>`;
    const body = '<t:Body BodyType="HTML">&lt;p&gt;a &amp;amp; b&lt;/p&gt;</t:Body>';
    const made = await ews.send(createItem(`<t:Subject>${day}</t:Subject>${body}${times}`));
    id = idOf(made).Id;
  }
  return { ews, id: itemId({ Id: id }) };
}

const subjectsOf = ({ body }: EwsAnswer): string =>
  all(body, "Subject")
    .map(({ text }) => text)
    .join("");
const root = ({ body }: EwsAnswer, name: string): string | undefined =>
  all(body, "RootFolder")[0]?.attributes.get(name);

describe("pages", () => {
  it.each([
    ['IndexedPageItemView Offset="0" BasePoint="End" MaxEntriesReturned="2"', "21", "2", "false"],
    ['IndexedPageItemView Offset="2" BasePoint="End" MaxEntriesReturned="2"', "43", "4", "true"],
    ['IndexedPageItemView Offset="9" BasePoint="End"', "", "4", "true"],
    ['IndexedPageItemView Offset="3" BasePoint="Beginning"', "1", "4", "true"],
    ['IndexedPageItemView Offset="9" BasePoint="Beginning"', "", "4", "true"],
    ['FractionalPageItemView Numerator="1" Denominator="2" MaxEntriesReturned="1"', "2", undefined, "false"],
    ['FractionalPageItemView Numerator="1" Denominator="1"', "", undefined, "true"],
  ])("%s gives what it asks for", async (page, subjects, offset, isLast) => {
    const { ews } = await calendarOf(4);
    const answer = await ews.send(find("", SUBJECTS, `<m:${page}/>`));
    expect([
      subjectsOf(answer),
      root(answer, "IndexedPagingOffset"),
      root(answer, "IncludesLastItemInRange"),
    ]).toEqual([subjects, offset, isLast]);
  });

  it.each([
    ['IndexedPageItemView Offset="-1" BasePoint="Beginning"', "ErrorInvalidIndexedPagingParameters"],
    ['IndexedPageItemView Offset="-1" BasePoint="End"', "ErrorInvalidIndexedPagingParameters"],
    ['IndexedPageItemView Offset="0" BasePoint="End" MaxEntriesReturned="0"', "ErrorInvalidPagingMaxRows"],
    ['IndexedPageItemView Offset="0" BasePoint="End" MaxEntriesReturned="-5"', "ErrorInvalidPagingMaxRows"],
    ['FractionalPageItemView Numerator="2" Denominator="1"', "ErrorInvalidFractionalPagingParameters"],
    ['FractionalPageItemView Numerator="0" Denominator="0"', "ErrorInvalidFractionalPagingParameters"],
  ])("%s is refused", async (page, code) => {
    const { ews } = await calendarOf(0);
    expect((await ews.send(find("", SUBJECTS, `<m:${page}/>`))).codes).toEqual([code]);
  });
});

describe("paths", () => {
  it("that no calendar item has give nothing, those of no item are refused as they were spelled", async () => {
    const { ews, id } = await calendarOf(1);
    const header = '<t:IndexedFieldURI FieldURI="item:InternetMessageHeader" FieldIndex="X-A"/>';
    const nothing = `${header}<t:FieldURI FieldURI="message:From"/><t:FieldURI FieldURI="contacts:GivenName"/>`;
    const none = await ews.send(getItem(id, withPaths(nothing)));
    expect(all(none.body, "CalendarItem")[0]?.children.map(({ name }) => name)).toEqual(["ItemId"]);
    for (const path of [
      '<t:ExceptionFieldURI FieldURI="attachment:Name"/>',
      '<t:FieldURI FieldURI="folder:DisplayName"/>',
    ]) {
      const refused = await ews.send(getItem(id, withPaths(path)));
      expect(refused.codes).toEqual(["ErrorInvalidPropertyRequest"]);
      expect(refused.text).toContain(path);
    }
    const sort = (path: string): string =>
      find(`<m:SortOrder><t:FieldOrder Order="Ascending">${path}</t:FieldOrder></m:SortOrder>`);
    const restrict = (path: string): string =>
      find(`<m:Restriction><t:Exists>${path}</t:Exists></m:Restriction>`);
    for (const [body, code] of [
      [sort(header), "ErrorUnsupportedPathForSortGroup"],
      [restrict(header), "ErrorUnsupportedPathForQuery"],
      [restrict('<t:ExceptionFieldURI FieldURI="recurrence:Month"/>'), "ErrorUnsupportedPathForQuery"],
    ] as const)
      expect((await ews.send(body)).codes).toEqual([code]);
    const change = update(
      id,
      `<t:SetItemField>${header}<t:CalendarItem><t:Subject>x</t:Subject></t:CalendarItem></t:SetItemField>`,
    );
    expect((await ews.send(change)).codes).toEqual(["ErrorUpdatePropertyMismatch"]);
    expect((await ews.send(update(id, `<t:DeleteItemField>${header}</t:DeleteItemField>`))).codes).toEqual([
      "ErrorInvalidPropertyDelete",
    ]);
  });

  it("asked for twice are given once, bodies as text, as HTML or as they are", async () => {
    const { ews, id } = await calendarOf(1);
    const body = '<t:FieldURI FieldURI="item:Body"/>';
    const shapes = ["Text", "HTML", "Best"].map((type) =>
      withPaths(body + body).replace("<t:AdditionalProperties>", `<t:BodyType>${type}</t:BodyType>$&`),
    );
    const bodies = [];
    for (const shape of shapes) {
      const [found, ...others] = all((await ews.send(getItem(id, shape))).body, "Body");
      bodies.push([found?.attributes.get("BodyType"), found?.text, others.length]);
    }
    expect(bodies).toEqual([
      ["Text", "a & b", 0],
      ["HTML", "<p>a &amp; b</p>", 0],
      ["HTML", "<p>a &amp; b</p>", 0],
    ]);
  });
});

describe("folders and traversals", () => {
  it("answer for each folder in order; associated and softly deleted items there are none", async () => {
    const { ews } = await calendarOf(2);
    const several = find("", SUBJECTS).replace(
      CALENDAR,
      `${CALENDAR}<t:DistinguishedFolderId Id="inbox"><t:Mailbox/></t:DistinguishedFolderId><t:DistinguishedFolderId Id="voicemail"/>`,
    );
    const answer = await ews.send(several);
    expect(answer.codes).toEqual(["NoError", "NoError", "ErrorFolderNotFound"]);
    expect(
      all(answer.body, "RootFolder").map(({ attributes }) => attributes.get("TotalItemsInView")),
    ).toEqual(["2", "0"]);
    for (const traversal of ["Associated", "SoftDeleted"]) {
      const none = await ews.send(find("", SUBJECTS).replace("Shallow", traversal));
      expect([none.codes, root(none, "TotalItemsInView")]).toEqual([["NoError"], "0"]);
    }
  });
});

describe("headers", () => {
  const impersonation =
    "<t:ExchangeImpersonation><t:ConnectingSID><t:SmtpAddress>room-12@school.example</t:SmtpAddress></t:ConnectingSID></t:ExchangeImpersonation>";
  const version = '<t:RequestServerVersion Version="Exchange2013" soap:mustUnderstand="0"/>';

  it.each([
    ["in any order", "", "NoError"],
    ["with a culture", "<t:MailboxCulture>de-DE</t:MailboxCulture>", "NoError"],
    [
      "with a culture to understand",
      '<t:MailboxCulture soap:mustUnderstand="1">en</t:MailboxCulture>',
      "NoError",
    ],
    ["with a precision", "<t:DateTimePrecision>Milliseconds</t:DateTimePrecision>", "NoError"],
    ["with an unknown precision", "<t:DateTimePrecision>Days</t:DateTimePrecision>", "ErrorSchemaValidation"],
    [
      "with a zone and its name",
      '<t:TimeZoneContext><t:TimeZoneDefinition Name="x" Id="W. Europe Standard Time"/></t:TimeZoneContext>',
      "NoError",
    ],
    [
      "with an unknown zone",
      '<t:TimeZoneContext><t:TimeZoneDefinition Id="Nowhere"/></t:TimeZoneContext>',
      "ErrorCalendarInvalidTimeZone",
    ],
    ["of others, with a comment", '<x:Action xmlns:x="urn:x">a</x:Action><!-- c -->', "NoError"],
  ])("%s are read", async (_what, header, code) => {
    const { ews } = await calendarOf(0);
    const malformed = code === "ErrorSchemaValidation";
    const answer = await ews.send(find(""), { header: impersonation + header + version, malformed });
    expect(answer.codes).toEqual([code]);
  });
});

describe("spellings of XML", () => {
  it("byte order mark, no declaration, comments and CDATA inside of values are read alike", async () => {
    const ews = makeEwsFixture();
    const text = envelope(
      createItem(
        "<t:Subject><![CDATA[a <b>]]> &amp; c<!-- x --></t:Subject><t:Start>2026-01-05T09:00:00<!-- y -->Z</t:Start><t:End>2026-01-05T10:00:00Z</t:End>",
      ),
    );
    const bare = text.slice(text.indexOf("?>") + 2).trim();
    for (const raw of [text, `\ufeff${text}`, bare, `\n  ${bare}\n`]) {
      const made = await ews.send("", { raw });
      expect(made.codes).toEqual(["NoError"]);
      const found = await ews.send(getItem(itemId({ Id: idOf(made).Id }), SUBJECTS));
      expect(textOf(found.body, "Subject")).toBe("a <b> & c");
    }
  });

  it("UTF-16 is 415 where it is named, and a refusal of the schema where it is not", async () => {
    const ews = makeEwsFixture();
    const raw = Buffer.from(`\ufeff${envelope(find("")).replace("utf-8", "utf-16")}`, "utf16le");
    const named = await ews.send("", { raw, malformed: true, contentType: "text/xml; charset=utf-16" });
    expect(named.status).toBe(415);
    const unnamed = await ews.send("", { raw, malformed: true });
    expect(unnamed.codes).toEqual(["ErrorSchemaValidation"]);
  });
});

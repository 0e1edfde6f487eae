import { describe, expect, it } from "vitest";
import { all, createItem, type EwsFixture, find, makeEwsFixture, textOf, view } from "./ews-fixture.ts";
import { judgeEveryBody } from "./ews-judge.ts";

judgeEveryBody({ atLeast: 20 });

const SUBJECTS =
  '<t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties><t:FieldURI FieldURI="item:Subject"/></t:AdditionalProperties>';
const BY_START =
  '<m:SortOrder><t:FieldOrder Order="Ascending"><t:FieldURI FieldURI="calendar:Start"/></t:FieldOrder></m:SortOrder>';

const LESSONS: readonly (readonly [subject: string, members: string, location: string])[] = [
  [
    "Maths project",
    '<t:Body BodyType="HTML">&lt;p&gt;Bring &lt;b&gt;rulers&lt;/b&gt;&lt;/p&gt;</t:Body>',
    "Room 12",
  ],
  ["December projections", "<t:Importance>High</t:Importance>", "Hall"],
  ["Project plan, Maths", "<t:Categories><t:String>Year 7</t:String></t:Categories>", "Hall"],
  ["Étude", "", ""],
];

async function school(): Promise<EwsFixture> {
  const ews = makeEwsFixture();
  for (const [index, [subject, members, location]] of LESSONS.entries()) {
    const [body, categories, importance] = ["t:Body", "t:Categories", "t:Importance"].map((name) =>
      members.startsWith(`<${name}`) ? members : "",
    );
    const times = `<t:Start>2026-01-0${index + 1}T09:00:00Z</t:Start><t:End>2026-01-0${index + 1}T10:00:00Z</t:End>`;
    await ews.send(
      createItem(
        `<t:Subject>${subject}</t:Subject>${body}${categories}${importance}${times}<t:Location>${location}</t:Location>`,
      ),
    );
  }
  return ews;
}

function query(text: string): string {
  return find(BY_START, SUBJECTS).replace(
    "</m:FindItem>",
    `<m:QueryString>${text.replaceAll('"', "&quot;")}</m:QueryString></m:FindItem>`,
  );
}

describe("QueryString", () => {
  it("looks for words and phrases, in all texts or by keyword", async () => {
    const ews = await school();
    const indexes = async (text: string): Promise<number[]> => {
      const answer = await ews.send(query(text));
      expect(answer.codes).toEqual(["NoError"]);
      return all(answer.body, "Subject").map((subject) =>
        LESSONS.findIndex(([wanted]) => wanted === subject.text),
      );
    };
    const cases: readonly (readonly [string, readonly number[]])[] = [
      ["project", [0, 1, 2]],
      ['"project"', [0, 2]],
      ["subject:project", [0, 1, 2]],
      ["Subject:maths PROJECT", [0, 2]],
      ['subject:"project plan"', [2]],
      ['subject:"proj pl"', []],
      ['subject:"proj pl"*', [2]],
      ["subject:(plan maths)", [2]],
      ["body:ruler", [0]],
      ["subject:ruler", []],
      ["project NOT subject:plan", [0, 1]],
      ["subject:plan OR body:rulers", [0, 2]],
      ["(subject:december OR subject:plan) AND maths", [2]],
      ["importance:high", [1]],
      ['category:"Year 7"', [2]],
      ["location:hall", [1, 2]],
      ["hasattachment:true", []],
      ["kind:meetings", [0, 1, 2, 3]],
      ["participants:room", [0, 1, 2, 3]],
      ["étude", [3]],
      ["", [0, 1, 2, 3]],
      [")(", [0, 1, 2, 3]],
    ];
    const found: [string, number[]][] = [];
    for (const [text] of cases) found.push([text, await indexes(text)]);
    expect(found).toEqual(cases);
  });

  it("is refused with a keyword that the emulator has not, a restriction, a window, or before 2010", async () => {
    const ews = makeEwsFixture();
    const unknown = await ews.send(query("received:yesterday"));
    expect(unknown.codes).toEqual(["ErrorInvalidOperation"]);
    expect(textOf(unknown.body, "MessageText")).toContain("received");
    expect(ews.notes.join("\n")).toContain("miss: EWS query keyword received");
    const restriction =
      '<m:Restriction><t:Exists><t:FieldURI FieldURI="item:Subject"/></t:Exists></m:Restriction><m:SortOrder>';
    const both = query("x").replace("<m:SortOrder>", restriction);
    expect((await ews.send(both)).codes).toEqual(["ErrorInvalidRequest"]);
    const windowed = view("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z").replace(
      "</m:FindItem>",
      "<m:QueryString>x</m:QueryString></m:FindItem>",
    );
    expect((await ews.send(windowed)).codes).toEqual(["ErrorInvalidRequest"]);
    expect((await ews.send(query("x"), { version: "Exchange2007_SP1" })).codes).toEqual([
      "ErrorIncorrectSchemaVersion",
    ]);
    expect((await ews.send(query("(".repeat(9_000)))).codes).toEqual(["ErrorInvalidRequest"]);
  });
});

describe("GroupBy", () => {
  const groupBy = (order: string, aggregate: string, field = "calendar:Location"): string =>
    `<m:GroupBy Order="${order}"><t:FieldURI FieldURI="${field}"/><t:AggregateOn Aggregate="${aggregate}"><t:FieldURI FieldURI="calendar:Start"/></t:AggregateOn></m:GroupBy>`;

  async function groups(ews: EwsFixture, body: string): Promise<(readonly string[])[]> {
    const answer = await ews.send(body);
    expect(answer.codes).toEqual(["NoError"]);
    return all(answer.body, "GroupedItems").map((group) => [
      textOf(group, "GroupIndex") ?? "",
      ...all(group, "Subject").map(({ text }) => text),
    ]);
  }

  it("groups by a property, in the order of the least or greatest of another", async () => {
    const ews = await school();
    const [maths, december, plan, etude] = LESSONS.map(([subject]) => subject);
    expect(await groups(ews, find(groupBy("Ascending", "Minimum") + BY_START, SUBJECTS))).toEqual([
      ["Room 12", maths],
      ["Hall", december, plan],
      ["", etude],
    ]);
    expect(await groups(ews, find(groupBy("Descending", "Maximum"), SUBJECTS))).toEqual([
      ["", etude],
      ["Hall", plan, december],
      ["Room 12", maths],
    ]);
    expect(await groups(ews, find(groupBy("Descending", "Minimum", "item:Categories"), SUBJECTS))).toEqual([
      ["Year 7", plan],
      ["", etude, december, maths],
    ]);
  });

  it("comes in pages that count items", async () => {
    const ews = await school();
    const page = (offset: number): string =>
      find(
        groupBy("Ascending", "Minimum") + BY_START,
        SUBJECTS,
        `<m:IndexedPageItemView MaxEntriesReturned="2" Offset="${offset}" BasePoint="Beginning"/>`,
      );
    const [maths, december, plan, etude] = LESSONS.map(([subject]) => subject);
    expect(await groups(ews, page(0))).toEqual([
      ["Room 12", maths],
      ["Hall", december],
    ]);
    expect(await groups(ews, page(2))).toEqual([
      ["Hall", plan],
      ["", etude],
    ]);
    const last = await ews.send(page(2));
    expect(all(last.body, "RootFolder")[0]?.attributes.get("IncludesLastItemInRange")).toBe("true");
  });

  it("is refused by a property that cannot be grouped by", async () => {
    const answer = await makeEwsFixture().send(find(groupBy("Ascending", "Minimum", "calendar:UID")));
    expect(answer.codes).toEqual(["ErrorUnsupportedPathForSortGroup"]);
  });
});

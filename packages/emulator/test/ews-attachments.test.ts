import { describe, expect, it } from "vitest";
import {
  all,
  createItem,
  type EwsAnswer,
  type EwsFixture,
  getItem,
  idOf,
  itemId,
  makeEwsFixture,
  setField,
  textOf,
  update,
} from "./ews-fixture.ts";
import { judgeEveryBody } from "./ews-judge.ts";
import { ROOM_12, ROOM_13 } from "./graph-fixture.ts";

judgeEveryBody({ atLeast: 15 });

const TIMES = "<t:Start>2026-01-05T09:00:00Z</t:Start><t:End>2026-01-05T10:00:00Z</t:End>";
const WEEK =
  "<t:Recurrence><t:DailyRecurrence><t:Interval>1</t:Interval></t:DailyRecurrence><t:NumberedRecurrence><t:StartDate>2026-01-05</t:StartDate><t:NumberOfOccurrences>3</t:NumberOfOccurrences></t:NumberedRecurrence></t:Recurrence>";
const FILES =
  '<t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties><t:FieldURI FieldURI="item:Attachments"/><t:FieldURI FieldURI="item:HasAttachments"/></t:AdditionalProperties>';
const HELLO = Buffer.from("Hello").toString("base64");

function file(name: string, content = HELLO, more = ""): string {
  return `<t:FileAttachment><t:Name>${name}</t:Name><t:ContentType>text/plain</t:ContentType>${more}<t:Content>${content}</t:Content></t:FileAttachment>`;
}

function attach(parent: string, files: string): string {
  return `<m:CreateAttachment>${parent}<m:Attachments>${files}</m:Attachments></m:CreateAttachment>`;
}

function parentOf(id: { readonly Id: string; readonly ChangeKey?: string }): string {
  return itemId(id).replace("t:ItemId", "m:ParentItemId");
}

function byId(operation: string, ...ids: readonly string[]): string {
  const list = ids.map((id) => `<t:AttachmentId Id="${id}"/>`).join("");
  return `<m:${operation}><m:AttachmentIds>${list}</m:AttachmentIds></m:${operation}>`;
}

function attachmentIds(answer: EwsAnswer): string[] {
  return all(answer.body, "AttachmentId").map(({ attributes }) => attributes.get("Id") ?? "");
}

async function make(ews: EwsFixture, content = ""): Promise<{ Id: string; ChangeKey: string }> {
  return idOf(await ews.send(createItem(`<t:Subject>Maths</t:Subject>${TIMES}${content}`)));
}

describe("attachments", () => {
  it("are created, listed by GetItem alone, given with their bytes, and deleted", async () => {
    const ews = makeEwsFixture();
    const item = await make(ews);
    const made = await ews.send(attach(parentOf(item), file("plan.txt") + file("map.txt")));
    expect(made.codes).toEqual(["NoError", "NoError"]);
    const root = all(made.body, "AttachmentId")[1];
    expect(root?.attributes.get("RootItemId")).toBe(item.Id);
    const listed = await ews.send(getItem(itemId({ Id: item.Id }), FILES));
    expect(idOf(listed).ChangeKey).toBe(root?.attributes.get("RootItemChangeKey"));
    expect(all(listed.body, "FileAttachment").map((one) => one.children.map(({ name }) => name))).toEqual(
      Array(2).fill([
        "AttachmentId",
        "Name",
        "ContentType",
        "Size",
        "LastModifiedTime",
        "IsInline",
        "IsContactPhoto",
      ]),
    );
    expect([textOf(listed.body, "HasAttachments"), textOf(listed.body, "Size")]).toEqual(["true", "5"]);
    const [plan = "", map = ""] = attachmentIds(listed);
    const given = await ews.send(byId("GetAttachment", plan, map));
    expect(all(given.body, "Content").map(({ text }) => text)).toEqual([HELLO, HELLO]);
    const gone = await ews.send(byId("DeleteAttachment", plan));
    expect(all(gone.body, "RootItemId")[0]?.attributes.get("RootItemId")).toBe(item.Id);
    const left = await ews.send(getItem(itemId({ Id: item.Id }), FILES));
    expect(all(left.body, "Name").map(({ text }) => text)).toEqual(["map.txt"]);
    const key = all(gone.body, "RootItemId")[0]?.attributes.get("RootItemChangeKey");
    expect(idOf(left).ChangeKey).toBe(key);
  });

  it("are those of Graph, both ways", async () => {
    const ews = makeEwsFixture();
    const item = await make(ews);
    const [event] = (await ews.graph.send("GET", `/users/${ROOM_12}/events`)).json.value;
    const path = `/users/${ROOM_12}/events/${event.id}/attachments`;
    await ews.send(
      attach(
        parentOf(item),
        file("plan.txt", HELLO, "<t:ContentId>c1</t:ContentId><t:IsInline>true</t:IsInline>"),
      ),
    );
    expect((await ews.graph.send("GET", path)).json.value[0]).toMatchObject({
      name: "plan.txt",
      contentType: "text/plain",
      isInline: true,
      contentId: "c1",
      contentBytes: HELLO,
    });
    const body = { "@odata.type": "#microsoft.graph.fileAttachment", name: "map.txt", contentBytes: HELLO };
    await ews.graph.send("POST", path, { body });
    const listed = await ews.send(getItem(itemId({ Id: item.Id }), FILES));
    expect(all(listed.body, "Name").map(({ text }) => text)).toEqual(["plan.txt", "map.txt"]);
    const given = await ews.send(byId("GetAttachment", attachmentIds(listed)[1] ?? ""));
    expect([textOf(given.body, "Name"), textOf(given.body, "Content")]).toEqual(["map.txt", HELLO]);
  });

  it("reach those who are invited with the next update that is sent", async () => {
    const ews = makeEwsFixture();
    const item = await make(
      ews,
      "<t:RequiredAttendees><t:Attendee><t:Mailbox><t:EmailAddress>room-13@school.example</t:EmailAddress></t:Mailbox></t:Attendee></t:RequiredAttendees>",
    );
    await ews.send(attach(parentOf(item), file("plan.txt")));
    expect((await ews.graph.send("GET", `/users/${ROOM_13}/events`)).json.value).toEqual([]);
    const change = update(
      itemId(item),
      setField("item:Subject", "<t:Subject>y</t:Subject>"),
      "AlwaysOverwrite",
    );
    await ews.send(change.replace("SendToNone", "SendToAllAndSaveCopy"));
    const [copy] = (await ews.graph.send("GET", `/users/${ROOM_13}/events`)).json.value;
    const files = (await ews.graph.send("GET", `/users/${ROOM_13}/events/${copy.id}/attachments`)).json.value;
    expect(files.map(({ name }: { name: string }) => name)).toEqual(["plan.txt"]);
  });

  it("come with a new item, and belong to one occurrence where they were attached to one", async () => {
    const ews = makeEwsFixture();
    const whole = await make(ews, "");
    const withFile = idOf(
      await ews.send(
        createItem(`<t:Subject>x</t:Subject><t:Attachments>${file("a.txt")}</t:Attachments>${TIMES}${WEEK}`),
      ),
    );
    const second = `<t:OccurrenceItemId RecurringMasterId="${withFile.Id}" InstanceIndex="2"/>`;
    const occurrence = idOf(await ews.send(getItem(second, FILES)));
    await ews.send(attach(parentOf(occurrence), file("b.txt")));
    const names = async (id: string): Promise<string[]> =>
      all((await ews.send(getItem(id, FILES))).body, "Name").map(({ text }) => text);
    expect(await names(second)).toEqual(["a.txt", "b.txt"]);
    expect(await names(itemId({ Id: withFile.Id }))).toEqual(["a.txt"]);
    expect(await names(itemId({ Id: whole.Id }))).toEqual([]);
    const listed = await ews.send(getItem(second, FILES));
    expect((await ews.send(byId("GetAttachment", ...attachmentIds(listed)))).codes).toEqual([
      "NoError",
      "NoError",
    ]);
  });

  it("are refused by their own codes: ids that are none, files and items that are gone", async () => {
    const ews = makeEwsFixture();
    const item = await make(ews);
    const made = await ews.send(attach(parentOf(item), file("plan.txt")));
    const [id = ""] = attachmentIds(made);
    await ews.send(byId("DeleteAttachment", id));
    expect((await ews.send(byId("GetAttachment", id, "AAAA", "", item.Id))).codes).toEqual([
      "ErrorInvalidAttachmentId",
      "ErrorInvalidIdMalformed",
      "ErrorInvalidIdMalformed",
      "ErrorInvalidIdMalformed",
    ]);
    await ews.send(
      `<m:DeleteItem DeleteType="HardDelete" SendMeetingCancellations="SendToNone"><m:ItemIds>${itemId({ Id: item.Id })}</m:ItemIds></m:DeleteItem>`,
    );
    expect((await ews.send(byId("DeleteAttachment", id))).codes).toEqual(["ErrorItemNotFound"]);
    expect((await ews.send(attach(parentOf({ Id: item.Id }), file("a")))).codes).toEqual([
      "ErrorItemNotFound",
    ]);
  });

  it("that are items are refused by name, and no update sets any", async () => {
    const ews = makeEwsFixture();
    const item = await make(ews);
    const refused = await ews.send(
      attach(parentOf(item), "<t:ItemAttachment><t:Name>x</t:Name></t:ItemAttachment>"),
      { malformed: true },
    );
    expect(refused.codes).toEqual(["ErrorInvalidOperation"]);
    const set = update(
      itemId(item),
      setField("item:Attachments", `<t:Attachments>${file("a")}</t:Attachments>`),
    );
    expect((await ews.send(set)).codes).toEqual(["ErrorInvalidPropertySet"]);
  });

  it("say to Exchange 2007 what it knows of them", async () => {
    const ews = makeEwsFixture();
    const item = await make(ews);
    await ews.send(attach(parentOf(item), file("plan.txt")));
    const listed = await ews.send(getItem(itemId({ Id: item.Id }), FILES), { version: "Exchange2007_SP1" });
    const [one] = all(listed.body, "FileAttachment");
    expect(one?.children.map(({ name }) => name)).toEqual(["AttachmentId", "Name", "ContentType"]);
  });
});

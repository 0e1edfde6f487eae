import { describe, expect, it } from "vitest";
import {
  all,
  CALENDAR,
  createItem,
  type EwsAnswer,
  type EwsFixture,
  idOf,
  itemId,
  makeEwsFixture,
  ROOM_13_ADDRESS,
  setField,
  textOf,
  update,
} from "./ews-fixture.ts";
import { judgeEveryBody } from "./ews-judge.ts";
import { ROOM_12 } from "./graph-fixture.ts";

judgeEveryBody({ atLeast: 15 });

const TYPES = ["CreatedEvent", "ModifiedEvent", "DeletedEvent", "MovedEvent", "CopiedEvent", "NewMailEvent"];
const TIMES = "<t:Start>2026-01-05T09:00:00Z</t:Start><t:End>2026-01-05T10:00:00Z</t:End>";
const MINUTE_MS = 60_000;

interface Options {
  readonly folders?: string;
  readonly types?: readonly string[];
  readonly all?: boolean;
  readonly watermark?: string;
}

function subscribe({ folders = CALENDAR, types = TYPES, all: takesAll, watermark }: Options = {}): string {
  const list = folders === "" ? "" : `<t:FolderIds>${folders}</t:FolderIds>`;
  const kinds = types.map((type) => `<t:EventType>${type}</t:EventType>`).join("");
  const mark = watermark === undefined ? "" : `<t:Watermark>${watermark}</t:Watermark>`;
  return `<m:Subscribe><m:PullSubscriptionRequest${takesAll === true ? ' SubscribeToAllFolders="true"' : ""}>${list}<t:EventTypes>${kinds}</t:EventTypes>${mark}<t:Timeout>10</t:Timeout></m:PullSubscriptionRequest></m:Subscribe>`;
}

function getEvents(id: string, watermark: string): string {
  return `<m:GetEvents><m:SubscriptionId>${id}</m:SubscriptionId><m:Watermark>${watermark}</m:Watermark></m:GetEvents>`;
}

/** A subscriber that goes on from its last watermark and gives kinds and ids. */
async function follow(ews: EwsFixture, options?: Options): Promise<() => Promise<string[]>> {
  const opened = await ews.send(subscribe(options));
  expect(opened.codes).toEqual(["NoError"]);
  const id = textOf(opened.body, "SubscriptionId") ?? "";
  let watermark = textOf(opened.body, "Watermark") ?? "";
  return async () => {
    const answer = await ews.send(getEvents(id, watermark));
    expect(answer.codes).toEqual(["NoError"]);
    expect(textOf(answer.body, "PreviousWatermark")).toBe(watermark);
    watermark = all(answer.body, "Watermark").at(-1)?.text ?? "";
    return eventsOf(answer);
  };
}

function eventsOf({ body }: EwsAnswer): string[] {
  const events = all(body, "Notification")[0]?.children.filter(({ name }) => name.endsWith("Event")) ?? [];
  return events.map(({ name }) => name);
}

describe("pull subscriptions", () => {
  it("tell what was made, changed and deleted, over Graph as well, each once", async () => {
    const ews = makeEwsFixture();
    const next = await follow(ews);
    expect(await next()).toEqual(["StatusEvent"]);
    const item = idOf(await ews.send(createItem(`<t:Subject>x</t:Subject>${TIMES}`)));
    expect(await next()).toEqual(["CreatedEvent"]);
    await ews.send(update(itemId(item), setField("item:Subject", "<t:Subject>y</t:Subject>")));
    expect(await next()).toEqual(["ModifiedEvent"]);
    const [event] = (await ews.graph.send("GET", `/users/${ROOM_12}/events`)).json.value;
    await ews.graph.send("DELETE", `/users/${ROOM_12}/events/${event.id}`);
    expect(await next()).toEqual(["DeletedEvent"]);
    expect(await next()).toEqual(["StatusEvent"]);
  });

  it("tell where a moved item came from, and of what a copy is one", async () => {
    const ews = makeEwsFixture();
    const item = idOf(await ews.send(createItem(`<t:Subject>x</t:Subject>${TIMES}`)));
    const opened = await ews.send(subscribe());
    const move = (name: string): string =>
      `<m:${name}><m:ToFolderId><t:DistinguishedFolderId Id="deleteditems"/></m:ToFolderId><m:ItemIds>${itemId({ Id: item.Id })}</m:ItemIds></m:${name}>`;
    await ews.send(move("CopyItem"));
    const moved = await ews.send(move("MoveItem"));
    const events = await ews.send(
      getEvents(textOf(opened.body, "SubscriptionId") ?? "", textOf(opened.body, "Watermark") ?? ""),
    );
    expect(eventsOf(events)).toEqual(["CopiedEvent", "MovedEvent"]);
    const [event] = all(events.body, "MovedEvent");
    expect(event?.children.map(({ name }) => name)).toEqual([
      ...["Watermark", "TimeStamp", "ItemId", "ParentFolderId", "OldItemId", "OldParentFolderId"],
    ]);
    expect(event?.children[2]?.attributes.get("Id")).toBe(idOf(moved).Id);
    expect(event?.children[4]?.attributes.get("Id")).toBe(item.Id);
  });

  it("tell a deletion to Deleted Items as a move, and one for good as a deletion", async () => {
    const ews = makeEwsFixture();
    const next = await follow(ews);
    for (const type of ["MoveToDeletedItems", "HardDelete"]) {
      const item = idOf(await ews.send(createItem(`<t:Subject>x</t:Subject>${TIMES}`)));
      await next();
      await ews.send(
        `<m:DeleteItem DeleteType="${type}" SendMeetingCancellations="SendToNone"><m:ItemIds>${itemId(item)}</m:ItemIds></m:DeleteItem>`,
      );
      expect(await next()).toEqual([type === "HardDelete" ? "DeletedEvent" : "MovedEvent"]);
    }
  });

  it("tell of what was made and moved between two questions that it was made, too", async () => {
    const ews = makeEwsFixture();
    const next = await follow(ews);
    const made = idOf(await ews.send(createItem(`<t:Subject>x</t:Subject>${TIMES}`)));
    let id = made.Id;
    for (const folder of [CALENDAR, '<t:DistinguishedFolderId Id="deleteditems"/>'])
      id = idOf(
        await ews.send(
          `<m:MoveItem><m:ToFolderId>${folder}</m:ToFolderId><m:ItemIds>${itemId({ Id: id })}</m:ItemIds></m:MoveItem>`,
        ),
      ).Id;
    expect(await next()).toEqual(["CreatedEvent", "MovedEvent", "MovedEvent"]);
  });

  it("tell only what was asked for: kinds, folders or all of them, from a watermark on", async () => {
    const ews = makeEwsFixture();
    const inbox = await follow(ews, { folders: '<t:DistinguishedFolderId Id="inbox"/>' });
    const deletions = await follow(ews, { types: ["DeletedEvent"] });
    const busy = await follow(ews, { types: ["FreeBusyChangedEvent"], folders: "", all: true });
    const early = textOf((await ews.send(subscribe())).body, "Watermark");
    await ews.send(createItem(`<t:Subject>x</t:Subject>${TIMES}`));
    expect([await inbox(), await deletions(), await busy()]).toEqual([
      ["StatusEvent"],
      ["StatusEvent"],
      ["FreeBusyChangedEvent"],
    ]);
    const late = await follow(ews, { ...(early === undefined ? {} : { watermark: early }) });
    expect(await late()).toEqual(["CreatedEvent"]);
  });

  it("come in pages", async () => {
    const ews = makeEwsFixture();
    const opened = await ews.send(subscribe());
    const id = textOf(opened.body, "SubscriptionId") ?? "";
    for (let count = 0; count < 60; count++) await ews.send(createItem(`<t:Subject>x</t:Subject>${TIMES}`));
    const first = await ews.send(getEvents(id, textOf(opened.body, "Watermark") ?? ""));
    expect([eventsOf(first).length, textOf(first.body, "MoreEvents")]).toEqual([50, "true"]);
    const second = await ews.send(getEvents(id, all(first.body, "Watermark").at(-1)?.text ?? ""));
    expect([eventsOf(second).length, textOf(second.body, "MoreEvents")]).toEqual([10, "false"]);
  });

  it("end when they are cancelled or nobody asks, and are nobody else's", async () => {
    const ews = makeEwsFixture();
    const open = async (): Promise<{ id: string; watermark: string }> => {
      const { body } = await ews.send(subscribe());
      return { id: textOf(body, "SubscriptionId") ?? "", watermark: textOf(body, "Watermark") ?? "" };
    };
    const { id, watermark } = await open();
    const cancel = `<m:Unsubscribe><m:SubscriptionId>${id}</m:SubscriptionId></m:Unsubscribe>`;
    expect((await ews.send(cancel, { mailbox: ROOM_13_ADDRESS })).codes).toEqual([
      "ErrorSubscriptionAccessDenied",
    ]);
    expect((await ews.send(getEvents(id, "nonsense"))).codes).toEqual(["ErrorInvalidWatermark"]);
    expect((await ews.send(cancel)).codes).toEqual(["NoError"]);
    expect((await ews.send(getEvents(id, watermark))).codes).toEqual(["ErrorSubscriptionNotFound"]);
    const other = await open();
    ews.context.clock.advance(10 * MINUTE_MS);
    const late = await ews.send(getEvents(other.id, other.watermark));
    expect(late.codes).toEqual(["ErrorExpiredSubscription"]);
  });

  it("are refused without folders, beyond twenty, and by name where the emulator has no such kind", async () => {
    const ews = makeEwsFixture();
    expect((await ews.send(subscribe({ folders: "" }))).codes).toEqual(["ErrorInvalidSubscriptionRequest"]);
    const push = "<m:Subscribe><m:PushSubscriptionRequest/></m:Subscribe>";
    expect((await ews.send(push, { malformed: true })).codes).toEqual(["ErrorInvalidOperation"]);
    for (let count = 0; count < 20; count++) await follow(ews);
    expect((await ews.send(subscribe())).codes).toEqual(["ErrorExceededSubscriptionCount"]);
  });
});

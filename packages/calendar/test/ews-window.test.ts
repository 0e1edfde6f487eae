/** Lists of the EWS wing: long windows, answers that are cut off, and what lists leave out. */

import { describe, expect, it } from "vitest";
import { judgeEveryBody } from "../../emulator/test/ews-judge.ts";
import type { CalendarEvent, EventWindow } from "../src/index.ts";
import { got, item, MAILBOX, type MadeEws, makeEws, refusal, success, view } from "./scripted-ews.ts";

judgeEveryBody({ atLeast: 20 });

const DAY: EventWindow = { from: new Date("2026-06-01T00:00:00Z"), to: new Date("2026-06-02T00:00:00Z") };

async function list({ calendar }: MadeEws, window: Partial<EventWindow> = {}): Promise<CalendarEvent[]> {
  const events: CalendarEvent[] = [];
  for await (const event of calendar.listEvents(MAILBOX, { ...DAY, ...window })) events.push(event);
  return events;
}

const KINDS = ["ordered", "unordered", "strict"] as const;

const ids = (events: readonly CalendarEvent[]): readonly string[] => events.map(({ id }) => id);

const at = (id: string, start: string, end = start): string => item(id, { Start: start, End: end });

/** A server with these events that gives some at once: ordered by start, as they lie, or none where it cuts off. */
function serverOf(
  events: readonly (readonly [string, string, string])[],
  atOnce: number,
  kind: "ordered" | "unordered" | "strict" = "ordered",
): MadeEws {
  return makeEws(({ body }) => {
    const [, from = "", to = ""] = /StartDate="([^"]*)" EndDate="([^"]*)"/.exec(String(body)) ?? [];
    const hits = events.filter(([, start, end]) => start < to && end > from);
    if (kind === "strict" && hits.length > atOnce) return refusal("FindItem", "ErrorExceededFindCountLimit");
    if (kind !== "unordered") hits.sort(([, left], [, right]) => (left < right ? -1 : 1));
    return view(
      hits.slice(0, atOnce).map(([id, start, end]) => at(id, start, end)),
      hits.length <= atOnce,
    );
  });
}

const hour = (index: number): readonly [string, string, string] => {
  const text = (hours: number): string =>
    new Date(Date.UTC(2026, 5, 1, hours)).toISOString().replace(".000", "");
  return [`E${index}`, text(index), text(index + 1)];
};

describe("listEvents() over EWS", () => {
  it("reads longer windows in parts of less than two years, each event once", async () => {
    const events = [
      ["long", "2026-01-01T00:00:00Z", "2033-01-01T00:00:00Z"],
      ["first", "2026-03-01T09:00:00Z", "2026-03-01T10:00:00Z"],
      ["late", "2031-03-01T09:00:00Z", "2031-03-01T10:00:00Z"],
    ] as const;
    const made = serverOf(events, 1000);
    const window = { from: new Date("2026-01-01T00:00:00Z"), to: new Date("2032-01-01T00:00:00Z") };
    expect(ids(await list(made, window))).toEqual(["long", "first", "late"]);
    const spans = made.sent().map((text) => {
      const [, from = "", to = ""] = /StartDate="([^"]*)" EndDate="([^"]*)"/.exec(text) ?? [];
      return [Date.parse(from), Date.parse(to)] as const;
    });
    expect(spans.map(([from, to]) => (to - from) / 86_400_000).every((days) => days > 0 && days < 730)).toBe(
      true,
    );
    expect(spans[0]?.[0]).toBe(window.from.getTime());
    expect(spans.at(-1)?.[1]).toBe(window.to.getTime());
    for (let index = 1; index < spans.length; index += 1)
      expect(spans[index]?.[0]).toBe(spans[index - 1]?.[1]);
  });

  it.each(KINDS)("reads on where an answer of a server is cut off: %s", async (kind) => {
    const events = Array.from({ length: 24 }, (_, index) => hour((index * 7) % 24));
    const made = serverOf([...events, ["day", "2026-06-01T00:00:00Z", "2026-06-02T00:00:00Z"]], 5, kind);
    const listed = ids(await list(made));
    expect(new Set(listed)).toEqual(new Set(["day", ...events.map(([id]) => id)]));
    expect(listed).toHaveLength(25);
    expect(listed.filter((id) => id !== "day")).toEqual(
      Array.from({ length: 24 }, (_, index) => `E${index}`),
    );
  });

  it.each(KINDS)("says so when more lie at one time than a server gives: %s", async (kind) => {
    const events = Array.from(
      { length: 6 },
      (_, index) => [`E${index}`, hour(index % 2)[1], hour(9)[1]] as const,
    );
    const made = serverOf(
      [...events, ...events.map(([id, , end]) => [`L${id}`, hour(0)[1], end] as const)],
      5,
      kind,
    );
    await expect(list(made)).rejects.toMatchObject({ code: "CALENDAR_REJECTED" });
  });

  it("orders what a server does not, and drops what does not touch the window", async () => {
    const made = makeEws([
      view([
        at("c", "2026-06-01T12:00:00Z", "2026-06-01T13:00:00Z"),
        at("ends-where-it-begins", "2026-05-31T23:00:00Z", "2026-06-01T00:00:00Z"),
        at("a", "2026-06-01T08:00:00Z", "2026-06-01T09:00:00Z"),
        at("begins-where-it-ends", "2026-06-02T00:00:00Z", "2026-06-02T01:00:00Z"),
        at("moment", "2026-06-01T00:00:00Z"),
      ]),
    ]);
    expect(ids(await list(made))).toEqual(["moment", "a", "c"]);
  });

  it("asks for whole seconds around a window of fractions, and keeps to the window", async () => {
    const made = makeEws([
      view([
        at("before", "2026-06-01T00:00:00Z", "2026-06-01T00:00:01Z"),
        at("after", "2026-06-01T12:00:00Z", "2026-06-01T13:00:00Z"),
      ]),
    ]);
    const window = { from: new Date("2026-06-01T00:00:01.250Z"), to: new Date("2026-06-01T11:59:59.250Z") };
    expect(ids(await list(made, window))).toEqual([]);
    expect(made.sent()[0]).toContain('StartDate="2026-06-01T00:00:01Z" EndDate="2026-06-01T12:00:00Z"');
  });

  it("gets attendees of meetings and bodies by their ids, ten at a time, and nothing else", async () => {
    const meetings = Array.from({ length: 12 }, (_, index) =>
      item(`M${index}`, { IsMeeting: "true", Start: hour(index)[1], End: hour(index)[2] }),
    );
    const made = makeEws(({ body }) => {
      const text = String(body);
      if (text.includes("m:FindItem"))
        return view([...meetings, item("plain", { Start: hour(20)[1], End: hour(21)[1] })]);
      const asked = [...text.matchAll(/<t:ItemId Id="(M\d+)"/g)].map(([, id]) => id ?? "");
      return got(
        ...asked.map((id) =>
          item(id, {
            Start: hour(Number(id.slice(1)))[1],
            RequiredAttendees: `<t:Attendee><t:Mailbox><t:EmailAddress>${id}@school.example</t:EmailAddress></t:Mailbox></t:Attendee>`,
          }),
        ),
      );
    });
    const events = await list(made);
    expect(events).toHaveLength(13);
    expect(events[11]?.attendees).toEqual([{ mailboxAddress: "M11@school.example", type: "required" }]);
    expect(events[12]?.attendees).toEqual([]);
    const asked = made
      .sent()
      .slice(1)
      .map((text) => text.split("<t:ItemId ").length - 1);
    expect(asked).toEqual([10, 2]);
    expect(made.sent().join()).not.toContain("item:Body");
  });

  it("leaves out what somebody deleted before it was read, and stops at any other refusal", async () => {
    const meeting = item("M", { IsMeeting: "true" });
    expect(await list(makeEws([view([meeting]), refusal("GetItem", "ErrorItemNotFound")]))).toEqual([]);
    await expect(
      list(makeEws([view([meeting]), refusal("GetItem", "ErrorAccessDenied")])),
    ).rejects.toMatchObject({ code: "CALENDAR_ACCESS_DENIED" });
  });

  it("asks for the master of a series once", async () => {
    const occurrences = Array.from({ length: 20 }, (_, index) =>
      item(`O${index}`, {
        UID: `series-${index % 2}`,
        Start: hour(index)[1],
        End: hour(index + 1)[1],
        CalendarItemType: index === 3 ? "Exception" : "Occurrence",
      }),
    );
    const made = makeEws([view([...occurrences, item("S")]), got(item("master-0"), item("master-1"))]);
    const events = await list(made);
    expect(events.map(({ seriesMasterId }) => seriesMasterId)).toEqual(
      events.map(({ id, type }) =>
        type === "singleInstance" ? undefined : `master-${Number(id.slice(1)) % 2}`,
      ),
    );
    expect(made.transport.requests).toHaveLength(2);
    expect(made.sent()[1]?.match(/<t:RecurringMasterItemId OccurrenceId="O\d+"\/>/g)).toHaveLength(2);
  });

  it("takes a batch with fewer answers than questions for no answer", async () => {
    const items = view([item("M1", { IsMeeting: "true" }), item("M2", { IsMeeting: "true" })]);
    await expect(list(makeEws([items, got(item("M1"))]))).rejects.toMatchObject({
      code: "CALENDAR_UNREADABLE_ANSWER",
    });
  });
});

describe("findEvents() over EWS", () => {
  const page = (found: readonly string[], attributes: string) =>
    success(
      "FindItem",
      `<m:RootFolder ${attributes}><t:Items>${found.map((id) => item(id)).join("")}</t:Items></m:RootFolder>`,
    );

  it("reads every page and keeps the very value", async () => {
    const property = (value: string): string =>
      `<t:ExtendedFieldURI PropertySetId="6d1f6a5e-8e0b-4b0c-9f6b-6e8a6f4c2a17" PropertyName="NightlatchKey" PropertyType="String"/><t:Value>${value}</t:Value>`;
    const made = makeEws([
      page(["A"], 'IncludesLastItemInRange="false" IndexedPagingOffset="1"'),
      page(["B"], 'IncludesLastItemInRange="true" IndexedPagingOffset="2"'),
      got(item("A", { ExtendedProperty: property("7a") }), item("B", { ExtendedProperty: property("7A") })),
    ]);
    const found = await made.calendar.findEvents(MAILBOX, { name: "NightlatchKey", value: "7A" });
    expect(ids(found)).toEqual(["B"]);
    expect(made.sent()[1]).toContain('Offset="1"');
  });

  it("does not go round in circles", async () => {
    const made = makeEws(() => page(["A"], 'IncludesLastItemInRange="false" IndexedPagingOffset="0"'));
    await expect(made.calendar.findEvents(MAILBOX, { name: "N", value: "v" })).rejects.toMatchObject({
      code: "CALENDAR_UNREADABLE_ANSWER",
    });
  });
});

describe("listCalendars() over EWS", () => {
  const folder = (id: string, parentId: string, name = id): string =>
    `<t:CalendarFolder><t:FolderId Id="${id}"/><t:ParentFolderId Id="${parentId}"/><t:DisplayName>${name}</t:DisplayName><t:EffectiveRights><t:CreateContents>${id !== "read-only"}</t:CreateContents></t:EffectiveRights></t:CalendarFolder>`;
  const standing = success(
    "GetFolder",
    `<m:Folders>${folder("calendar", "root", "Calendar")}</m:Folders>`,
    `<m:Folders><t:Folder><t:FolderId Id="deleted"/></t:Folder></m:Folders>`,
  );
  const found = (folders: readonly string[], attributes = 'IncludesLastItemInRange="true"') =>
    success(
      "FindFolder",
      `<m:RootFolder ${attributes}><t:Folders>${folders.join("")}</t:Folders></m:RootFolder>`,
    );

  it("gives the default calendar first, pages together, and none that was thrown away", async () => {
    const made = makeEws([
      standing,
      found(
        [folder("year-7", "calendar"), folder("gone", "deleted"), folder("gone-too", "gone")],
        'IncludesLastItemInRange="false" IndexedPagingOffset="3"',
      ),
      found([folder("calendar", "root"), folder("read-only", "calendar")]),
    ]);
    expect(await made.calendar.listCalendars(MAILBOX)).toEqual([
      { id: "calendar", name: "Calendar", isDefaultCalendar: true, canEdit: true },
      { id: "year-7", name: "year-7", isDefaultCalendar: false, canEdit: true },
      { id: "read-only", name: "read-only", isDefaultCalendar: false, canEdit: false },
    ]);
    expect(made.sent()[2]).toContain('Offset="3"');
  });

  it("does not go round in circles", async () => {
    const made = makeEws([standing, found([], 'IncludesLastItemInRange="false"')]);
    await expect(made.calendar.listCalendars(MAILBOX)).rejects.toMatchObject({
      code: "CALENDAR_UNREADABLE_ANSWER",
    });
  });
});

describe("listChanges() over EWS", () => {
  const changes = (content: string, syncState: string, isLast: boolean) =>
    success(
      "SyncFolderItems",
      `<m:SyncState>${syncState}</m:SyncState><m:IncludesLastItemInRange>${isLast}</m:IncludesLastItemInRange><m:Changes>${content}</m:Changes>`,
    );

  it("gives what changed, each page ended by its state", async () => {
    const made = makeEws([
      changes(`<t:Create>${item("A")}</t:Create><t:Create><t:Message/></t:Create>`, "s1", false),
      changes(`<t:Update>${item("B")}</t:Update><t:Delete><t:ItemId Id="C"/></t:Delete>`, "s2", true),
    ]);
    const seen: unknown[] = [];
    for await (const change of made.calendar.listChanges(MAILBOX, { syncState: "s0" })) {
      seen.push("event" in change ? [change.type, change.event.id] : Object.values(change));
    }
    expect(seen).toEqual([
      ["created", "A"],
      ["state", "s1"],
      ["updated", "B"],
      ["deleted", "C"],
      ["state", "s2"],
    ]);
    expect(made.sent().map((text) => /<m:SyncState>(.*?)</.exec(text)?.[1])).toEqual(["s0", "s1"]);
    expect(made.sent()[0]).toContain("<m:MaxChangesReturned>512</m:MaxChangesReturned>");
  });

  it("does not go round in circles, and says when the state is too old", async () => {
    const drain = async (made: MadeEws): Promise<void> => {
      for await (const _ of made.calendar.listChanges(MAILBOX, { syncState: "s1" }));
    };
    await expect(drain(makeEws(() => changes("", "s1", false)))).rejects.toMatchObject({
      code: "CALENDAR_UNREADABLE_ANSWER",
    });
    await expect(
      drain(makeEws([refusal("SyncFolderItems", "ErrorInvalidSyncStateData")])),
    ).rejects.toMatchObject({
      code: "CALENDAR_REJECTED",
      details: { responseCode: "ErrorInvalidSyncStateData" },
    });
  });
});

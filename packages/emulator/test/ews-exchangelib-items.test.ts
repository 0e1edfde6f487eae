/** Python's exchangelib, unmodified: moves, copies, files, subscriptions and queries. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { judgeEveryBody } from "./ews-judge.ts";
import { type EwsSchool, startEwsSchool } from "./ews-school.ts";
import { hasPythonLibrary, runPython } from "./python-clients.ts";

const hasExchangelib = hasPythonLibrary("exchangelib");
if (hasExchangelib) judgeEveryBody({ requests: "foreign", atLeast: 40 });

describe.runIf(hasExchangelib)("exchangelib", () => {
  let school: EwsSchool;
  let seen: Readonly<Record<string, unknown>>;
  beforeAll(async () => {
    school = await startEwsSchool();
    seen = (await runPython("ews-exchangelib-items.py", school.env)) as typeof seen;
  }, 90_000);
  afterAll(() => school.emulator.close());

  it("moves and copies between calendars and to Deleted Items, one by one and in chunks", () => {
    expect(seen["moved"]).toEqual([true, "Lesson at 8", true, ["Lesson at 8"]]);
    expect([seen["bulk moved"], seen["bulk copied"]]).toEqual([2, 2]);
    expect(seen["folders"]).toEqual([
      ["Lesson at 11", "Lesson at 12", "Lesson at 13", "Lesson at 8"],
      ["Lesson at 10", "Lesson at 11", "Lesson at 12", "Lesson at 8", "Lesson at 9"],
    ]);
    expect(seen["folder moved"]).toEqual(["Tests"]);
    expect([seen["trash"], seen["emptied"], seen["wiped"]]).toEqual([
      ["Lesson at 8"],
      [],
      "ErrorCannotEmptyFolder",
    ]);
  });

  it("attaches, reads, streams and detaches files", () => {
    expect(seen["attached"]).toEqual([
      ["plan.txt", "text/plain", "Hello", false, 5],
      ["map.png", "image/png", "\u0089PNG", true, 4],
    ]);
    expect([seen["streamed"], seen["detached"]]).toEqual(["Hello", ["map.png"]]);
  });

  it("subscribes, is told what happened, and unsubscribes", () => {
    expect([seen["events"], seen["same"]]).toEqual([["CreatedEvent", "FreeBusyChangedEvent"], true]);
    expect(seen["deleted"]).toEqual(["DeletedEvent", "FreeBusyChangedEvent"]);
    expect([seen["unsubscribed"], seen["quiet"]]).toEqual(["ErrorSubscriptionNotFound", ["StatusEvent"]]);
  });

  it("streams what happens through one connection, until it closes", () => {
    expect([seen["streamed events"], seen["streamed soon"]]).toEqual([
      [
        [true, ["CreatedEvent", "FreeBusyChangedEvent"]],
        [true, ["CreatedEvent", "FreeBusyChangedEvent"]],
      ],
      true,
    ]);
    expect([(seen["streamed mixed"] as string[])[0], seen["named"]]).toEqual([
      "ErrorSubscriptionNotFound",
      true,
    ]);
    expect(seen["malformed"]).toBe("ErrorInvalidSubscription");
    expect(seen["closed"]).toEqual([]);
    expect(seen["streamed change"]).toEqual(["ModifiedEvent", "FreeBusyChangedEvent"]);
  });

  it("looks up in many ways", () => {
    expect(seen["values"]).toEqual([
      ["Lesson at 15", false],
      ["Lesson at 13", false],
    ]);
    expect([seen["lookups"], seen["exists"]]).toEqual([[3, 2, 0, 1, 0], false]);
    expect(seen["queried"]).toEqual([5, 1, 4, 0]);
    expect(seen["members"]).toBe("ErrorNameResolutionNoResults");
    expect([seen["room lists"], seen["rooms"]]).toEqual([[], "ErrorNameResolutionNoResults"]);
  });

  it("sets automatic replies and reads them back, and finds no delegates", () => {
    expect(seen["away"]).toEqual([
      "Disabled",
      "Scheduled",
      "Known",
      "2096-07-31T23:00:00+00:00",
      "2096-08-19T23:00:00+00:00",
      "Closed <until> August 20",
      "Closed",
    ]);
    expect(seen["delegates"]).toEqual([]);
  });

  it("is told by name what the emulator has not", () => {
    const refused = seen["refused"] as Readonly<Record<string, readonly string[]>>;
    expect(Object.keys(refused).length).toBeGreaterThan(3);
    for (const [name, [code, text]] of Object.entries(refused)) {
      expect(code, name).toBe("ErrorInvalidOperation");
      expect(text).toContain(name);
    }
    expect((seen["item attached"] as readonly string[])[1]).toContain("ItemAttachment");
  });
});

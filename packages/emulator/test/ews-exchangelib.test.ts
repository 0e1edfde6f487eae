/** Python's exchangelib, unmodified, over HTTPS: a client that guesses versions, pages, chunks and reads every element. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { judgeEveryBody } from "./ews-judge.ts";
import { type EwsSchool, startEwsSchool } from "./ews-school.ts";
import { hasPythonLibrary, runPython } from "./python-clients.ts";

const hasExchangelib = hasPythonLibrary("exchangelib");
if (hasExchangelib) judgeEveryBody({ requests: "foreign", atLeast: 80 });

describe.runIf(hasExchangelib)("exchangelib", () => {
  let school: EwsSchool;
  let seen: Readonly<Record<string, unknown>>;
  beforeAll(async () => {
    school = await startEwsSchool();
    seen = (await runPython("ews-exchangelib.py", school.env)) as typeof seen;
  }, 90_000);
  afterAll(() => school.emulator.close());

  it("guesses the version and walks the folders", () => {
    expect(seen["version"]).toBe("Exchange2016");
    expect(seen["tree"]).toContain("    ├── Calendar");
    expect(seen["calendar"]).toEqual(["IPF.Appointment", true]);
    expect(seen["folders"]).toBe(true);
    expect(seen["new folder"]).toEqual([["create", "Exams"]]);
    expect(seen["renamed"]).toEqual([["update", "Tests"]]);
    expect(seen["exams"]).toEqual(["Exam"]);
  });

  it("creates, finds, pages, updates and deletes, one by one and in chunks", () => {
    expect(seen["saved"]).toEqual([
      "Lesson at 9",
      "<p>Bring rulers</p>",
      "Room 12",
      ["Year 7"],
      ["7a", "7b"],
      "2026-01-05T09:00:00+00:00",
      "room-12@school.example",
      ["office@school.example"],
      "04000000",
      false,
    ]);
    expect([seen["bulk"], seen["paged"], seen["count"], seen["updated"]]).toEqual([12, 13, 13, 12]);
    expect(seen["slice"]).toEqual(["Bulk 13", "Bulk 14"]);
    expect(seen["filter"]).toEqual([1, 2, 2, 1, 2]);
    expect(seen["view"]).toEqual(["Lesson at 9", "Bulk 10"]);
    expect([seen["deleted"], seen["cleared"]]).toEqual([true, null]);
    expect([seen["conflict"], seen["gone"]]).toEqual(["ErrorIrresolvableConflict", "DoesNotExist"]);
  });

  it("makes series, moves and deletes occurrences, and reads them back", () => {
    expect(seen["series"]).toEqual({
      weekdays: [1, 3],
      number: 6,
      moved: [["2026-03-18T09:00:00+00:00", "2026-03-18T11:00:00+00:00"]],
      deleted: ["2026-03-23T09:00:00+00:00"],
      view: [
        ["2026-03-16T09:00:00+00:00", "Occurrence"],
        ["2026-03-18T11:00:00+00:00", "Exception"],
        ["2026-03-25T09:00:00+00:00", "Occurrence"],
        ["2026-03-30T08:00:00+00:00", "Occurrence"],
        ["2026-04-01T08:00:00+00:00", "Occurrence"],
      ],
    });
    expect(seen["master"]).toBe("Series");
    expect(seen["gone occurrence"]).toBe("ErrorCalendarOccurrenceIsDeletedFromRecurrence");
    expect(seen["all day"]).toEqual([true, "2026-06-01", "2026-06-02"]);
  });

  it("synchronises, and finds in Deleted Items what it threw away", () => {
    expect(seen["sync"]).toEqual(["Holiday", "Lesson at 9", "Series"]);
    expect(seen["changes"]).toEqual([
      ["create", "Fresh"],
      ["delete", null],
    ]);
    expect([seen["trash"], seen["emptied"], seen["recoverable"]]).toEqual([["Holiday"], 0, ["Fresh"]]);
  });

  it("asks for free/busy times, zones, names and other spellings of ids", () => {
    expect(seen["busy"]).toEqual(["DetailedMerged", "000000000200000000000000", ["Lesson at 9"]]);
    expect(seen["nobody"]).toBe("ErrorMailRecipientNotFound");
    expect([seen["zone"], seen["zones"]]).toEqual([["GMT Standard Time", ["Daylight", "Standard"]], true]);
    expect(seen["names"]).toEqual([["room-12@school.example"], ["office@school.example"]]);
    expect(seen["no name"]).toEqual(["ErrorNameResolutionNoResults"]);
    expect(seen["converted"]).toEqual(["HexEntryId", true]);
  });

  it("is told whom the emulator does not know, and that a secret is too weak", () => {
    expect(seen["stranger"]).toContain("ErrorNonExistentMailbox");
    expect(seen["weak"]).toEqual(["UnauthorizedError", expect.stringContaining("Invalid credentials")]);
  });
});

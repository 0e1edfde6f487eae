/** Python's zeep, unmodified: it makes its client from Services.wsdl and reads every answer strictly by the schemas. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { OPERATION_NAMES } from "../src/ews/schema/messages-schema.ts";
import { judgeEveryBody } from "./ews-judge.ts";
import { type EwsSchool, startEwsSchool } from "./ews-school.ts";
import { hasPythonLibrary, runPython } from "./python-clients.ts";

const hasZeep = hasPythonLibrary("zeep");
if (hasZeep) judgeEveryBody({ requests: "foreign", atLeast: 20 });

describe.runIf(hasZeep)("zeep", () => {
  let school: EwsSchool;
  beforeAll(async () => {
    school = await startEwsSchool();
  });
  afterAll(() => school.emulator.close());

  it("finds every operation in the service description and reads the answers to them", async () => {
    expect(await runPython("ews-zeep.py", school.env)).toEqual({
      operations: [...OPERATION_NAMES].sort(),
      folder: "Calendar",
      made: ["NoError", "NoError"],
      whole: [
        "Maths",
        "Bring rulers & <pencils>",
        ["Year 7"],
        "k-1",
        "2026-01-05T09:00:00+00:00",
        "room-12@school.example",
      ],
      view: [
        ["Maths", "Single", "2026-01-05T09:00:00+00:00"],
        ["Assembly", "Occurrence", "2026-03-02T09:00:00+00:00"],
        ["Assembly", "Occurrence", "2026-03-09T09:00:00+00:00"],
        ["Assembly", "Occurrence", "2026-03-16T09:00:00+00:00"],
      ],
      page: [["Maths"], 2, true],
      found: ["Maths"],
      updated: ["NoError", 0, "Mathematics"],
      series: ["NoError", 3, ["2026-03-09T09:00:00+00:00"], "2026-03-16T09:00:00+00:00"],
      zones: true,
      london: ["GMT Standard Time", ["Standard", "Daylight"]],
      changes: [["Create", "Create"], true],
      hierarchy: true,
      resolved: "room-12@school.example",
      busy: "000000000200000000000000",
      folders: true,
      file: ["Hello", true],
      transferred: ["NoError", "NoError"],
      events: ["CreatedEvent", "CopiedEvent", "MovedEvent"],
      unsubscribed: "NoError",
      "folder and group": ["NoError", "NoError", "ErrorNameResolutionNoResults"],
      rooms: ["NoError", "ErrorNameResolutionNoResults"],
      dropped: "NoError",
      missing: ["Error", "ErrorFolderNotFound"],
      fault: ["a:ErrorNonExistentMailbox", "The SMTP address has no mailbox associated with it."],
    });
  });
});

/** Rotation from beginning to end against the emulator, which checks every proof. */
import { readdirSync } from "node:fs";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openRotationSchool, type RotationSchool } from "./rotation-school.ts";

let school: RotationSchool;
beforeAll(async () => {
  school = await openRotationSchool();
});
afterAll(() => school.close());
beforeEach(() => school.startOver());

describe("rotateCertificate()", () => {
  it("with overlap 0 leaves the new key alone in the file and in the directory", async () => {
    const report = await school.rotate({ overlapMs: 0 });
    console.log(JSON.stringify(report, null, 1));
    expect(report).toMatchObject({ outcome: "done", method: "addKey" });
    expect(readdirSync(school.folder).sort()).toEqual([
      "ca.pem",
      "timetable.pem",
      "timetable.pem.rotation.json",
    ]);
    await school.signIn();
  });
});

/** Users and groups, read from the emulator's directory. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type EmulatedSchool, startSchool } from "./emulated-school.ts";

let school: EmulatedSchool;
beforeAll(async () => {
  school = await startSchool();
});
afterAll(() => school.close());

describe("createGraphDirectory()", () => {
  it("expands a group into its members' mailboxes", async () => {
    for (const group of ["lower@school.example", "lower"]) {
      const members: (string | undefined)[] = [];
      for await (const { mailboxAddress } of school.directory.listGroupMembers(group)) {
        members.push(mailboxAddress);
      }
      expect(members.sort()).toEqual(["year-7@school.example", "year-8@school.example"]);
    }
  });

  it("lists users and says when a group or user does not exist", async () => {
    const names: string[] = [];
    for await (const { userPrincipalName } of school.directory.listUsers()) names.push(userPrincipalName);
    expect(names).toContain("room-12@school.example");
    expect(names).toContain("no-mailbox@school.example");
    const members = school.directory.listGroupMembers("nobody@school.example")[Symbol.asyncIterator]();
    await expect(members.next()).rejects.toMatchObject({ code: "CALENDAR_GROUP_NOT_FOUND" });
    await expect(school.directory.getUser("nobody@school.example")).rejects.toMatchObject({
      code: "CALENDAR_MAILBOX_NOT_FOUND",
    });
  });
});

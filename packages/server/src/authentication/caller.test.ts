import { describe, expect, test } from "vitest";
import { AUDIENCE, appClaims, CLIENT_ID, TENANT_ID, userClaims } from "../../test/signing-tenant.ts";
import { resolveAcceptedTokens } from "./accepted-tokens.ts";
import { isOwnMailbox, readCaller } from "./caller.ts";

const now = () => new Date();
const base = { tenantId: TENANT_ID, audience: AUDIENCE, keys: { keys: [] } };
const programsOnly = resolveAcceptedTokens(base, now);
const withUsers = resolveAcceptedTokens(
  { ...base, requiredScope: "Calendars.Read", writeScope: "Calendars.ReadWrite" },
  now,
);

describe("readCaller()", () => {
  test.each([
    ["the reading role", ["Calendars.Read.All"], [true, false]],
    ["the writing role", ["Calendars.ReadWrite.All"], [true, true]],
    ["another role", ["Mail.Read"], [false, false]],
    ["a role in other case", ["calendars.read.all"], [false, false]],
    ["no roles", undefined, [false, false]],
  ])("gives a program with %s what it was granted", (_title, roles, [canRead, canWrite]) => {
    expect(readCaller(appClaims({ roles }), programsOnly)).toMatchObject({
      clientId: CLIENT_ID,
      canRead,
      canWrite,
    });
  });

  test("counts a user's token by its scopes, not by the user's roles", () => {
    const claims = userClaims({ scp: "openid", roles: ["Calendars.ReadWrite.All"] });
    expect(readCaller(claims, withUsers)).toMatchObject({ canRead: false, canWrite: false });
    const looksOwn = { ...claims, sub: String(claims["oid"]) };
    expect(readCaller(looksOwn, withUsers)).toMatchObject({ canRead: false, canWrite: false });
  });

  test("lets a user's token read once a scope is configured, and not before", () => {
    expect(readCaller(userClaims(), programsOnly).canRead).toBe(false);
    expect(readCaller(userClaims(), withUsers)).toMatchObject({ canRead: true, canWrite: false });
    expect(readCaller(userClaims({ scp: "Calendars.ReadWrite x" }), withUsers).canWrite).toBe(true);
  });

  test("gives nothing to a user's token that lost its scopes but kept roles", () => {
    const claims = userClaims({ scp: undefined, roles: ["Calendars.Read.All"] });
    expect(readCaller(claims, withUsers).canRead).toBe(false);
    expect(readCaller({ ...claims, idtyp: "user" }, withUsers).canRead).toBe(false);
  });
});

describe("isOwnMailbox()", () => {
  test("gives programs every mailbox and users their own, by name or id, in any case", () => {
    const program = readCaller(appClaims(), withUsers);
    const user = readCaller(userClaims(), withUsers);
    expect(isOwnMailbox("year7@school.example", program)).toBe(true);
    expect(isOwnMailbox("Room-12@School.example", user)).toBe(true);
    expect(isOwnMailbox(String(user.userObjectId), user)).toBe(true);
    expect(isOwnMailbox("year7@school.example", user)).toBe(false);
  });
});

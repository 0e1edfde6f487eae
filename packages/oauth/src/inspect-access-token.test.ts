import { inspect } from "node:util";
import { isNightlatchError } from "@nightlatch/credential";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inspectAccessToken } from "./inspect-access-token.ts";

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
const tokenOf = (claims: object) => `${part({ alg: "RS256", kid: "k" })}.${part(claims)}.c2lnbmF0dXJl`;
const now = new Date(Date.UTC(2026, 0, 1));

describe("inspectAccessToken", () => {
  it("inspectAccessToken() names what matters of a v1 and a v2 token, and vouches for nothing", () => {
    const v1 = inspectAccessToken(
      tokenOf({
        aud: "https://graph.microsoft.com",
        appid: "c",
        appidacr: "2",
        roles: ["Calendars.Read"],
        tid: "t",
        ver: "1.0",
        exp: now.getTime() / 1000,
      }),
      { now },
    );
    expect(v1).toMatchObject({
      verified: false,
      audience: "https://graph.microsoft.com",
      clientId: "c",
      clientAuthentication: "certificate",
      roles: ["Calendars.Read"],
      scopes: [],
      version: "1.0",
      isExpired: true,
      expiresAt: now,
    });
    const v2 = inspectAccessToken(
      tokenOf({ azp: "c", azpacr: "1", scp: "a b", ver: "2.0", exp: now.getTime() / 1000 + 1 }),
      { now },
    );
    expect(v2).toMatchObject({
      clientId: "c",
      clientAuthentication: "secret",
      scopes: ["a", "b"],
      roles: [],
      isExpired: false,
    });
  });

  it.each([
    "",
    "opaque",
    "a.b",
    "a.b.c",
    "a.b.c.d.e",
    `Bearer ${tokenOf({})}`,
    `${part([])}.${part({})}.x`,
    `${tokenOf({})}\u0000`,
  ])("inspectAccessToken(%j) throws OAUTH_TOKEN_UNREADABLE and quotes nothing", (token) => {
    try {
      inspectAccessToken(token);
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ code: "OAUTH_TOKEN_UNREADABLE" });
      if (token.length > 8) expect(inspect(error, { depth: null })).not.toContain(token.slice(-12));
    }
  });

  it("inspectAccessToken() never crashes", () => {
    const claims = fc.dictionary(
      fc.constantFrom("aud", "exp", "iat", "roles", "scp", "appidacr", "tid"),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(fc.oneof(fc.string(), claims.map(tokenOf)), (token) => {
        try {
          return inspectAccessToken(token).verified === false;
        } catch (error) {
          return isNightlatchError(error);
        }
      }),
    );
  });
});

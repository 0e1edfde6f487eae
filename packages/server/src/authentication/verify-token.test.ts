import { describe, expect, test } from "vitest";
import {
  AUDIENCE,
  appClaims,
  CLIENT_ID,
  fakeTransport,
  keySetOf,
  makeKey,
  NOW,
  sign,
  TENANT_ID,
} from "../../test/signing-tenant.ts";
import { resolveAcceptedTokens } from "./accepted-tokens.ts";
import { verifyToken } from "./verify-token.ts";

const key = makeKey("k1");
const otherKey = makeKey("k1");
const keys = await keySetOf([key]);
const accepted = resolveAcceptedTokens({ tenantId: TENANT_ID, audience: AUDIENCE, keys }, () => NOW);
const seconds = NOW.getTime() / 1000;

async function codeOf(token: string | Promise<string>, settings = accepted): Promise<string> {
  try {
    await verifyToken(await token, settings, NOW);
    return "taken";
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}

describe("verifyToken() takes", () => {
  test("an app-only token in v2 shape", async () => {
    const claims = await verifyToken(await sign(appClaims(), key), accepted, NOW);
    expect(claims["roles"]).toEqual(["Calendars.Read.All"]);
  });

  test("an app-only token in v1 shape", async () => {
    const v1 = appClaims({
      iss: `https://sts.windows.net/${TENANT_ID}/`,
      azp: undefined,
      appid: CLIENT_ID,
      appidacr: "2",
      ver: "1.0",
    });
    expect(await codeOf(sign(v1, key))).toBe("taken");
  });

  test("any of several audiences", async () => {
    const both = resolveAcceptedTokens(
      { tenantId: TENANT_ID, audience: [AUDIENCE, CLIENT_ID], keys },
      () => NOW,
    );
    expect(await codeOf(sign(appClaims({ aud: CLIENT_ID }), key), both)).toBe("taken");
  });

  test("clocks that differ by less than the tolerance, both ways", async () => {
    expect(await codeOf(sign(appClaims({ exp: seconds - 59 }), key))).toBe("taken");
    expect(await codeOf(sign(appClaims({ nbf: seconds + 59 }), key))).toBe("taken");
  });
});

describe("verifyToken() refuses", () => {
  const refusals: readonly [string, string, () => string | Promise<string>][] = [
    ["text that is no token", "SERVER_TOKEN_MALFORMED", () => "not-a-token"],
    ["an encrypted token of five parts", "SERVER_TOKEN_MALFORMED", () => "eyJhbGciOiJkaXIifQ.a.b.c.d"],
    ["an expired token", "SERVER_TOKEN_EXPIRED", () => sign(appClaims({ exp: seconds - 61 }), key)],
    [
      "a token of the future",
      "SERVER_TOKEN_NOT_YET_VALID",
      () => sign(appClaims({ nbf: seconds + 61 }), key),
    ],
    ["a token without exp", "SERVER_TOKEN_CLAIMS", () => sign(appClaims({ exp: undefined }), key)],
    ["a token without nbf", "SERVER_TOKEN_CLAIMS", () => sign(appClaims({ nbf: undefined }), key)],
    [
      "a signature by another key of the same name",
      "SERVER_TOKEN_SIGNATURE",
      () => sign(appClaims(), otherKey),
    ],
    [
      "a key that the tenant does not publish",
      "SERVER_TOKEN_SIGNATURE",
      () => sign(appClaims(), key, { kid: "unknown" }),
    ],
    ["PS256", "SERVER_TOKEN_ALGORITHM", () => sign(appClaims(), key, { alg: "PS256" })],
    [
      "no signature at all (alg none)",
      "SERVER_TOKEN_ALGORITHM",
      () =>
        `${Buffer.from('{"alg":"none"}').toString("base64url")}.${Buffer.from(JSON.stringify(appClaims())).toString("base64url")}.`,
    ],
    ["another audience", "SERVER_TOKEN_AUDIENCE", () => sign(appClaims({ aud: "api://other" }), key)],
    [
      "an audience in an array",
      "SERVER_TOKEN_AUDIENCE",
      () => sign(appClaims({ aud: [AUDIENCE, "x"] }), key),
    ],
    [
      "Graph's audience by address",
      "SERVER_TOKEN_FOR_GRAPH",
      () => sign(appClaims({ aud: "https://graph.microsoft.com/" }), key),
    ],
    [
      "Graph's audience by id",
      "SERVER_TOKEN_FOR_GRAPH",
      () => sign(appClaims({ aud: "00000003-0000-0000-c000-000000000000" }), key),
    ],
    [
      "another tenant's issuer",
      "SERVER_TOKEN_ISSUER",
      () => sign(appClaims({ iss: "https://sts.windows.net/11111111-2222-3333-4444-555555555555/" }), key),
    ],
    [
      "another tenant's tid under our issuer",
      "SERVER_TOKEN_ISSUER",
      () => sign(appClaims({ tid: "11111111-2222-3333-4444-555555555555" }), key),
    ],
    [
      "an id_token for this very application",
      "SERVER_TOKEN_CLAIMS",
      () => sign(appClaims({ azp: undefined, nonce: "x" }), key),
    ],
    [
      "the self-signed token of the first seed document (empty audience)",
      "SERVER_TOKEN_SELF_SIGNED",
      () =>
        sign(
          {
            aud: "",
            iss: CLIENT_ID,
            sub: CLIENT_ID,
            jti: "38a34d8a",
            scp: "Calendars.Read",
            nbf: seconds,
            exp: seconds + 1200,
          },
          otherKey,
          { x5t: "8WkmVEiCU9mHkshRp65lyowGOAk", kid: undefined },
        ),
    ],
    [
      "a client assertion for the token endpoint",
      "SERVER_TOKEN_SELF_SIGNED",
      () =>
        sign({ aud: accepted.tokenEndpoint, iss: CLIENT_ID, sub: CLIENT_ID, exp: seconds + 600 }, otherKey),
    ],
  ];

  test.each(refusals)("%s with %s", async (_title, code, token) => {
    expect(await codeOf(await token())).toBe(code);
  });

  test("a payload that was changed after signing", async () => {
    const [header, , signature] = (await sign(appClaims(), key)).split(".");
    const forged = Buffer.from(JSON.stringify(appClaims({ roles: ["Calendars.ReadWrite.All"] }))).toString(
      "base64url",
    );
    expect(await codeOf(`${header}.${forged}.${signature}`)).toBe("SERVER_TOKEN_SIGNATURE");
  });

  test("everything with 503, not 401, while the keys cannot be had", async () => {
    const offline = resolveAcceptedTokens(
      {
        tenantId: TENANT_ID,
        audience: AUDIENCE,
        transport: fakeTransport(() => ({ status: 500, body: {} })),
      },
      () => NOW,
    );
    expect(await codeOf(sign(appClaims(), key), offline)).toBe("SERVER_KEYS_UNAVAILABLE");
  });
});

test("verifyToken() names the token endpoint and scope to a caller who sent a client assertion", async () => {
  const assertion = await sign({ aud: "x", iss: CLIENT_ID, sub: CLIENT_ID }, otherKey);
  const hint = await verifyToken(assertion, accepted, NOW).catch((error: { hint: string }) => error.hint);
  expect(hint).toContain(`https://login.microsoftonline.com/${TENANT_ID}/oauth2/v2.0/token`);
  expect(hint).toContain(`${AUDIENCE}/.default`);
});

test.each([
  [undefined, ["https://sts.windows.net", "https://login.microsoftonline.com"]],
  ["https://login.windows.net/", ["https://sts.windows.net", "https://login.microsoftonline.com"]],
  ["usGov", ["https://sts.windows.net", "https://login.microsoftonline.us"]],
  ["china", ["https://sts.chinacloudapi.cn", "https://login.partner.microsoftonline.cn"]],
  ["https://localhost:8443", ["https://sts.windows.net", "https://localhost:8443"]],
])("resolveAcceptedTokens() takes the issuers of the cloud %s", (authorityHost, hosts) => {
  const { issuers } = resolveAcceptedTokens(
    { tenantId: TENANT_ID, audience: AUDIENCE, authorityHost },
    () => NOW,
  );
  expect(issuers).toEqual([`${hosts[0]}/${TENANT_ID}/`, `${hosts[1]}/${TENANT_ID}/v2.0`]);
});

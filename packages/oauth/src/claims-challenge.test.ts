import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  mergeClaims,
  parseAuthenticateHeader,
  parseClaimsChallenge,
  sendAuthorized,
} from "./claims-challenge.ts";
import { ReceivedResponse } from "./transport/response.ts";
import type { HttpRequest } from "./transport/transport.ts";

const claims = '{"access_token":{"nbf":{"essential":true,"value":"1604106651"}}}';
const graph = `Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", error="insufficient_claims", claims="${Buffer.from(claims).toString("base64")}"`;
// facts: Exchange joins two challenges without a blank.
const exchange =
  'Bearer client_id="00000002-0000-0ff1-ce00-000000000000", trusted_issuers="00000001-0000-0000-c000-000000000000@*", token_types="app_asserted_user_v1 service_asserted_app_v1", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", error="invalid_token",Basic Realm=""';

describe("parseAuthenticateHeader", () => {
  it("parseAuthenticateHeader() reads the two challenges of Exchange", () => {
    const challenges = parseAuthenticateHeader(exchange);
    expect(challenges.map(({ scheme }) => scheme)).toEqual(["Bearer", "Basic"]);
    expect(challenges[0]?.parameters).toMatchObject({
      error: "invalid_token",
      client_id: "00000002-0000-0ff1-ce00-000000000000",
    });
    expect(challenges[1]?.parameters).toEqual({ realm: "" });
  });

  it("parseAuthenticateHeader() never crashes", () => {
    fc.assert(fc.property(fc.string(), (text) => Array.isArray(parseAuthenticateHeader(text))));
  });
});

describe("parseClaimsChallenge", () => {
  it("parseClaimsChallenge() decodes the claims, base64 or base64url", () => {
    expect(parseClaimsChallenge(graph)).toBe(claims);
    expect(
      parseClaimsChallenge(
        `Basic realm="x", Bearer error="insufficient_claims", claims=${Buffer.from(claims).toString("base64url")}`,
      ),
    ).toBe(claims);
  });

  it.each([
    ["escaped for an address", encodeURIComponent(Buffer.from(claims).toString("base64"))],
    ["the JSON itself", claims.replaceAll('"', '\\"')],
    ["without padding", Buffer.from(claims).toString("base64").replace(/=+$/, "")],
  ])("parseClaimsChallenge() takes claims %s", (_, spelled) => {
    const header = `Negotiate, Bearer error="insufficient_claims", claims="${spelled}"`;
    expect(parseClaimsChallenge(header)).toBe(claims);
  });

  it.each([
    undefined,
    "",
    exchange,
    'Bearer error="insufficient_claims"',
    'Bearer error="insufficient_claims", claims="bm90IGpzb24="',
    'Bearer error="invalid_token", claims="e30="',
  ])("parseClaimsChallenge(%j) gives undefined", (header) => {
    expect(parseClaimsChallenge(header)).toBeUndefined();
  });
});

describe("mergeClaims", () => {
  it("mergeClaims() keeps what was asked for and adds the capabilities", () => {
    expect(JSON.parse(mergeClaims(claims, ["cp1"]) ?? "")).toEqual({
      access_token: { nbf: { essential: true, value: "1604106651" }, xms_cc: { values: ["cp1"] } },
    });
    expect(mergeClaims(undefined, [])).toBeUndefined();
    expect(mergeClaims(claims, [])).toBe(claims);
    expect(() => mergeClaims("[]", [])).toThrow(TypeError);
  });
});

describe("sendAuthorized", () => {
  const play = (answers: readonly ReceivedResponse[]) => {
    const sent: HttpRequest[] = [];
    const asked: (string | undefined)[] = [];
    const transport = {
      send: async (request: HttpRequest) => {
        sent.push(request);
        return answers[Math.min(sent.length, answers.length) - 1] as ReceivedResponse;
      },
      close: () => undefined,
    };
    const tokens = {
      getToken: async (_scopes: string | string[], options?: { claims?: string }) => {
        asked.push(options?.claims);
        return { token: `token${asked.length}` };
      },
    };
    const request = { method: "GET", url: "https://graph.microsoft.com/v1.0/me" };
    const done = sendAuthorized(transport, tokens, request, {
      scopes: "https://graph.microsoft.com/.default",
    });
    return { done, sent, asked };
  };
  const challenge = new ReceivedResponse(401, { "www-authenticate": graph }, new Uint8Array());
  const fine = new ReceivedResponse(200, {}, new Uint8Array());

  it("sendAuthorized() answers one challenge with a fresh token", async () => {
    const run = play([challenge, fine]);
    expect((await run.done).status).toBe(200);
    expect(run.asked).toEqual([undefined, claims]);
    expect(run.sent.map(({ headers }) => headers?.["authorization"])).toEqual([
      "Bearer token1",
      "Bearer token2",
    ]);
  });

  it("sendAuthorized() returns a second challenge, and any other 401, as they came", async () => {
    const twice = play([challenge, challenge]);
    expect((await twice.done).status).toBe(401);
    expect(twice.sent).toHaveLength(2);
    const plain = play([new ReceivedResponse(401, { "www-authenticate": exchange }, new Uint8Array())]);
    expect((await plain.done).status).toBe(401);
    expect(plain.sent).toHaveLength(1);
  });
});

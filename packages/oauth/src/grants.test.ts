/** The form bodies of the flows a user takes part in. */
import { describe, expect, it } from "vitest";
import { requestTokenByAuthorizationCode } from "./authorization-code/request.ts";
import { createConfidentialClient } from "./confidential-client.ts";
import { requestTokenOnBehalfOf } from "./on-behalf-of/request.ts";
import { requestTokenByRefreshToken } from "./refresh-token/request.ts";
import { ReceivedResponse } from "./transport/response.ts";
import type { HttpRequest } from "./transport/transport.ts";

function play(statuses: readonly number[] = [200]) {
  const requests: HttpRequest[] = [];
  const client = createConfidentialClient({
    tenantId: "school.example",
    clientId: "11111111-2222-4333-8444-555555555555",
    clientSecret: "s3cr+t",
    clientCapabilities: ["cp1"],
    retry: { baseDelayMs: 1 },
    transport: {
      send: async (request) => {
        const status = statuses[Math.min(requests.length, statuses.length - 1)] ?? 200;
        requests.push(request);
        const grant = { token_type: "Bearer", expires_in: 3599, access_token: "t", refresh_token: "r" };
        return new ReceivedResponse(status, {}, Buffer.from(status === 200 ? JSON.stringify(grant) : ""));
      },
      close: () => undefined,
    },
  });
  return { client, requests, form: () => Object.fromEntries(new URLSearchParams(String(requests[0]?.body))) };
}
const common = {
  client_id: "11111111-2222-4333-8444-555555555555",
  client_secret: "s3cr+t",
  claims: '{"access_token":{"xms_cc":{"values":["cp1"]}}}',
};

describe("requestTokenByAuthorizationCode", () => {
  it("requestTokenByAuthorizationCode() sends code, redirect URI and verifier, at the endpoint that fits", async () => {
    const run = play();
    const request = {
      code: "M.C107/+=",
      redirectUri: "https://app.school.example/back?a=b&c",
      codeVerifier: "v".repeat(43),
    };
    const token = await requestTokenByAuthorizationCode(run.client, { ...request, scopes: ["a", "b"] });
    expect(token.refreshToken).toBe("r");
    expect(run.form()).toEqual({
      ...common,
      grant_type: "authorization_code",
      code: request.code,
      redirect_uri: request.redirectUri,
      code_verifier: request.codeVerifier,
      scope: "a b",
    });
    const v1 = play();
    await requestTokenByAuthorizationCode(v1.client, {
      code: "c",
      redirectUri: "https://a.example",
      resource: "https://outlook.office365.com",
    });
    expect(v1.requests[0]?.url).toMatch(/school\.example\/oauth2\/token$/);
    expect(v1.form()).toMatchObject({ resource: "https://outlook.office365.com" });
  });

  it("requestTokenByAuthorizationCode() is repeated after 429 only", async () => {
    const throttled = play([429, 200]);
    await requestTokenByAuthorizationCode(throttled.client, { code: "c", redirectUri: "https://a.example" });
    expect(throttled.requests).toHaveLength(2);
    const down = play([503, 200]);
    await expect(
      requestTokenByAuthorizationCode(down.client, { code: "c", redirectUri: "https://a.example" }),
    ).rejects.toMatchObject({ code: "OAUTH_UNREADABLE_ANSWER", details: { status: 503 } });
    expect(down.requests).toHaveLength(1);
  });
});

describe("requestTokenByRefreshToken", () => {
  it("requestTokenByRefreshToken() sends the token, and repeats after 503", async () => {
    const run = play([503, 200]);
    await requestTokenByRefreshToken(run.client, { refreshToken: "0.AX", scopes: ["a"] });
    expect(run.form()).toEqual({ ...common, grant_type: "refresh_token", refresh_token: "0.AX", scope: "a" });
    expect(run.requests).toHaveLength(2);
  });
});

describe("requestTokenOnBehalfOf", () => {
  it("requestTokenOnBehalfOf() sends the user's token as assertion", async () => {
    const run = play();
    await requestTokenOnBehalfOf(run.client, {
      userAssertion: "e30.e30.e30",
      scopes: ["https://graph.microsoft.com/.default"],
    });
    expect(run.form()).toEqual({
      ...common,
      grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
      assertion: "e30.e30.e30",
      requested_token_use: "on_behalf_of",
      scope: "https://graph.microsoft.com/.default",
    });
  });
});

describe("misuse", () => {
  it.each([
    [
      "an empty code",
      () => requestTokenByAuthorizationCode(play().client, { code: "", redirectUri: "https://a.example" }),
    ],
    ["an empty refresh token", () => requestTokenByRefreshToken(play().client, { refreshToken: "" })],
    [
      "scopes and resource",
      () => requestTokenByRefreshToken(play().client, { refreshToken: "r", scopes: ["a"], resource: "b" }),
    ],
    ["on-behalf-of for nothing", () => requestTokenOnBehalfOf(play().client, { userAssertion: "a.b.c" })],
  ])("%s is misuse", async (_name, act) => {
    await expect(act()).rejects.toThrow(TypeError);
  });
});

import { describe, expect, it } from "vitest";
import { createConfidentialClient } from "../confidential-client.ts";
import { createAuthorizationUrl, processAuthorizationResponse } from "./authorization-url.ts";

const client = createConfidentialClient({
  tenantId: "common",
  clientId: "11111111-2222-4333-8444-555555555555",
  clientSecret: "secret",
});
const redirectUri = "https://app.school.example/back?x=1&y";

describe("createAuthorizationUrl", () => {
  it("createAuthorizationUrl() asks for a code with PKCE and state, at the endpoint that fits", () => {
    const { url, state, pkce } = createAuthorizationUrl(client, {
      redirectUri,
      scopes: ["openid", "a/b"],
      loginHint: "room-12@school.example",
    });
    const { origin, pathname, searchParams } = new URL(url);
    expect(origin + pathname).toBe("https://login.microsoftonline.com/common/oauth2/v2.0/authorize");
    expect(Object.fromEntries(searchParams)).toEqual({
      client_id: client.clientId,
      response_type: "code",
      redirect_uri: redirectUri,
      scope: "openid a/b",
      state,
      code_challenge: pkce.codeChallenge,
      code_challenge_method: "S256",
      login_hint: "room-12@school.example",
    });
    expect(url).not.toContain(pkce.codeVerifier);
    const v1 = createAuthorizationUrl(client, { redirectUri, resource: "https://outlook.office365.com" });
    expect(new URL(v1.url).pathname).toBe("/common/oauth2/authorize");
    expect(v1.state).not.toBe(state);
  });

  it("createAuthorizationUrl() wants exactly one of scopes and resource", () => {
    expect(() => createAuthorizationUrl(client, { redirectUri })).toThrow(TypeError);
    expect(() => createAuthorizationUrl(client, { redirectUri, scopes: ["a"], resource: "b" })).toThrow(
      TypeError,
    );
  });
});

describe("processAuthorizationResponse", () => {
  it("processAuthorizationResponse() reads query, fragment and form post", () => {
    for (const answer of [
      "https://a.example/back?code=C&state=S",
      "https://a.example/back#code=C&state=S",
      new URLSearchParams("code=C&state=S"),
    ]) {
      expect(processAuthorizationResponse(answer, { state: "S" })).toEqual({ code: "C" });
    }
  });

  it.each([
    ["code=C&state=other", "OAUTH_STATE_MISMATCH"],
    ["code=C", "OAUTH_STATE_MISMATCH"],
    ["state=S", "OAUTH_UNREADABLE_ANSWER"],
    [
      "error=access_denied&error_description=AADSTS65004%3A+User+declined.+Trace+ID%3A+x&state=S",
      "OAUTH_REFUSED",
    ],
  ])("processAuthorizationResponse(%j) throws %s", (query, code) => {
    const attempt = () => processAuthorizationResponse(new URLSearchParams(query), { state: "S" });
    expect(attempt).toThrow(expect.objectContaining({ code }));
    if (code === "OAUTH_REFUSED")
      expect(attempt).toThrow(
        expect.objectContaining({ details: expect.objectContaining({ aadstsCodes: [65004] }) }),
      );
  });
});

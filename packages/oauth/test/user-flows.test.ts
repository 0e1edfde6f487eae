import {
  createAuthorizationUrl,
  createConfidentialClient,
  inspectAccessToken,
  processAuthorizationResponse,
  requestTokenByAuthorizationCode,
  requestTokenByRefreshToken,
  requestTokenOnBehalfOf,
} from "@nightlatch/oauth";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { CLIENT_ID, openSchool, REDIRECT_URI, type School } from "./school.ts";

let school: School;
beforeAll(async () => {
  school = await openSchool();
});
afterAll(() => school.close());
beforeEach(() => school.emulator.reset());

const tokenRequests = () => school.emulator.requests().filter((request) => request.url.endsWith("/token"));

describe("a user's sign-in", () => {
  it("the code of document 002 is redeemed with a certificate, with PKCE, and its refresh token again", async () => {
    const client = createConfidentialClient({ ...school.base, certificate: school.credential });
    const { code, pkce } = await signIn(client, [
      "openid",
      "offline_access",
      "https://graph.microsoft.com/Calendars.Read",
    ]);
    const token = await requestTokenByAuthorizationCode(client, {
      code,
      redirectUri: REDIRECT_URI,
      codeVerifier: pkce.codeVerifier,
    });
    expect(inspectAccessToken(token.accessToken).scopes).toContain("Calendars.Read");
    expect(token.idToken).toBeDefined();
    const again = await requestTokenByRefreshToken(client, { refreshToken: token.refreshToken ?? "" });
    expect(inspectAccessToken(again.accessToken).scopes).toContain("Calendars.Read");
  });

  it("requestTokenByAuthorizationCode() with another verifier is refused and not repeated", async () => {
    const client = createConfidentialClient({ ...school.base, certificate: school.credential });
    const { code } = await signIn(client, ["https://graph.microsoft.com/Calendars.Read"]);
    const codeVerifier = "x".repeat(43);
    await expect(
      requestTokenByAuthorizationCode(client, { code, redirectUri: REDIRECT_URI, codeVerifier }),
    ).rejects.toMatchObject({ code: "OAUTH_REFUSED", details: { error: "invalid_grant" } });
    expect(tokenRequests()).toHaveLength(1);
  });

  it("requestTokenByAuthorizationCode() does not repeat a code whose answer was lost", async () => {
    const client = createConfidentialClient({ ...school.base, certificate: school.credential });
    const { code, pkce } = await signIn(client, ["https://graph.microsoft.com/Calendars.Read"]);
    school.emulator.faults.add({ kind: "drop", when: "after", endpoint: "token", times: 1 });
    await expect(
      requestTokenByAuthorizationCode(client, {
        code,
        redirectUri: REDIRECT_URI,
        codeVerifier: pkce.codeVerifier,
      }),
    ).rejects.toMatchObject({ code: "OAUTH_NETWORK_LOST", details: { answerLost: true } });
    expect(tokenRequests()).toHaveLength(1);
  });

  it("requestTokenOnBehalfOf() exchanges the user's token for one of Graph", async () => {
    const client = createConfidentialClient({ ...school.base, certificate: school.credential });
    const { code, pkce } = await signIn(client, [`${CLIENT_ID}/access`]);
    const own = await requestTokenByAuthorizationCode(client, {
      code,
      redirectUri: REDIRECT_URI,
      codeVerifier: pkce.codeVerifier,
    });
    const token = await requestTokenOnBehalfOf(client, {
      userAssertion: own.accessToken,
      scopes: ["https://graph.microsoft.com/Calendars.Read"],
    });
    expect(inspectAccessToken(token.accessToken)).toMatchObject({
      audience: "https://graph.microsoft.com",
      scopes: expect.arrayContaining(["Calendars.Read"]),
    });
  });
});

/** What a browser does: opens the page, fills in and submits each form, until it is sent back. */
async function signIn(client: ReturnType<typeof createConfidentialClient>, scopes: readonly string[]) {
  const { url, state, pkce } = createAuthorizationUrl(client, { redirectUri: REDIRECT_URI, scopes });
  const cookies: string[] = [];
  let page = await school.transport.send({ method: "GET", url, headers: { accept: "text/html" } });
  for (let form = 0; form < 4 && page.headers["location"] === undefined; form++) {
    const set = page.headers["set-cookie"] ?? "";
    for (const [, pair] of set.matchAll(/(?:^|, )([\w.-]+=[^;,]*)/g))
      if (pair !== undefined) cookies.push(pair);
    page = await school.transport.send(submission(page.text(), url, cookies.join("; ")));
  }
  const location = page.headers["location"];
  if (location === undefined) throw new Error(`no redirect: ${page.status} ${page.text().slice(0, 2_000)}`);
  return { ...processAuthorizationResponse(location, { state }), pkce };
}

function submission(html: string, pageUrl: string, cookie: string) {
  const attribute = (tag: string, name: string) =>
    new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1]?.replaceAll("&amp;", "&").replaceAll("&quot;", '"') ??
    "";
  const action = attribute(/<form[^>]*>/.exec(html)?.[0] ?? "", "action");
  const fields = new URLSearchParams();
  const button = /<button class="main"[^>]*>/.exec(html)?.[0] ?? "";
  fields.set(attribute(button, "name"), attribute(button, "value"));
  for (const [tag] of html.matchAll(/<input[^>]*>/g)) {
    const type = attribute(tag, "type");
    if (type === "hidden") fields.set(attribute(tag, "name"), attribute(tag, "value"));
    else if (type === "password") fields.set(attribute(tag, "name"), "Pass-2026");
    else if (type === "email") fields.set(attribute(tag, "name"), "room-12@school.example");
  }
  return {
    method: "POST",
    url: new URL(action, pageUrl).href,
    headers: { "content-type": "application/x-www-form-urlencoded", accept: "text/html", cookie },
    body: fields.toString(),
  };
}

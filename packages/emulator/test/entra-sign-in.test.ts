import { createHash } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { RunningEmulator } from "../src/index.ts";
import { Browser, makePkce, posted, redirected } from "./entra-browser.ts";
import {
  type Answer,
  API,
  JWT_BEARER,
  MULTI,
  makeAssertion,
  makeCertificate,
  NATIVE,
  payloadOf,
  REDIRECT,
  SECRET,
  SPA,
  schoolSeed,
  send,
  startSchool,
  TENANT,
  type TestCertificate,
  WEB,
} from "./entra-school.ts";

let daemon: TestCertificate;
let emulator: RunningEmulator;
let browser: Browser;
const pkce = makePkce();

beforeAll(async () => {
  daemon = makeCertificate("Timetable daemon");
  emulator = await startSchool(schoolSeed(daemon));
});

beforeEach(() => {
  emulator.reset();
  browser = new Browser(emulator);
});

afterAll(() => emulator.close());

type Fields = Readonly<Record<string, string | undefined>>;

function authorizePath(fields: Fields = {}, tenant = TENANT, version = "/v2.0"): string {
  const all: Fields = {
    client_id: WEB,
    response_type: "code",
    redirect_uri: REDIRECT,
    scope: "openid profile offline_access User.Read",
    state: "st&te",
    code_challenge: pkce.challenge,
    code_challenge_method: "S256",
    ...fields,
  };
  const pairs = Object.entries(all).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return `/${tenant}/oauth2${version}/authorize?${new URLSearchParams(pairs)}`;
}

/** Sign-in page, password, consent page, accept. */
async function walk(fields: Fields = {}, login = "office@school.example", tenant = TENANT): Promise<Answer> {
  const consent = await browser.signIn(await browser.open(authorizePath(fields, tenant)), login);
  return /Permissions requested/.test(consent.text) ? browser.submit(consent, { action: "accept" }) : consent;
}

function redeem(code: string | null, fields: Fields = {}, version = "/v2.0"): Promise<Answer> {
  return send(emulator, `/${TENANT}/oauth2${version}/token`, {
    form: {
      grant_type: "authorization_code",
      client_id: WEB,
      client_secret: SECRET,
      code: code ?? "",
      redirect_uri: REDIRECT,
      code_verifier: pkce.verifier,
      ...fields,
    },
  });
}

function expectRefusal(answer: Answer, code: number, error: string): void {
  expect(answer.json["error_codes"], answer.text).toEqual([code]);
  expect(answer.json["error"]).toBe(error);
}

describe("the code flow", () => {
  it("leads over sign-in and consent to a code, and to tokens for the certificate", async () => {
    const parameters = redirected(await walk());
    expect(parameters.get("state")).toBe("st&te");
    const url = `${emulator.origin}/${TENANT}/oauth2/v2.0/token`;
    const client_assertion = makeAssertion(daemon, url, WEB);
    const { status, json, text } = await redeem(parameters.get("code"), {
      client_secret: undefined,
      client_assertion_type: JWT_BEARER,
      client_assertion,
      client_info: "1",
    });
    expect(status, text).toBe(200);
    expect(json["scope"]).toBe("openid profile User.Read");
    expect(payloadOf(json["access_token"])).toMatchObject({
      appid: WEB,
      appidacr: "2",
      scp: "User.Read openid profile",
      upn: "office@school.example",
      idtyp: "user",
    });
    expect(payloadOf(json["id_token"])).toMatchObject({
      aud: WEB,
      iss: `${emulator.origin}/${TENANT}/v2.0`,
      preferred_username: "office@school.example",
      tid: TENANT,
      ver: "2.0",
    });
    const info = JSON.parse(Buffer.from(String(json["client_info"]), "base64url").toString("utf8"));
    expect(info).toEqual({ uid: payloadOf(json["id_token"])["oid"], utid: TENANT });
  });

  it("asks neither for password nor consent a second time", async () => {
    await walk();
    const again = await browser.open(authorizePath());
    expect(again.status).toBe(302);
    expect(redirected(again).get("code")).toMatch(/^1\.A/);
  });

  it("refuses a code that was redeemed, is old, garbled, or another client's", async () => {
    const code = redirected(await walk()).get("code");
    expect((await redeem(code)).status).toBe(200);
    expectRefusal(await redeem(code), 54005, "invalid_grant");
    const fresh = redirected(await browser.open(authorizePath())).get("code");
    expectRefusal(await redeem(fresh, { client_id: API }), 700007, "invalid_grant");
    emulator.clock.advance(601_000);
    expectRefusal(await redeem(fresh), 70008, "invalid_grant");
    expectRefusal(await redeem("garbled"), 9002313, "invalid_grant");
  });

  it("refuses a wrong verifier with AADSTS50148 and a short one with 501482", async () => {
    const code = redirected(await walk()).get("code");
    expectRefusal(await redeem(code, { code_verifier: makePkce().verifier }), 50148, "invalid_grant");
    expectRefusal(await redeem(code, { code_verifier: undefined }), 50148, "invalid_grant");
    expectRefusal(await redeem(code, { code_verifier: "short" }), 501482, "invalid_grant");
    expect((await redeem(code)).status).toBe(200);
  });

  it("refuses another redirect URI, none, and a confidential client without credentials", async () => {
    const code = redirected(await walk()).get("code");
    expectRefusal(await redeem(code, { redirect_uri: `${REDIRECT}/` }), 500112, "invalid_client");
    expectRefusal(await redeem(code, { redirect_uri: undefined }), 700009, "invalid_grant");
    expectRefusal(await redeem(code, { client_secret: undefined }), 7000218, "invalid_client");
  });

  it("hands the answer over in the fragment or in a form that posts itself", async () => {
    await walk();
    const fragment = await browser.open(authorizePath({ response_mode: "fragment" }));
    expect(String(fragment.headers["location"])).toMatch(/callback#code=/);
    const form = await browser.open(authorizePath({ response_mode: "form_post" }));
    expect(form.text).toContain(`action="${REDIRECT}"`);
    expect(posted(form)["state"]).toBe("st&te");
    expect(posted(form)["code"]).toMatch(/^1\.A/);
    expect(form.headers["content-security-policy"]).toContain(
      "form-action 'self' https://app.school.example",
    );
  });

  it("works on v1 with a resource", async () => {
    await walk();
    const path = authorizePath({ scope: undefined, resource: "https://graph.microsoft.com" }, TENANT, "");
    const code = redirected(await browser.open(path)).get("code");
    const { json, text } = await redeem(code, { resource: "https://graph.microsoft.com" }, "");
    expect(json["resource"], text).toBe("https://graph.microsoft.com");
    expect(payloadOf(json["id_token"])).toMatchObject({ ver: "1.0", upn: "office@school.example" });
    expect(json["refresh_token"]).toBeDefined();
  });

  it("puts the nonce into the id token", async () => {
    const code = redirected(await walk({ nonce: "n-1" })).get("code");
    expect(payloadOf((await redeem(code)).json["id_token"])["nonce"]).toBe("n-1");
  });

  it("issues nobody a token for what nobody consented to", async () => {
    const code = redirected(await walk()).get("code");
    expectRefusal(await redeem(code, { scope: "openid Calendars.Read" }), 65001, "invalid_grant");
  });
});

describe("the pages", () => {
  it("keep the person on the page until name and password fit", async () => {
    const page = await browser.open(authorizePath());
    expect((await browser.signIn(page, "nobody@school.example")).text).toContain("AADSTS50034");
    expect((await browser.signIn(page, "office@school.example", "wrong")).text).toContain("AADSTS50126");
    expect((await browser.signIn(page, "admin@second.example")).text).toContain("AADSTS50020");
  });

  it("escape what a request puts into them", async () => {
    const page = await browser.open(authorizePath({ login_hint: `"><script>alert(1)</script>` }));
    expect(page.text).not.toContain("<script>alert");
    expect(page.headers["content-security-policy"]).toContain("default-src 'none'");
    expect(page.text).not.toMatch(/\son[a-z]+=/);
  });

  it("take no form that another site sends", async () => {
    const page = await browser.open(authorizePath());
    const flow = /name="flow" value="([^"]+)"/.exec(page.text)?.[1];
    const answer = await send(emulator, `/${TENANT}/login`, {
      form: { flow, login: "office@school.example", passwd: "x" },
      headers: { origin: "https://elsewhere.example" },
    });
    expect(answer.status).toBe(400);
  });

  it("show errors that have no address to go to", async () => {
    const textOf = async (path: string) => (await browser.open(path)).text;
    expect(await textOf(authorizePath({ client_id: TENANT }))).toContain("AADSTS700016");
    expect(await textOf(authorizePath({ redirect_uri: "https://elsewhere.example/" }))).toContain(
      "AADSTS50011",
    );
    expect(await textOf(authorizePath({ redirect_uri: `${REDIRECT}/` }))).toContain("AADSTS50011");
    expect(await textOf(authorizePath({}, "nowhere.example"))).toContain("AADSTS90002");
    expect(await textOf(authorizePath({}, "common"))).toContain("AADSTS50194");
  });

  it("send other errors to the application with its state", async () => {
    const outcome = async (fields: Fields) => {
      const parameters = redirected(await browser.open(authorizePath(fields)));
      expect(parameters.get("state")).toBe("st&te");
      return [parameters.get("error"), /^AADSTS(\d+)/.exec(parameters.get("error_description") ?? "")?.[1]];
    };
    expect(await outcome({ response_type: "magic" })).toEqual(["unsupported_response_type", "700052"]);
    expect(await outcome({ response_type: "token" })).toEqual(["unsupported_response_type", "700051"]);
    expect(await outcome({ code_challenge: "short" })).toEqual(["invalid_request", "501491"]);
    expect(await outcome({ code_challenge_method: "S512" })).toEqual(["invalid_request", "50149"]);
    expect(await outcome({ prompt: "none" })).toEqual(["login_required", "50058"]);
    expect(await outcome({ scope: undefined })).toEqual(["invalid_request", "900144"]);
  });
});

describe("consent", () => {
  it("declined goes to the application as access_denied", async () => {
    const page = await browser.signIn(await browser.open(authorizePath()));
    const parameters = redirected(await browser.submit(page, { action: "cancel" }));
    expect([parameters.get("error"), parameters.get("error_subcode")]).toEqual(["access_denied", "cancel"]);
    expect(parameters.get("error_description")).toContain("AADSTS65004");
  });

  it("is asked again with prompt=consent, and then not endlessly", async () => {
    await walk();
    const page = await browser.open(authorizePath({ prompt: "consent" }));
    expect(page.text).toContain("User.Read");
    expect((await browser.submit(page, { action: "accept" })).status).toBe(302);
  });

  it("is missing for prompt=none", async () => {
    await browser.signIn(await browser.open(authorizePath()));
    const parameters = redirected(await browser.open(authorizePath({ prompt: "none" })));
    expect(parameters.get("error_description")).toContain("AADSTS65001");
  });

  it("for all users can only come from an administrator", async () => {
    const scope = "openid User.Read.All";
    const page = await browser.signIn(await browser.open(authorizePath({ scope })));
    expect(page.text).toContain("Need admin approval");
    const admin = new Browser(emulator);
    const consent = await admin.signIn(await admin.open(authorizePath({ scope })), "admin@school.example");
    expect((await admin.submit(consent, { action: "accept", forAll: "true" })).status).toBe(302);
    expect((await browser.open(authorizePath({ scope }))).status).toBe(302);
  });

  it("is recorded per user otherwise", async () => {
    await walk();
    const other = new Browser(emulator);
    const page = await other.signIn(await other.open(authorizePath()), "admin@school.example");
    expect(page.text).toContain("Permissions requested");
  });
});

describe("prompt", () => {
  it("login asks for the password although somebody is signed in", async () => {
    await walk();
    const page = await browser.open(authorizePath({ prompt: "login" }));
    expect(page.text).toContain('name="passwd"');
    expect((await browser.signIn(page)).status).toBe(302);
  });

  it("select_account lets the person choose", async () => {
    await walk();
    const page = await browser.open(authorizePath({ prompt: "select_account" }));
    expect(page.text).toContain("Pick an account");
    expect((await browser.submit(page, { action: "continue" })).status).toBe(302);
    expect((await browser.submit(page, { action: "other" })).text).toContain('name="passwd"');
  });
});

describe("other platforms", () => {
  it("redeems a native client's code without credentials, on any loopback port", async () => {
    const redirect_uri = "http://localhost:54321";
    const code = redirected(await walk({ client_id: NATIVE, redirect_uri })).get("code");
    expectRefusal(await redeem(code, { client_id: NATIVE, redirect_uri }), 7000215, "invalid_client");
    const { status, text } = await redeem(code, {
      client_id: NATIVE,
      redirect_uri,
      client_secret: undefined,
    });
    expect(status, text).toBe(200);
  });

  it("redeems a single-page application's code only across origins", async () => {
    const redirect_uri = "https://page.school.example/";
    const code = redirected(await walk({ client_id: SPA, redirect_uri })).get("code");
    const form = {
      grant_type: "authorization_code",
      client_id: SPA,
      code: code ?? "",
      redirect_uri,
      code_verifier: pkce.verifier,
    };
    const path = `/${TENANT}/oauth2/v2.0/token`;
    expectRefusal(await send(emulator, path, { form }), 9002327, "invalid_request");
    const headers = { origin: "https://page.school.example" };
    const { status, headers: answered, json } = await send(emulator, path, { form, headers });
    expect(status).toBe(200);
    expect(answered["access-control-allow-origin"]).toBe("*");
    emulator.clock.advance(25 * 3_600_000);
    const refresh = {
      grant_type: "refresh_token",
      client_id: SPA,
      refresh_token: String(json["refresh_token"]),
    };
    expectRefusal(await send(emulator, path, { form: refresh, headers }), 700084, "invalid_grant");
  });

  it("refuses a web application's code across origins", async () => {
    const code = redirected(await walk()).get("code");
    const answer = await send(emulator, `/${TENANT}/oauth2/v2.0/token`, {
      form: {
        grant_type: "authorization_code",
        client_id: WEB,
        client_secret: SECRET,
        code: code ?? "",
        redirect_uri: REDIRECT,
        code_verifier: pkce.verifier,
      },
      headers: { origin: "https://app.school.example" },
    });
    expectRefusal(answer, 9002326, "invalid_request");
    expect(answer.json["error_description"]).toContain("Request origin: 'https://app.school.example'.");
  });

  it("answers id tokens at once where they are enabled, bound to the code", async () => {
    const parameters = redirected(await walk({ response_type: "code id_token", nonce: "n-2" }));
    const claims = payloadOf(parameters.get("id_token"));
    const digest = createHash("sha256")
      .update(parameters.get("code") ?? "")
      .digest();
    expect(claims["nonce"]).toBe("n-2");
    expect(claims["c_hash"]).toBe(digest.subarray(0, 16).toString("base64url"));
  });
});

describe("refresh tokens", () => {
  const refresh = (token: unknown, fields: Fields = {}) =>
    send(emulator, `/${TENANT}/oauth2/v2.0/token`, {
      form: {
        grant_type: "refresh_token",
        client_id: WEB,
        client_secret: SECRET,
        refresh_token: String(token),
        ...fields,
      },
    });
  const first = async () => (await redeem(redirected(await walk()).get("code"))).json["refresh_token"];

  it("are answered with tokens and a successor", async () => {
    const token = await first();
    const { json } = await refresh(token);
    expect(payloadOf(json["access_token"])["scp"]).toContain("User.Read");
    expect(json["refresh_token"]).not.toBe(token);
    expect((await refresh(json["refresh_token"])).status).toBe(200);
  });

  it("lapse after 90 unused days", async () => {
    const token = await first();
    emulator.clock.advance(91 * 86_400_000);
    expectRefusal(await refresh(token), 700082, "invalid_grant");
  });

  it("belong to their client and need its credentials", async () => {
    const token = await first();
    expectRefusal(await refresh(token, { client_id: API }), 700007, "invalid_grant");
    expectRefusal(await refresh(token, { client_secret: undefined }), 7000218, "invalid_client");
    expectRefusal(await refresh("made-up"), 9002313, "invalid_grant");
  });
});

describe("on-behalf-of", () => {
  async function userTokenFor(scope: string): Promise<string> {
    browser = new Browser(emulator);
    const code = redirected(await walk({ scope: `openid ${scope}` })).get("code");
    return String((await redeem(code)).json["access_token"]);
  }
  const exchange = (assertion: string, fields: Fields = {}) =>
    send(emulator, `/${TENANT}/oauth2/v2.0/token`, {
      form: {
        grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
        client_id: API,
        client_secret: SECRET,
        assertion,
        requested_token_use: "on_behalf_of",
        scope: "User.Read",
        ...fields,
      },
    });

  it("exchanges a user's token for the API into one for Graph", async () => {
    const token = await userTokenFor(`api://${API}/timetable.read`);
    expect(payloadOf(token)).toMatchObject({ aud: API, scp: "timetable.read", ver: "2.0" });
    const { json, text } = await exchange(token);
    expect(json["scope"], text).toBe("User.Read");
    expect(payloadOf(json["access_token"])).toMatchObject({ appid: API, upn: "office@school.example" });
    // Azure's libraries ask for everything by the API's name, and look their cache up by what they asked for.
    const byName = await exchange(token, { scope: "https://graph.microsoft.com/.default openid" });
    expect(byName.json["scope"]).toBe(
      "openid https://graph.microsoft.com/User.Read https://graph.microsoft.com/.default",
    );
  });

  it("refuses tokens for others, app-only ones, old ones and nonsense", async () => {
    const token = await userTokenFor(`api://${API}/timetable.read`);
    expectRefusal(await exchange(await userTokenFor("User.Read")), 500131, "invalid_grant");
    expectRefusal(await exchange("nonsense"), 500132, "invalid_grant");
    expectRefusal(await exchange(token, { client_secret: undefined }), 7000219, "invalid_client");
    expectRefusal(await exchange(`${token.slice(0, -6)}AAAAAA`), 50013, "invalid_grant");
    const appOnly = await send(emulator, `/${TENANT}/oauth2/v2.0/token`, {
      form: {
        grant_type: "client_credentials",
        client_id: API,
        client_secret: SECRET,
        scope: `${API}/.default`,
      },
    });
    expectRefusal(await exchange(String(appOnly.json["access_token"])), 7000114, "unauthorized_client");
    emulator.clock.advance(2 * 3_600_000);
    expectRefusal(await exchange(token), 500133, "invalid_grant");
  });
});

describe("the device flow", () => {
  const poll = (device_code: unknown) =>
    send(emulator, `/${TENANT}/oauth2/v2.0/token`, {
      form: {
        grant_type: "urn:ietf:params:oauth:grant-type:device_code",
        client_id: NATIVE,
        device_code: String(device_code),
      },
    });
  const begin = () =>
    send(emulator, `/${TENANT}/oauth2/v2.0/devicecode`, {
      form: { client_id: NATIVE, scope: "openid offline_access User.Read" },
    });

  it("waits for a person and then gives tokens once", async () => {
    const { json } = await begin();
    expect(json).toMatchObject({ expires_in: 900, interval: 5 });
    expectRefusal(await poll(json["device_code"]), 70016, "authorization_pending");
    const entered = await browser.submit(await browser.open("/common/oauth2/deviceauth"), {
      otc: String(json["user_code"]),
    });
    const consent = await browser.signIn(entered);
    expect((await browser.submit(consent, { action: "accept" })).text).toContain("You have signed in");
    const { json: tokens, text } = await poll(json["device_code"]);
    expect(payloadOf(tokens["access_token"]), text).toMatchObject({ appidacr: "0", scp: "User.Read openid" });
    expectRefusal(await poll(json["device_code"]), 7000014, "invalid_grant");
  });

  it("ends when the person declines or the code is old", async () => {
    const { json } = await begin();
    const entered = await browser.submit(await browser.open("/common/oauth2/deviceauth"), {
      otc: String(json["user_code"]),
    });
    await browser.submit(await browser.signIn(entered), { action: "cancel" });
    expectRefusal(await poll(json["device_code"]), 65004, "authorization_declined");
    const { json: second } = await begin();
    emulator.clock.advance(901_000);
    expectRefusal(await poll(second["device_code"]), 70020, "expired_token");
  });

  it("needs a multi-tenant application on /common", async () => {
    const answer = await send(emulator, "/common/oauth2/v2.0/devicecode", {
      form: { client_id: NATIVE, scope: "openid" },
    });
    expectRefusal(answer, 50059, "invalid_request");
  });
});

describe("further endpoints", () => {
  it("signs in with a password where a program insists", async () => {
    await walk({ client_id: NATIVE, redirect_uri: "http://localhost" });
    const ask = (fields: Fields) =>
      send(emulator, "/organizations/oauth2/v2.0/token", {
        form: {
          grant_type: "password",
          client_id: NATIVE,
          scope: "openid User.Read",
          username: "office@school.example",
          password: "Correct-Horse-7",
          ...fields,
        },
      });
    expect((await ask({})).status).toBe(200);
    expectRefusal(await ask({ password: "wrong" }), 50126, "invalid_grant");
  });

  it("tells who a token speaks for", async () => {
    const code = redirected(await walk({ scope: "openid profile email User.Read" })).get("code");
    const token = String((await redeem(code)).json["access_token"]);
    const { json } = await send(emulator, "/oidc/userinfo", {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(json).toMatchObject({ name: "School office", email: "office@school.example" });
    expect((await send(emulator, "/oidc/userinfo")).status).toBe(401);
  });

  it("gives an access token for the userinfo endpoint when only OpenID Connect scopes are asked for", async () => {
    const code = redirected(await walk({ scope: "openid profile email" })).get("code");
    const { json } = await redeem(code, { scope: undefined });
    expect(json).toMatchObject({
      token_type: "Bearer",
      scope: expect.stringContaining("openid profile email"),
    });
    expect(payloadOf(json["access_token"])["scp"]).toContain("openid profile email");
    const answer = await send(emulator, "/oidc/userinfo", {
      headers: { authorization: `Bearer ${String(json["access_token"])}` },
    });
    expect(answer.status).toBe(200);
    // OpenID Connect Core 1.0 §5.3.2: a client must compare the two.
    expect(answer.json["sub"]).toBe(payloadOf(json["id_token"])["sub"]);
  });

  it("signs out, and leads back only to registered addresses", async () => {
    await walk();
    const out = await browser.open(
      `/${TENANT}/oauth2/v2.0/logout?post_logout_redirect_uri=${encodeURIComponent(REDIRECT)}&state=9`,
    );
    expect(out.headers["location"]).toBe(`${REDIRECT}?state=9`);
    expect((await browser.open(authorizePath())).text).toContain('name="passwd"');
    const elsewhere = await browser.open(
      `/common/oauth2/logout?post_logout_redirect_uri=${encodeURIComponent("https://elsewhere.example/")}`,
    );
    expect([elsewhere.status, elsewhere.headers["location"]]).toEqual([200, undefined]);
  });

  it("lets users of other tenants sign in to a multi-tenant application on /organizations", async () => {
    const consent = await browser.signIn(
      await browser.open(authorizePath({ client_id: MULTI, scope: "openid User.Read" }, "organizations")),
      "admin@second.example",
    );
    const code = redirected(await browser.submit(consent, { action: "accept" })).get("code");
    const answer = await send(emulator, "/organizations/oauth2/v2.0/token", {
      form: {
        grant_type: "authorization_code",
        client_id: MULTI,
        client_secret: SECRET,
        code: code ?? "",
        redirect_uri: REDIRECT,
        code_verifier: pkce.verifier,
      },
    });
    expect(payloadOf(answer.json["id_token"]), answer.text).toMatchObject({
      tid: "22222222-2222-4222-8222-222222222222",
    });
  });

  it("refuses admin consent on /common, and to people who are no administrators", async () => {
    const query = `client_id=${MULTI}&redirect_uri=${encodeURIComponent(REDIRECT)}&scope=${encodeURIComponent("https://graph.microsoft.com/.default")}`;
    expect((await browser.open(`/common/v2.0/adminconsent?${query}`)).text).toContain("AADSTS9002328");
    const page = await browser.open(`/organizations/v2.0/adminconsent?${query}`);
    expect((await browser.signIn(page)).text).toContain("AADSTS90094");
  });

  it("asks an administrator again who mistyped the password for admin consent", async () => {
    const query = new URLSearchParams({ client_id: MULTI, redirect_uri: REDIRECT, state: "s" });
    const page = await browser.open(`/${TENANT}/adminconsent?${query}`);
    const again = await browser.signIn(page, "admin@school.example", "Wrong-Horse-7");
    expect(again.text).toContain("AADSTS50126");
    const consent = await browser.signIn(again, "admin@school.example");
    const answer = await browser.submit(consent, { action: "accept" });
    expect(redirected(answer).get("admin_consent")).toBe("True");
  });

  it("explains the numbers that error_uri leads to", async () => {
    expect((await browser.open("/error?code=700016")).text).toContain("AADSTS700016");
  });
});

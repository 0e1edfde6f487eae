import { describe, expect, it } from "vitest";
import { CALENDAR, type EwsOptions, envelope, ewsToken, makeEwsFixture, textOf } from "./ews-fixture.ts";
import { judgeEveryBody } from "./ews-judge.ts";
import { CLIENT_ID, ROOM_12, ROOM_13, TENANT_ID } from "./graph-fixture.ts";

judgeEveryBody({ atLeast: 30 });

const GET_CALENDAR = `<m:GetFolder><m:FolderShape><t:BaseShape>IdOnly</t:BaseShape></m:FolderShape><m:FolderIds>${CALENDAR}</m:FolderIds></m:GetFolder>`;
const impersonate = (sid: string): string =>
  `<t:RequestServerVersion Version="Exchange2013_SP1"/><t:ExchangeImpersonation><t:ConnectingSID>${sid}</t:ConnectingSID></t:ExchangeImpersonation>`;

interface Refusal {
  readonly what: string;
  readonly options: EwsOptions;
  readonly status: number;
  readonly id: number;
  readonly category: string;
}

const REFUSALS: readonly Refusal[] = [
  {
    what: "an unreadable token",
    options: { token: "abc" },
    status: 401,
    id: 2000001,
    category: "invalid_token",
  },
  {
    what: "a token of Graph",
    options: { claims: { aud: "https://graph.microsoft.com" } },
    status: 401,
    id: 2000003,
    category: "invalid_resource",
  },
  {
    what: "an expired token",
    options: { claims: { exp: 1 } },
    status: 401,
    id: 2000002,
    category: "token_expired",
  },
  {
    what: "a token of a tenant that is not there",
    options: { claims: { tid: "99999999-0000-4000-8000-000000000000" } },
    status: 401,
    id: 2000004,
    category: "invalid_tenant",
  },
  {
    what: "a token without roles",
    options: { claims: { roles: undefined } },
    status: 401,
    id: 2000008,
    category: "invalid_grant",
  },
  {
    what: "a token with other roles",
    options: { roles: ["Mail.Read"] },
    status: 403,
    id: 2000008,
    category: "invalid_grant",
  },
  {
    what: "a user's token whose user is gone",
    options: { claims: { scp: "EWS.AccessAsUser.All", oid: "99999999-0000-4000-8000-000000000001" } },
    status: 401,
    id: 2000005,
    category: "invalid_user",
  },
  {
    what: "a token bought with a secret",
    options: { claims: { appidacr: "1" } },
    status: 401,
    id: 2000010,
    category: "insufficient_auth_strength",
  },
];

describe("bearer tokens", () => {
  it.each(REFUSALS)("$what is refused with $status and $id", async ({ options, status, id, category }) => {
    const answer = await makeEwsFixture().send(GET_CALENDAR, options);
    expect(answer.status).toBe(status);
    const diagnostics = String(answer.headers["x-ms-diagnostics"]);
    expect(diagnostics).toMatch(new RegExp(`^${id};reason="[^"]+";error_category="${category}"$`));
    if (status === 401)
      expect(answer.headers["WWW-Authenticate"]).toContain(
        'Bearer client_id="00000002-0000-0ff1-ce00-000000000000", trusted_issuers="00000001-0000-0000-c000-000000000000@*"',
      );
    else expect(answer.headers["WWW-Authenticate"]).toBeUndefined();
  });

  it("a token of an application that was disabled since is refused with 2000006", async () => {
    const ews = makeEwsFixture();
    const before = await ews.send(GET_CALENDAR);
    expect(before.status).toBe(200);
    for (const account of ews.tenant.servicePrincipals.values()) account.accountEnabled = false;
    const answer = await ews.send(GET_CALENDAR);
    expect(answer.status).toBe(401);
    expect(String(answer.headers["x-ms-diagnostics"])).toMatch(/^2000006;.*error_category="invalid_client"$/);
  });

  it.each([
    [2000007, 401, "internal_error"],
    [2000020, 302, "insufficient_claims"],
    [4000000, 401, "oauth_not_available"],
  ])("the switch brings about %s with status %s", async (id, status, category) => {
    const answer = await makeEwsFixture({ diagnostics: id }).send(GET_CALENDAR);
    expect(answer.status).toBe(status);
    expect(String(answer.headers["x-ms-diagnostics"])).toMatch(
      new RegExp(`^${id};reason="[^"]+";error_category="${category}"$`),
    );
  });

  it("a token that was tampered with is refused as badly signed", async () => {
    const ews = makeEwsFixture();
    const [header, payload, signature] = ewsToken(ews.graph).split(".");
    const other = signature?.startsWith("A") ? `B${signature.slice(1)}` : `A${signature?.slice(1)}`;
    const answer = await ews.send(GET_CALENDAR, { token: `${header}.${payload}.${other}` });
    expect(String(answer.headers["x-ms-diagnostics"])).toMatch(/^2000000;/);
  });

  it("no token at all is challenged without diagnostics", async () => {
    const answer = await makeEwsFixture().send(GET_CALENDAR, { authorization: null });
    expect(answer.status).toBe(401);
    expect(answer.headers["x-ms-diagnostics"]).toBeUndefined();
    expect(answer.headers["WWW-Authenticate"]).toContain("token_types=");
  });

  it("even the service description wants a token", async () => {
    const ews = makeEwsFixture();
    const get = (path: string, options: EwsOptions = {}): Promise<{ status: number; text: string }> =>
      ews.send("", { method: "GET", path, ...options });
    expect((await get("/EWS/Services.wsdl", { authorization: null })).status).toBe(401);
    expect((await get("/ews/services.WSDL")).text).toContain("wsdl:definitions");
    expect((await get("/EWS/messages.xsd")).text).toContain('schemaLocation="types.xsd"');
    expect((await get("/EWS/types.xsd")).text).toContain('name="CalendarItemType"');
    expect((await get("/EWS/Exchange.asmx")).status).toBe(302);
    expect((await get("/EWS/Nothing.asmx")).status).toBe(0);
    expect((await get("/EWS/Exchange.asmx", { method: "DELETE" })).status).toBe(405);
  });
});

describe("impersonation", () => {
  it("an application without impersonation is refused where the switch says so, as newer threads show", async () => {
    const answer = await makeEwsFixture({ impersonation: "required" }).send(GET_CALENDAR, {
      mailbox: "",
      headers: { "x-anchormailbox": "room-12@school.example" },
    });
    expect(answer.status).toBe(500);
    expect(answer.codes).toEqual(["ErrorInvalidExchangeImpersonationHeaderData"]);
    expect(textOf(answer.body, "faultcode")).toBe("a:ErrorInvalidExchangeImpersonationHeaderData");
  });

  it("the anchor mailbox alone is enough by default, as in the recipes of 2016; no mailbox at all is not", async () => {
    const ews = makeEwsFixture();
    const anchored = { mailbox: "", headers: { "x-anchormailbox": "room-12@school.example" } };
    expect((await ews.send(GET_CALENDAR, anchored)).codes).toEqual(["NoError"]);
    expect((await ews.send(GET_CALENDAR, { mailbox: "" })).codes).toEqual([
      "ErrorInvalidExchangeImpersonationHeaderData",
    ]);
  });

  it.each([
    ["PrincipalName", "room-12@school.example", "NoError"],
    ["PrimarySmtpAddress", "ROOM-12@school.example", "NoError"],
    ["SmtpAddress", "room-12@school.example", "NoError"],
    ["SmtpAddress", "twelve@school.example", "NoError"],
    ["SID", "S-1-5-21-1-2-3-1112", "NoError"],
    ["PrincipalName", "nobody@school.example", "ErrorInvalidUserPrincipalName"],
    ["PrimarySmtpAddress", "twelve@school.example", "ErrorNonPrimarySmtpAddress"],
    ["PrimarySmtpAddress", "nobody@school.example", "ErrorNonExistentMailbox"],
    ["SmtpAddress", "nobody@elsewhere.example", "ErrorNonExistentMailbox"],
    ["SmtpAddress", "unlicensed@school.example", "ErrorNonExistentMailbox"],
    ["SID", "not-a-sid", "ErrorInvalidUserSid"],
    ["SID", "S-1-5-21-9-9-9-9", "ErrorImpersonationFailed"],
  ])("%s %s gives %s", async (kind, name, code) => {
    const ews = makeEwsFixture();
    const user = ews.tenant.users.get(ROOM_12);
    if (user !== undefined)
      user.properties = {
        proxyAddresses: ["SMTP:room-12@school.example", "smtp:twelve@school.example"],
        onPremisesSecurityIdentifier: "S-1-5-21-1-2-3-1112",
      };
    const other = ews.tenant.users.get(ROOM_13);
    if (other !== undefined) {
      other.mail = "unlicensed@school.example";
      other.mailbox = undefined;
    }
    const answer = await ews.send(GET_CALENDAR, { header: impersonate(`<t:${kind}>${name}</t:${kind}>`) });
    expect(answer.codes).toEqual([code]);
    expect(answer.status).toBe(code === "NoError" ? 200 : 500);
    if (code === "ErrorNonExistentMailbox") expect(textOf(answer.body, "Value")).toBe(name);
  });

  it("a mailbox that an access policy closes is refused", async () => {
    const ews = makeEwsFixture({ deniedMailboxes: ["room-12@school.example"] });
    expect((await ews.send(GET_CALENDAR)).codes).toEqual(["ErrorImpersonateUserDenied"]);
    expect((await ews.send(GET_CALENDAR, { mailbox: "room-13@school.example" })).codes).toEqual(["NoError"]);
  });

  it("a user acts for itself and for nobody else", async () => {
    const ews = makeEwsFixture();
    const user = { user: ROOM_12, scp: "EWS.AccessAsUser.All" };
    expect((await ews.send(GET_CALENDAR, { ...user, mailbox: "" })).codes).toEqual(["NoError"]);
    expect((await ews.send(GET_CALENDAR, { ...user, mailbox: "room-13@school.example" })).codes).toEqual([
      "ErrorImpersonateUserDenied",
    ]);
    const calendarOf = GET_CALENDAR.replace(
      CALENDAR,
      '<t:DistinguishedFolderId Id="calendar"><t:Mailbox><t:EmailAddress>room-13@school.example</t:EmailAddress></t:Mailbox></t:DistinguishedFolderId>',
    );
    expect((await ews.send(calendarOf, { ...user, mailbox: "" })).codes).toEqual(["ErrorAccessDenied"]);
  });

  it("an anchor mailbox that does not exist is refused, system mailboxes and object ids are not", async () => {
    const ews = makeEwsFixture();
    const anchored = async (anchor: string): Promise<readonly string[]> =>
      (await ews.send(GET_CALENDAR, { headers: { "x-anchormailbox": anchor } })).codes;
    expect(await anchored("nobody@school.example")).toEqual(["ErrorNonExistentMailbox"]);
    expect(await anchored("year7@school.example")).toEqual(["NoError"]);
    expect(await anchored(`OID:${ROOM_12}@${TENANT_ID}`)).toEqual(["NoError"]);
    expect(await anchored(`SystemMailbox{bb558c35-97f1-4cb9-8ff7-d53741dc928c}@school.example`)).toEqual([
      "NoError",
    ]);
  });
});

describe("retirement and throttling", () => {
  it("an organisation that switched EWS off refuses everybody with 403", async () => {
    expect((await makeEwsFixture({ enabled: false }).send(GET_CALENDAR)).status).toBe(403);
  });

  it("EwsAllowedAppIDs lets only listed applications in", async () => {
    const other = "d0000000-0000-4000-8000-00000000ffff";
    expect(
      (await makeEwsFixture({ allowedAppIds: [CLIENT_ID.toUpperCase()] }).send(GET_CALENDAR)).status,
    ).toBe(200);
    expect((await makeEwsFixture({ allowedAppIds: [other] }).send(GET_CALENDAR)).status).toBe(403);
    expect((await makeEwsFixture({ allowedAppIds: [] }).send(GET_CALENDAR)).status).toBe(403);
  });

  it("too many requests in a minute are put off with a fault that says for how long", async () => {
    const ews = makeEwsFixture({ throttle: { requestsPerMinute: 2, backOffMs: 5_000, serviceTimeMs: 0 } });
    for (let count = 0; count < 2; count++) expect((await ews.send(GET_CALENDAR)).status).toBe(200);
    const busy = await ews.send(GET_CALENDAR);
    expect([busy.status, busy.codes]).toEqual([500, ["ErrorServerBusy"]]);
    expect(textOf(busy.body, "Value")).toBe("5000");
    ews.context.clock.advance(2_000);
    expect(textOf((await ews.send(GET_CALENDAR)).body, "Value")).toBe("3000");
    ews.context.clock.advance(60_000);
    expect((await ews.send(GET_CALENDAR)).status).toBe(200);
  });

  it("the busy answer may be a bare 503 instead", async () => {
    const ews = makeEwsFixture({
      throttle: { requestsPerMinute: 0, backOffMs: 2_000, answer: "status503", serviceTimeMs: 0 },
    });
    const busy = await ews.send(GET_CALENDAR);
    expect([busy.status, busy.headers["Retry-After"]]).toEqual([503, "2"]);
  });

  it("too many requests at a time exceed the connections of one mailbox only", async () => {
    const ews = makeEwsFixture({ throttle: { concurrency: 2 } });
    const answers = await Promise.all([1, 2, 3].map(() => ews.send(GET_CALENDAR)));
    expect(answers.map(({ codes }) => codes[0]).sort()).toEqual([
      "ErrorExceededConnectionCount",
      "NoError",
      "NoError",
    ]);
    const others = await Promise.all(
      ["room-12", "room-12", "room-13"].map((name) =>
        ews.send(GET_CALENDAR, { mailbox: `${name}@school.example` }),
      ),
    );
    expect(others.map(({ status }) => status)).toEqual([200, 200, 200]);
  });
});

describe("answers", () => {
  it("bear the request id, and the client's own when it wants it back", async () => {
    const answer = await makeEwsFixture().send(GET_CALENDAR, {
      headers: { "client-request-id": "abc-1", "return-client-request-id": "true" },
    });
    expect(answer.headers["request-id"]).toMatch(/^[0-9a-f-]{36}$/);
    expect(answer.headers["client-request-id"]).toBe("abc-1");
    expect(answer.text).toContain("ServerVersionInfo");
    expect(envelope("")).toContain("ExchangeImpersonation");
  });
});

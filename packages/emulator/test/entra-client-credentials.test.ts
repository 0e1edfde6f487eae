import { createPublicKey, verify } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunningEmulator } from "../src/index.ts";
import {
  type Answer,
  API,
  DAEMON,
  GRAPH_APP,
  headerOf,
  JWT_BEARER,
  KEYLESS,
  MULTI,
  makeAssertion,
  makeCertificate,
  OTHER_TENANT,
  payloadOf,
  SECRET,
  schoolSeed,
  send,
  startSchool,
  TENANT,
  type TestCertificate,
} from "./entra-school.ts";

let daemon: TestCertificate;
let emulator: RunningEmulator;

beforeAll(async () => {
  daemon = makeCertificate("Timetable daemon");
  emulator = await startSchool(schoolSeed(daemon));
});

afterAll(() => emulator.close());

type Fields = Readonly<Record<string, string | undefined>>;

function bySecret(fields: Fields = {}, path = `/${TENANT}/oauth2/v2.0/token`, headers = {}): Promise<Answer> {
  return send(emulator, path, {
    headers,
    form: {
      grant_type: "client_credentials",
      client_id: DAEMON,
      client_secret: SECRET,
      scope: "https://graph.microsoft.com/.default",
      ...fields,
    },
  });
}

function byCertificate(fields: Fields = {}, path = `/${TENANT}/oauth2/v2.0/token`): Promise<Answer> {
  const client_assertion = makeAssertion(daemon, `${emulator.origin}${path}`, DAEMON);
  return bySecret(
    { client_secret: undefined, client_assertion_type: JWT_BEARER, client_assertion, ...fields },
    path,
  );
}

const V1 = `/${TENANT}/oauth2/token`;

describe("token responses", () => {
  it("has exactly four members on v2, with numbers", async () => {
    const { status, json } = await bySecret();
    expect(status).toBe(200);
    expect(Object.keys(json)).toEqual(["token_type", "expires_in", "ext_expires_in", "access_token"]);
    expect(json["expires_in"]).toBe(3599);
  });

  it("has texts, expires_on, not_before and resource on v1", async () => {
    const { json } = await bySecret(
      { resource: "https://graph.microsoft.com/", scope: "Group.ReadWrite.All" },
      V1,
    );
    expect(json["expires_in"]).toBe("3599");
    expect(json["resource"]).toBe("https://graph.microsoft.com/");
    expect(Number(json["expires_on"]) - Number(json["not_before"])).toBe(3900);
    expect(payloadOf(json["access_token"])["aud"]).toBe("https://graph.microsoft.com/");
  });

  it("has the headers of the service", async () => {
    const { headers } = await bySecret();
    expect(headers["cache-control"]).toBe("no-store, no-cache");
    expect(headers["content-type"]).toBe("application/json; charset=utf-8");
    expect(headers["x-ms-request-id"]).toMatch(/^[0-9a-f-]{34}00$/);
    expect(headers["x-ms-ests-server"]).toBeDefined();
  });

  it("lives a day for clients that can handle revocation", async () => {
    const claims = JSON.stringify({ access_token: { xms_cc: { values: ["cp1"] } } });
    const { json } = await bySecret({ claims });
    expect(json["expires_in"]).toBe(86_399);
    expect(json["refresh_in"]).toBe(43_199);
    expect(payloadOf(json["access_token"])["xms_cc"]).toEqual(["cp1"]);
  });
});

describe("app-only tokens", () => {
  it("are v1 tokens for Graph, also from the v2 endpoint, with the granted roles", async () => {
    const token = (await byCertificate()).json["access_token"];
    const claims = payloadOf(token);
    expect(claims).toMatchObject({
      aud: "https://graph.microsoft.com",
      iss: `https://sts.windows.net/${TENANT}/`,
      appid: DAEMON,
      appidacr: "2",
      app_displayname: "Timetable daemon",
      idp: `https://sts.windows.net/${TENANT}/`,
      idtyp: "app",
      roles: ["Calendars.ReadWrite"],
      tid: TENANT,
      ver: "1.0",
      wids: ["0997a1d0-0d1d-4acb-b408-d5ca73121e90"],
    });
    expect(claims["oid"]).toBe(claims["sub"]);
    expect(Number(claims["exp"]) - Number(claims["iat"])).toBe(3900);
    expect(headerOf(token)).toMatchObject({ typ: "JWT", alg: "RS256", x5t: headerOf(token)["kid"] });
  });

  it("say how the client authenticated", async () => {
    expect(payloadOf((await bySecret()).json["access_token"])["appidacr"]).toBe("1");
    expect(payloadOf((await byCertificate()).json["access_token"])["appidacr"]).toBe("2");
  });

  it("are v2 tokens for an API that wants them, with its client id as audience", async () => {
    const { json } = await bySecret({ scope: `api://${API}/.default` });
    const claims = payloadOf(json["access_token"]);
    expect(claims).toMatchObject({
      aud: API,
      iss: `${emulator.origin}/${TENANT}/v2.0`,
      azp: DAEMON,
      azpacr: "1",
      ver: "2.0",
    });
    expect(Object.keys(claims).sort()).toEqual(
      [
        "aio",
        "aud",
        "azp",
        "azpacr",
        "exp",
        "iat",
        "iss",
        "nbf",
        "oid",
        "rh",
        "sub",
        "tid",
        "uti",
        "ver",
        "xms_ftd",
      ].sort(),
    );
    expect(headerOf(json["access_token"])).not.toHaveProperty("x5t");
  });

  it("carry Exchange's role for Exchange", async () => {
    const { json } = await byCertificate({ scope: "https://outlook.office365.com/.default" });
    expect(payloadOf(json["access_token"])).toMatchObject({
      aud: "https://outlook.office365.com",
      roles: ["full_access_as_app"],
    });
  });

  it("verify with the published key", async () => {
    const token = String((await byCertificate()).json["access_token"]);
    const keys = (await send(emulator, `/${TENANT}/discovery/v2.0/keys`)).json["keys"] as Record<
      string,
      string
    >[];
    const jwk = keys.find(({ kid }) => kid === headerOf(token)["kid"]);
    const [header, payload, signature] = token.split(".");
    const key = createPublicKey({ key: jwk as never, format: "jwk" });
    expect(
      verify("sha256", Buffer.from(`${header}.${payload}`), key, Buffer.from(signature ?? "", "base64url")),
    ).toBe(true);
  });

  it("name the resource as it was asked for", async () => {
    const audience = async (scope: string) =>
      payloadOf((await bySecret({ scope })).json["access_token"])["aud"];
    expect(await audience(`${GRAPH_APP}/.default`)).toBe(GRAPH_APP);
    expect(await audience("https://graph.microsoft.com//.default")).toBe("https://graph.microsoft.com/");
  });
});

function expectRefusal(answer: Answer, code: number, error: string): void {
  expect(answer.json["error_codes"], answer.text).toEqual([code]);
  expect(answer.json["error"]).toBe(error);
  expect(answer.status).toBe(error === "invalid_client" ? 401 : 400);
}

describe("refusals", () => {
  const cases: readonly (readonly [string, number, string, () => Promise<Answer>])[] = [
    ["a GET", 900561, "invalid_request", () => send(emulator, `/${TENANT}/oauth2/v2.0/token`)],
    ["an unknown tenant", 90002, "invalid_request", () => bySecret({}, `/${API}/oauth2/v2.0/token`)],
    ["an unknown domain", 90002, "invalid_request", () => bySecret({}, "/nowhere.example/oauth2/v2.0/token")],
    ["a malformed tenant", 900023, "invalid_request", () => bySecret({}, "/nowhere/oauth2/v2.0/token")],
    ["no grant type", 900144, "invalid_request", () => bySecret({ grant_type: undefined })],
    [
      "a body that is no form",
      900144,
      "invalid_request",
      () =>
        send(emulator, `/${TENANT}/oauth2/v2.0/token`, {
          body: "{}",
          headers: { "content-type": "application/json" },
        }),
    ],
    ["an unknown grant type", 70003, "unsupported_grant_type", () => bySecret({ grant_type: "implicit" })],
    ["no client id", 900144, "invalid_request", () => bySecret({ client_id: undefined })],
    [
      "the nil GUID",
      700038,
      "unauthorized_client",
      () => bySecret({ client_id: "00000000-0000-0000-0000-000000000000" }),
    ],
    ["an unknown client", 700016, "unauthorized_client", () => bySecret({ client_id: TENANT })],
    [
      "a client of another tenant",
      700016,
      "unauthorized_client",
      () => bySecret({}, `/${OTHER_TENANT}/oauth2/v2.0/token`),
    ],
    ["a wrong secret", 7000215, "invalid_client", () => bySecret({ client_secret: "wrong" })],
    [
      "a secret that was not form-encoded",
      7000215,
      "invalid_client",
      () => bySecret({ client_secret: SECRET.replace("+", " ") }),
    ],
    ["an expired secret", 7000222, "invalid_client", () => bySecret({ client_secret: "an-old-secret" })],
    ["no credential", 7000216, "invalid_client", () => bySecret({ client_secret: undefined })],
    ["no scope", 900144, "invalid_request", () => bySecret({ scope: undefined })],
    ["a delegated scope", 1002012, "invalid_scope", () => bySecret({ scope: "User.Read" })],
    [
      "two resources",
      70011,
      "invalid_scope",
      () =>
        bySecret({ scope: "https://graph.microsoft.com/.default https://outlook.office365.com/.default" }),
    ],
    [
      "resource on v2",
      901002,
      "invalid_request",
      () => bySecret({ resource: "https://graph.microsoft.com" }),
    ],
    [
      "an unknown resource",
      500011,
      "invalid_resource",
      () => bySecret({ scope: "https://nowhere.example/.default" }),
    ],
    [
      "the nil GUID as resource",
      700039,
      "invalid_resource",
      () => bySecret({ scope: "00000000-0000-0000-0000-000000000000/.default" }),
    ],
    ["no resource on v1", 500013, "invalid_resource", () => bySecret({}, V1)],
    ["/common", 50059, "invalid_request", () => bySecret({}, "/common/oauth2/v2.0/token")],
    ["/organizations", 50059, "invalid_request", () => bySecret({}, "/organizations/oauth2/token")],
    ["/consumers", 9001023, "invalid_request", () => bySecret({}, "/consumers/oauth2/v2.0/token")],
    [
      "its own URI as resource",
      90009,
      "invalid_resource",
      () => bySecret({ client_id: API, scope: `api://${API}/.default` }),
    ],
    [
      "two client ids",
      7000110,
      "invalid_request",
      () => bySecret({}, undefined, { authorization: `Basic ${Buffer.from(`${API}:x`).toString("base64")}` }),
    ],
    ["an application without credentials", 7000215, "invalid_client", () => bySecret({ client_id: KEYLESS })],
  ];
  it.each(cases)("refuses %s with AADSTS%d", async (_name, code, error, ask) => {
    expectRefusal(await ask(), code, error);
  });

  it("names the field, the application and the tenant in the text", async () => {
    expect((await bySecret({ scope: undefined })).json["error_description"]).toContain(
      "must contain the following parameter: 'scope'.",
    );
    expect((await bySecret({ client_id: TENANT })).json["error_description"]).toContain(
      `identifier '${TENANT}' was not found in the directory 'Example School'`,
    );
    expect(
      (await bySecret({ scope: "https://nowhere.example/.default" })).json["error_description"],
    ).toContain(
      "The resource principal named https://nowhere.example was not found in the tenant named Example School.",
    );
  });
});

describe("error bodies", () => {
  it("have the members of the service in its order", async () => {
    const { json, headers } = await bySecret({ client_secret: "wrong" });
    expect(Object.keys(json)).toEqual([
      "error",
      "error_description",
      "error_codes",
      "timestamp",
      "trace_id",
      "correlation_id",
      "error_uri",
    ]);
    expect(json["timestamp"]).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$/);
    expect(json["trace_id"]).toBe(headers["x-ms-request-id"]);
    expect(json["error_uri"]).toBe(`${emulator.origin}/error?code=7000215`);
    expect(json["error_description"]).toBe(
      `AADSTS7000215: Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${DAEMON}'. Trace ID: ${json["trace_id"]} Correlation ID: ${json["correlation_id"]} Timestamp: ${json["timestamp"]}`,
    );
  });

  it("leave out error_uri where the service does", async () => {
    for (const answer of [
      await bySecret({ grant_type: "implicit" }),
      await bySecret({ client_id: "00000000-0000-0000-0000-000000000000" }),
      await bySecret({ scope: "User.Read" }),
      await bySecret({}, "/common/oauth2/v2.0/token"),
    ])
      expect(answer.json).not.toHaveProperty("error_uri");
  });

  it("repeat the caller's id and echo it when asked to", async () => {
    const id = "0a0a0a0a-1b1b-2c2c-3d3d-4e4e4e4e4e4e";
    const headers = { "client-request-id": id, "return-client-request-id": "true" };
    const answer = await bySecret({ client_secret: "wrong" }, undefined, headers);
    expect(answer.json["correlation_id"]).toBe(id);
    expect(answer.headers["client-request-id"]).toBe(id);
  });

  it("have the same shape on v1", async () => {
    expect(Object.keys((await bySecret({ client_secret: "wrong" }, V1)).json)).toContain("error_codes");
  });
});

describe("clients", () => {
  it("may authenticate with HTTP Basic, form-encoded inside", async () => {
    const basic = Buffer.from(`${DAEMON}:${encodeURIComponent(SECRET)}`).toString("base64");
    const answer = await bySecret({ client_id: undefined, client_secret: undefined }, undefined, {
      authorization: `Basic ${basic}`,
    });
    expect(answer.status, answer.text).toBe(200);
  });

  it("may leave the form encoding away, as the libraries for Python do", async () => {
    const send = (pair: string) =>
      bySecret({ client_id: undefined, client_secret: undefined }, undefined, {
        authorization: `Basic ${Buffer.from(pair).toString("base64")}`,
      });
    expect((await send(`${DAEMON}:${SECRET}`)).status).toBe(200);
    expect((await send(`${DAEMON}:${SECRET.replace("+", " ")}`)).json["error_codes"]).toEqual([7000215]);
    // What requests-oauthlib sends for a public client: a secret that is empty is none.
    expect((await send(`${DAEMON}:`)).json["error_codes"]).toEqual([7000216]);
  });

  it("may use the tenant's domain, also the onmicrosoft one", async () => {
    expect((await bySecret({}, "/school.example/oauth2/v2.0/token")).status).toBe(200);
    expect((await bySecret({}, "/EXAMPLESCHOOL.onmicrosoft.com/oauth2/v2.0/token")).status).toBe(200);
  });

  it("of another tenant need an account there", async () => {
    const ask = () => bySecret({ client_id: MULTI }, `/${OTHER_TENANT}/oauth2/v2.0/token`);
    expectRefusal(await ask(), 700016, "unauthorized_client");
    const page = await send(
      emulator,
      `/${OTHER_TENANT}/adminconsent?client_id=${MULTI}&redirect_uri=${encodeURIComponent("https://app.school.example/callback")}&state=7`,
    );
    const consented = await answerAdminConsent(page);
    expect(consented.status, consented.text).toBe(302);
    expect(consented.headers["location"]).toBe(
      `https://app.school.example/callback?admin_consent=True&tenant=${OTHER_TENANT}&state=7`,
    );
    const { json } = await ask();
    expect(payloadOf(json["access_token"])).toMatchObject({
      tid: OTHER_TENANT,
      appid: MULTI,
      roles: ["Calendars.ReadWrite"],
    });
  });

  async function answerAdminConsent(page: Answer): Promise<Answer> {
    const path = `/${OTHER_TENANT}/adminconsent`;
    const flow = (text: string): string => /name="flow" value="([^"]+)"/.exec(text)?.[1] ?? "";
    const signedIn = await send(emulator, path, {
      form: {
        flow: flow(page.text),
        action: "signin",
        login: "admin@second.example",
        passwd: "Correct-Horse-7",
      },
    });
    const cookie = String(signedIn.headers["set-cookie"]).split(";")[0] ?? "";
    return send(emulator, path, {
      form: { flow: flow(signedIn.text), action: "accept" },
      headers: { cookie },
    });
  }
});

describe("restrictions", () => {
  it("names an application whose account is gone, disabled, or not assigned", async () => {
    const manifest = { appId: DAEMON, displayName: "Lone" };
    const secrets = [{ secretText: SECRET }];
    const lone = await startSchool({
      tenants: [
        {
          tenantId: TENANT,
          domains: ["a.example"],
          applications: [{ manifest, secrets, servicePrincipal: false }],
        },
      ],
    });
    const form = {
      grant_type: "client_credentials",
      client_id: DAEMON,
      client_secret: SECRET,
      scope: "https://graph.microsoft.com/.default",
    };
    const answer = await send(lone, `/${TENANT}/oauth2/v2.0/token`, { form });
    await lone.close();
    expectRefusal(answer, 7000229, "invalid_client");
  });

  it("refuses a client without a role at an API that wants assignment", async () => {
    const seed = {
      tenants: [
        {
          tenantId: TENANT,
          domains: ["a.example"],
          applications: [
            {
              manifest: { appId: DAEMON, displayName: "Client", signInAudience: "AzureADMultipleOrgs" },
              secrets: [{ secretText: SECRET }],
            },
          ],
        },
        {
          tenantId: OTHER_TENANT,
          domains: ["b.example"],
          applications: [
            {
              manifest: {
                appId: API,
                displayName: "API",
                signInAudience: "AzureADMultipleOrgs",
                identifierUris: ["api://guarded"],
              },
            },
          ],
          servicePrincipals: [{ appId: DAEMON }],
        },
      ],
    };
    const guarded = structuredClone(seed);
    guarded.tenants.push({
      tenantId: KEYLESS,
      domains: ["c.example"],
      applications: [],
      servicePrincipals: [{ appId: DAEMON }, { appId: API, appRoleAssignmentRequired: true } as never],
    });
    const other = await startSchool(guarded);
    const form = {
      grant_type: "client_credentials",
      client_id: DAEMON,
      client_secret: SECRET,
      scope: "api://guarded/.default",
    };
    const open = await send(other, `/${OTHER_TENANT}/oauth2/v2.0/token`, { form });
    const closed = await send(other, `/${KEYLESS}/oauth2/v2.0/token`, { form });
    await other.close();
    expect(open.status, open.text).toBe(200);
    expectRefusal(closed, 501051, "invalid_grant");
  });
});

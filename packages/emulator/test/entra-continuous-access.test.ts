/** Continuous access evaluation: Graph's claims challenge, and what the token endpoint makes of the claims. */
import { once } from "node:events";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { RunningEmulator } from "../src/index.ts";
import {
  type Answer,
  API,
  DAEMON,
  MULTI,
  makeCertificate,
  PASSWORD,
  payloadOf,
  SECRET,
  schoolSeed,
  send,
  startSchool,
  TENANT,
} from "./entra-school.ts";
import { startNodeProgram } from "./node-program.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

const CP1 = { access_token: { xms_cc: { values: ["cp1"] } } };
const ROOM = "/v1.0/users/room-12@school.example/calendars";

let emulator: RunningEmulator;

beforeAll(async () => {
  emulator = await startSchool(schoolSeed(makeCertificate("Timetable daemon")));
});
afterAll(() => emulator.close());
beforeEach(() => emulator.reset());

function ask(claims: unknown, fields: Readonly<Record<string, string | undefined>> = {}): Promise<Answer> {
  return send(emulator, `/${TENANT}/oauth2/v2.0/token`, {
    form: {
      grant_type: "client_credentials",
      client_id: DAEMON,
      client_secret: SECRET,
      scope: "https://graph.microsoft.com/.default",
      claims: claims === undefined ? undefined : JSON.stringify(claims),
      ...fields,
    },
  });
}

async function tokenWith(claims: unknown, fields = {}): Promise<string> {
  return String((await ask(claims, fields)).json["access_token"]);
}

const byPassword = {
  grant_type: "password",
  client_id: API,
  username: "admin@school.example",
  password: PASSWORD,
  scope: "User.Read offline_access",
};

function graph(token: string, path = ROOM): Promise<Answer> {
  return send(emulator, path, { headers: { authorization: `Bearer ${token}` } });
}

function control(method: string, body?: object): Promise<Answer> {
  const text = body === undefined ? {} : { body: JSON.stringify(body) };
  return send(emulator, "/emulator/v1/revocations", { method, ...text });
}

/** Claims of the challenge, as a client reads them. */
function challengeOf(answer: Answer): {
  readonly access_token: { readonly nbf: { readonly value: string } };
} {
  const claims = /claims="([^"]+)"/.exec(String(answer.headers["www-authenticate"]))?.[1] ?? "";
  return JSON.parse(Buffer.from(claims, "base64").toString("utf8")) as ReturnType<typeof challengeOf>;
}

describe("Graph", () => {
  /** Header and body as captured by clients' maintainers in 2024 and 2025. */
  it("answers a revoked token of a capable client with the published challenge", async () => {
    emulator.clock.freeze();
    const token = await tokenWith(CP1);
    expect((await graph(token)).status).toBe(200);
    emulator.clock.advance(60_000);
    await emulator.revokeTokens({ appId: DAEMON });
    const revokedSeconds = Math.floor(emulator.clock.nowMs() / 1000);
    const answer = await graph(token);
    const message =
      "Continuous access evaluation resulted in challenge with result: InteractionRequired and code: TokenIssuedBeforeRevocationTimestamp";
    expect(answer.status).toBe(401);
    expect(answer.json["error"]).toMatchObject({ code: "InvalidAuthenticationToken", message });
    const claims = Buffer.from(
      `{"access_token":{"nbf":{"essential":true, "value":"${revokedSeconds + 1}"}}}`,
    ).toString("base64");
    expect(answer.headers["www-authenticate"]).toBe(
      `Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", client_id="00000003-0000-0000-c000-000000000000", error_description="${message}", error="insufficient_claims", claims="${claims}"`,
    );
  });

  it("takes the token that was asked for with the claims of the challenge, also within the same second", async () => {
    emulator.clock.freeze();
    const token = await tokenWith(CP1);
    await emulator.revokeTokens({ appId: DAEMON });
    const challenge = challengeOf(await graph(token));
    const fresh = await tokenWith({ access_token: { ...CP1.access_token, ...challenge.access_token } });
    expect(payloadOf(fresh)["nbf"]).toBe(Number(challenge.access_token.nbf.value));
    expect((await graph(fresh)).status).toBe(200);
    // The next revocation refuses that one as well.
    emulator.clock.advance(1000);
    await emulator.revokeTokens({ appId: DAEMON });
    expect((await graph(fresh)).status).toBe(401);
  });

  it("looks for cp1 among the capabilities, in any case", async () => {
    await emulator.revokeTokens({ appId: DAEMON });
    const { oid } = payloadOf(await tokenWith(undefined)) as { readonly oid: string };
    const asked = async (...xms_cc: readonly string[]): Promise<number> => {
      const claims = { oid, appid: DAEMON, iat: 1_700_000_000, nbf: 1_700_000_000, xms_cc };
      const { access_token: token } = await emulator.tokenFor({ roles: ["Calendars.Read"], claims });
      return (await graph(token)).status;
    };
    expect([await asked("cp2"), await asked("cp2", "CP1"), await asked("cp1")]).toEqual([200, 401, 401]);
  });

  it("lets the token of a client that does not handle revocation live to its end", async () => {
    const token = await tokenWith(undefined);
    await emulator.revokeTokens({ appId: DAEMON });
    expect((await graph(token)).status).toBe(200);
    emulator.clock.advance(3_601_000);
    const expired = await graph(token);
    expect(expired.status).toBe(401);
    expect(String(expired.headers["www-authenticate"])).not.toContain("insufficient_claims");
  });

  it.each([
    ["outdatedPolicies", "TokenCreatedWithOutdatedPolicies", 200],
    ["location", "LocationConditionEvaluationSatisfied", 401],
  ] as const)("names the reason %s, after which a new token gives %s %i", async (reason, code, status) => {
    const token = await tokenWith(CP1);
    await control("POST", { appId: DAEMON, reason });
    const refused = await graph(token);
    expect(JSON.stringify(refused.json)).toContain(`and code: ${code}`);
    const challenge = challengeOf(refused);
    const fresh = await tokenWith({ access_token: { ...CP1.access_token, ...challenge.access_token } });
    expect((await graph(fresh)).status).toBe(status);
    expect((await control("DELETE")).status).toBe(204);
    expect((await graph(token)).status).toBe(200);
  });

  it("refuses the token of an account that was disabled, and the token endpoint says why", async () => {
    const [capable, incapable] = [await tokenWith(CP1), await tokenWith(undefined)];
    const { access_token: admin } = await emulator.tokenFor({ roles: ["Application.ReadWrite.All"] });
    const path = `/v1.0/servicePrincipals(appId='${DAEMON}')`;
    const disabled = await send(emulator, path, {
      method: "PATCH",
      body: '{"accountEnabled":false}',
      headers: { authorization: `Bearer ${admin}`, "content-type": "application/json" },
    });
    expect(disabled.status).toBe(204);
    const challenge = challengeOf(await graph(capable));
    expect((await graph(incapable)).status).toBe(200);
    const answer = await ask({ access_token: { ...CP1.access_token, ...challenge.access_token } });
    expect(answer.json["error_codes"]).toEqual([7000112]);
  });

  it("passes over applications of several tenants, which are not evaluated", async () => {
    const token = await tokenWith(CP1, { client_id: MULTI });
    expect(Number(payloadOf(token)["exp"]) - Number(payloadOf(token)["iat"])).toBe(3900);
    await emulator.revokeTokens({ appId: MULTI });
    expect((await graph(token)).status).toBe(200);
  });

  it("refuses a user's token after revokeSignInSessions, and the refresh token is void", async () => {
    const { json } = await ask(CP1, byPassword);
    expect(json["expires_in"]).toBe(86_399);
    const token = String(json["access_token"]);
    emulator.clock.advance(1000);
    const { access_token: admin } = await emulator.tokenFor({ roles: ["User.RevokeSessions.All"] });
    const revoked = await send(emulator, "/v1.0/users/admin@school.example/revokeSignInSessions", {
      method: "POST",
      body: "",
      headers: { authorization: `Bearer ${admin}` },
    });
    expect(revoked.json).toMatchObject({ value: true });
    const answer = await graph(token, "/v1.0/me");
    expect(answer.status).toBe(401);
    const renewal = await ask(challengeOf(answer), {
      grant_type: "refresh_token",
      client_id: API,
      scope: undefined,
      refresh_token: String(json["refresh_token"]),
    });
    expect(renewal.json).toMatchObject({ error: "invalid_grant", error_codes: [50173] });
    emulator.clock.advance(1000);
    expect((await graph(await tokenWith(CP1, byPassword), "/v1.0/me")).status).toBe(200);
  });
});

describe("the claims parameter", () => {
  it.each([
    ["not JSON", "{"],
    ["an array", "[]"],
    ["a text", '"cp1"'],
  ])("is refused when it is %s", async (_, claims) => {
    const answer = await ask(undefined, { claims });
    expect(answer.json).toMatchObject({ error: "invalid_request", error_codes: [90100] });
  });

  it("declares only capabilities that are known, in any case", async () => {
    const claims = { access_token: { xms_cc: { values: ["foo", "CP1", 7] } } };
    const { json } = await ask(claims);
    expect(payloadOf(json["access_token"])["xms_cc"]).toEqual(["CP1"]);
    expect(json["expires_in"]).toBe(86_399);
    const unknown = await ask({ access_token: { xms_cc: { values: ["foo"] } } });
    expect(payloadOf(unknown.json["access_token"])["xms_cc"]).toBeUndefined();
    expect(unknown.json["expires_in"]).toBe(3599);
  });

  it("reaches the token of an API only when that asked for xms_cc as an optional claim", async () => {
    const scope = `api://${API}/.default`;
    expect(payloadOf(await tokenWith(CP1, { scope }))["xms_cc"]).toBeUndefined();
    const { access_token: admin } = await emulator.tokenFor({ roles: ["Application.ReadWrite.All"] });
    await send(emulator, `/v1.0/applications(appId='${API}')`, {
      method: "PATCH",
      body: JSON.stringify({ optionalClaims: { accessToken: [{ name: "xms_cc" }] } }),
      headers: { authorization: `Bearer ${admin}`, "content-type": "application/json" },
    });
    const claims = payloadOf(await tokenWith(CP1, { scope }));
    expect(claims["xms_cc"]).toEqual(["cp1"]);
    expect(Number(claims["exp"]) - Number(claims["iat"])).toBe(3900);
  });

  it.each([
    [
      "a token of tomorrow",
      { nbf: { essential: true, value: String(Math.floor(Date.now() / 1000) + 86_400) } },
    ],
    ["an authentication context, which takes a person", { acrs: { essential: true, value: "c1" } }],
  ])("is refused when it wants %s", async (_, access_token) => {
    const claims = { access_token };
    const answer = await ask(claims);
    expect(answer.json).toMatchObject({
      error: "invalid_grant",
      error_codes: [53003],
      suberror: "message_only",
      claims: JSON.stringify(claims),
    });
  });

  it("brings an authentication context to a user's token", async () => {
    const token = await tokenWith({ access_token: { acrs: { essential: true, value: "c1" } } }, byPassword);
    expect(payloadOf(token)["acrs"]).toEqual(["c1"]);
  });
});

describe("the control API", () => {
  it("lists what is refused", async () => {
    await control("POST", { appId: DAEMON, at: "2026-01-01T00:00:00Z" });
    await control("POST", { user: "office@school.example", tenantId: "school.example", reason: "location" });
    expect((await control("GET")).json["revocations"]).toMatchObject([
      {
        tenantId: TENANT,
        kind: "application",
        name: DAEMON,
        reason: "revoked",
        at: "2026-01-01T00:00:00.000Z",
      },
      { kind: "user", name: "office@school.example", reason: "location" },
    ]);
    emulator.reset();
    expect((await control("GET")).json["revocations"]).toEqual([]);
  });

  it.each([
    {},
    { appId: DAEMON, user: "office@school.example" },
    { appId: "dddddddd-0000-4000-8000-000000000000" },
    { appId: DAEMON, tenantId: "nowhere.example" },
    { appId: DAEMON, reason: "because" },
    { appId: DAEMON, since: "2026-01-01T00:00:00Z" },
  ])("refuses %j", async (body) => {
    const answer = await control("POST", body);
    expect(answer.status).toBe(400);
    expect(answer.json["error"]).toMatchObject({ code: "EMULATOR_CONTROL_INVALID" });
  });
});

it("revocations and policies survive a restart with a data directory", async () => {
  const dataDir = temporaryDirectory("revocations");
  const seed = schoolSeed(makeCertificate("Timetable daemon"));
  const first = await startSchool(seed, { dataDir });
  const { access_token: admin } = await first.tokenFor({
    roles: ["Policy.ReadWrite.ApplicationConfiguration"],
  });
  const definition = ['{"TokenLifetimePolicy":{"Version":1,"AccessTokenLifetime":"02:00:00"}}'];
  const policy = await send(first, "/v1.0/policies/tokenLifetimePolicies", {
    body: JSON.stringify({ displayName: "Two hours", definition, isOrganizationDefault: true }),
    headers: { authorization: `Bearer ${admin}`, "content-type": "application/json" },
  });
  expect(policy.status, policy.text).toBe(201);
  const body = JSON.stringify({ appId: DAEMON, reason: "location" });
  await send(first, "/emulator/v1/revocations", { body });
  await first.close();
  const second = await startSchool(seed, { dataDir });
  const listed = await send(second, "/emulator/v1/revocations");
  const form = { grant_type: "client_credentials", client_id: DAEMON, client_secret: SECRET };
  const path = `/${TENANT}/oauth2/v2.0/token`;
  const token = await send(second, path, {
    form: { ...form, scope: "https://graph.microsoft.com/.default" },
  });
  await second.close();
  expect(listed.json["revocations"]).toMatchObject([{ name: DAEMON, reason: "location" }]);
  expect(token.json["expires_in"]).toBe(7199);
});

describe("unmodified clients", () => {
  /** The program prints once, waits for a line on its standard input, and prints again. */
  async function twice(source: string, act: () => Promise<unknown>): Promise<Record<string, unknown>[]> {
    const facts = { origin: emulator.origin, tenant: TENANT, daemon: DAEMON, secret: SECRET, room: ROOM };
    const program = startNodeProgram(source, facts, { NODE_EXTRA_CA_CERTS: emulator.ca });
    const lines = createInterface({ input: program.stdout });
    const [first] = (await once(lines, "line")) as [string];
    emulator.clock.advance(1000);
    await act();
    emulator.clearRequests();
    program.stdin.end("go\n");
    const [second] = (await once(lines, "line")) as [string];
    return [JSON.parse(first), JSON.parse(second)] as Record<string, unknown>[];
  }

  const seen = (): string[] =>
    emulator.requests().map(({ url, status }) => `${url.includes("/token") ? "token" : "graph"} ${status}`);

  const AZURE = `
    import { ClientSecretCredential } from "@azure/identity";
    import { bearerTokenAuthenticationPolicy, createDefaultHttpClient, createEmptyPipeline, createPipelineRequest } from "@azure/core-rest-pipeline";
    const credential = new ClientSecretCredential(facts.tenant, facts.daemon, facts.secret, { authorityHost: facts.origin, disableInstanceDiscovery: true });
    const pipeline = createEmptyPipeline();
    pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes: "https://graph.microsoft.com/.default" }));
    const client = createDefaultHttpClient();
    const get = async () => print({ status: (await pipeline.sendRequest(client, createPipelineRequest({ url: facts.origin + facts.room }))).status });
    await get();
    for await (const line of (await import("node:readline")).createInterface({ input: process.stdin })) await get();`;

  it("@azure/identity with @azure/core-rest-pipeline answers the challenge by itself", async () => {
    const result = await twice(AZURE, () => emulator.revokeTokens({ appId: DAEMON }));
    expect(result).toEqual([{ status: 200 }, { status: 200 }]);
    expect(seen()).toEqual(["graph 401", "token 200", "graph 200"]);
  });

  it("@azure/identity with @azure/core-rest-pipeline gives up after one new token", async () => {
    const result = await twice(AZURE, () => emulator.revokeTokens({ appId: DAEMON, reason: "location" }));
    expect(result).toEqual([{ status: 200 }, { status: 401 }]);
    expect(seen()).toEqual(["graph 401", "token 200", "graph 401"]);
  });

  it("@azure/msal-node brings the claims of the challenge", async () => {
    const source = `
      import { ConfidentialClientApplication } from "@azure/msal-node";
      const app = new ConfidentialClientApplication({ auth: { clientId: facts.daemon, authority: facts.origin + "/" + facts.tenant, knownAuthorities: [new URL(facts.origin).host], clientSecret: facts.secret, clientCapabilities: ["CP1"] } });
      const get = async (claims) => {
        const { accessToken } = await app.acquireTokenByClientCredential({ scopes: ["https://graph.microsoft.com/.default"], ...(claims ? { claims } : {}) });
        return fetch(facts.origin + facts.room, { headers: { authorization: "Bearer " + accessToken } });
      };
      print({ status: (await get()).status });
      for await (const line of (await import("node:readline")).createInterface({ input: process.stdin })) {
        const refused = await get();
        const claims = Buffer.from(/claims="([^"]+)"/.exec(refused.headers.get("www-authenticate"))[1], "base64").toString();
        print({ before: refused.status, after: (await get(claims)).status });
      }`;
    const [, after] = await twice(source, () => emulator.revokeTokens({ appId: DAEMON }));
    expect(after).toEqual({ before: 401, after: 200 });
    expect(seen().filter((exchange) => exchange.startsWith("token"))).toEqual(["token 200"]);
  });
});

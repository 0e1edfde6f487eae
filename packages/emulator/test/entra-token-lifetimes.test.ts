/** How long tokens live: the default, the service's draw, and token lifetime policies by seed and by Graph. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type RunningEmulator, type Seed, startEmulator } from "../src/index.ts";
import {
  type Answer,
  API,
  DAEMON,
  MULTI,
  makeCertificate,
  OTHER_TENANT,
  PASSWORD,
  payloadOf,
  SECRET,
  STATE_DIR,
  schoolSeed,
  send,
  startSchool,
  TENANT,
  type TestCertificate,
} from "./entra-school.ts";

const GRAPH = "https://graph.microsoft.com";
const definition = (life: string): string[] => [
  `{"TokenLifetimePolicy":{"Version":1,"AccessTokenLifetime":"${life}"}}`,
];

let daemon: TestCertificate;
let emulator: RunningEmulator;

beforeAll(async () => {
  daemon = makeCertificate("Timetable daemon");
  emulator = await startSchool(schoolSeed(daemon));
});
afterAll(() => emulator.close());
beforeEach(() => emulator.reset());

/** `expires_in` of an app-only token; its `exp` must say the same. */
async function lifeOf(
  resource: string,
  fields: object = {},
  tenant = TENANT,
  of = emulator,
): Promise<number> {
  const { json } = await send(of, `/${tenant}/oauth2/v2.0/token`, {
    form: {
      grant_type: "client_credentials",
      client_id: DAEMON,
      client_secret: SECRET,
      scope: `${resource}/.default`,
      ...fields,
    },
  });
  const { exp, iat } = payloadOf(json["access_token"]);
  expect(Number(exp) - Number(iat) - 300 - 1).toBe(json["expires_in"]);
  return Number(json["expires_in"]);
}

async function graph(method: string, path: string, body?: unknown, roles = ALL_ROLES): Promise<Answer> {
  const { access_token: token } = await emulator.tokenFor({ roles });
  return send(emulator, `/v1.0${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
  });
}

const ALL_ROLES = ["Policy.ReadWrite.ApplicationConfiguration", "Application.ReadWrite.All"];

async function createPolicy(life: string, more: object = {}): Promise<string> {
  const body = { displayName: `Life ${life}`, definition: definition(life), ...more };
  const answer = await graph("POST", "/policies/tokenLifetimePolicies", body);
  expect(answer.status).toBe(201);
  return String(answer.json["id"]);
}

const reference = (id: string): object => ({
  "@odata.id": `https://graph.microsoft.com/v1.0/policies/tokenLifetimePolicies/${id}`,
});

describe("without a policy", () => {
  it("a token lives 3,599 seconds, each time", async () => {
    expect([await lifeOf(GRAPH), await lifeOf(`api://${API}`)]).toEqual([3599, 3599]);
  });

  it("a switch draws the life between 60 and 90 minutes, as the service does", async () => {
    const on = await send(emulator, "/emulator/v1/switches", { body: '{"drawTokenLifetimes":true}' });
    expect(on.json["drawTokenLifetimes"]).toBe(true);
    const lives = await Promise.all(Array.from({ length: 200 }, () => lifeOf(GRAPH)));
    expect(Math.min(...lives)).toBeGreaterThanOrEqual(3599);
    expect(Math.max(...lives)).toBeLessThan(5400);
    const mean = lives.reduce((sum, life) => sum + life, 0) / lives.length;
    expect(Math.abs(mean - 4500)).toBeLessThan(180);
    emulator.reset();
    expect(await lifeOf(GRAPH)).toBe(3599);
  });
});

describe("a policy in the seed", () => {
  const withPolicies = (policies: readonly object[]): Seed => {
    const seed = structuredClone(schoolSeed(daemon)) as { tenants: Record<string, unknown>[] };
    (seed.tenants[0] ?? {})["tokenLifetimePolicies"] = policies;
    return seed;
  };
  const inSchool = async <T>(policies: readonly object[], use: (of: RunningEmulator) => Promise<T>) => {
    const school = await startSchool(withPolicies(policies));
    try {
      return await use(school);
    } finally {
      await school.close();
    }
  };

  it("sets the life of tokens for the API that it is assigned to", async () => {
    const policies = [{ definition: definition("02:00:00"), applications: [API] }];
    const lives = await inSchool(policies, async (of) => [
      await lifeOf(`api://${API}`, {}, TENANT, of),
      await lifeOf(GRAPH, {}, TENANT, of),
    ]);
    expect(lives).toEqual([7199, 3599]);
  });

  it("of a service principal goes before the organisation's, which goes before that of the registration", async () => {
    const policies = [
      { definition: definition("00:10:00"), servicePrincipals: [GRAPH] },
      { definition: definition("04:00:00"), isOrganizationDefault: true },
      { definition: definition("23:59:59"), applications: [API] },
    ];
    const lives = await inSchool(policies, async (of) => [
      await lifeOf(GRAPH, {}, TENANT, of),
      await lifeOf("https://outlook.office365.com", {}, TENANT, of),
      await lifeOf(`api://${API}`, {}, TENANT, of),
    ]);
    expect(lives).toEqual([599, 14_399, 14_399]);
  });

  it("of a registration goes with the application into other tenants", async () => {
    const seed = withPolicies([{ definition: definition("06:00:00"), applications: [MULTI] }]);
    const tenants = seed["tenants"] as Record<string, unknown>[];
    (tenants[1] ?? {})["servicePrincipals"] = [{ appId: MULTI }];
    const school = await startSchool(seed);
    expect(await lifeOf(MULTI, { client_id: MULTI }, OTHER_TENANT, school)).toBe(21_599);
    await school.close();
  });

  it.each([
    ["too short", { definition: definition("00:09:59") }, "definition"],
    ["too long", { definition: definition("1.00:00:01") }, "definition"],
    ["no time span", { definition: definition("2 hours") }, "definition"],
    ["no JSON", { definition: ["{"] }, "definition"],
    [
      "no version",
      { definition: ['{"TokenLifetimePolicy":{"AccessTokenLifetime":"02:00:00"}}'] },
      "definition",
    ],
    ["no definition", {}, "definition"],
    [
      "an unknown application",
      { definition: definition("02:00:00"), applications: [MULTI.replace("7", "9")] },
      "applications[0]",
    ],
    ["an unknown member", { definition: definition("02:00:00"), appliesTo: [] }, "appliesTo"],
  ])("is refused by place: %s", async (_, policy, member) => {
    await expect(startEmulator({ stateDir: STATE_DIR, seed: withPolicies([policy]) })).rejects.toMatchObject({
      code: "EMULATOR_SEED_INVALID",
      details: { path: `tenants[0].tokenLifetimePolicies[0].${member}` },
    });
  });
});

describe("a policy by Graph", () => {
  it("is created, assigned, read, changed, taken away and deleted", async () => {
    const id = await createPolicy("8:00:00");
    const application = `/applications(appId='${API}')`;
    const assigned = `${application}/tokenLifetimePolicies`;
    expect((await graph("POST", `${assigned}/$ref`, reference(id))).status).toBe(204);
    expect(await lifeOf(`api://${API}`)).toBe(28_799);
    expect((await graph("GET", assigned)).json["value"]).toMatchObject([
      { id, displayName: "Life 8:00:00", isOrganizationDefault: false, definition: definition("8:00:00") },
    ]);
    const targets = await graph("GET", `/policies/tokenLifetimePolicies/${id}/appliesTo`);
    expect(targets.json["value"]).toMatchObject([
      { "@odata.type": "#microsoft.graph.application", appId: API },
    ]);
    const changed = await graph("PATCH", `/policies/tokenLifetimePolicies/${id}`, {
      definition: definition("00:30:00"),
    });
    expect(changed.status).toBe(204);
    expect(await lifeOf(`api://${API}`)).toBe(1799);
    expect((await graph("DELETE", `${assigned}/${id}/$ref`)).status).toBe(204);
    expect(await lifeOf(`api://${API}`)).toBe(3599);
    expect((await graph("DELETE", `/policies/tokenLifetimePolicies/${id}`)).status).toBe(204);
    expect((await graph("GET", `/policies/tokenLifetimePolicies/${id}`)).status).toBe(404);
    expect((await graph("GET", "/policies/tokenLifetimePolicies")).json["value"]).toEqual([]);
  });

  it("of a service principal is assigned in the same way", async () => {
    const id = await createPolicy("03:00:00");
    const path =
      "/servicePrincipals(appId='00000003-0000-0000-c000-000000000000')/tokenLifetimePolicies/$ref";
    expect((await graph("POST", path, reference(id))).status).toBe(204);
    expect(await lifeOf(GRAPH)).toBe(10_799);
  });

  it("gives way to continuous access evaluation", async () => {
    await createPolicy("00:20:00", { isOrganizationDefault: true });
    expect(await lifeOf(GRAPH)).toBe(1199);
    expect(await lifeOf(GRAPH, { claims: '{"access_token":{"xms_cc":{"values":["cp1"]}}}' })).toBe(86_399);
  });

  it("sets the life of id tokens by the client, of access tokens by the API", async () => {
    const id = await createPolicy("05:00:00");
    await graph("POST", `/applications(appId='${API}')/tokenLifetimePolicies/$ref`, reference(id));
    const { json } = await send(emulator, `/${TENANT}/oauth2/v2.0/token`, {
      form: {
        grant_type: "password",
        client_id: API,
        client_secret: SECRET,
        username: "admin@school.example",
        password: PASSWORD,
        scope: "openid User.Read",
      },
    });
    const { exp, iat } = payloadOf(json["id_token"]);
    expect(Number(exp) - Number(iat) - 300).toBe(18_000);
    expect(json["expires_in"]).toBe(3599);
  });

  it.each([
    ["two policies on one object", "/applications(appId='%')/tokenLifetimePolicies/$ref", true],
    ["a policy that does not exist", "/applications(appId='%')/tokenLifetimePolicies/$ref", false],
  ])("refuses %s", async (_, path, exists) => {
    const to = path.replace("%", API);
    await graph("POST", to, reference(await createPolicy("02:00:00")));
    const second = exists ? await createPolicy("02:30:00") : "99999999-0000-4000-8000-000000000000";
    expect((await graph("POST", to, reference(second))).status).toBe(exists ? 400 : 404);
  });

  it.each([
    ["no name", { definition: definition("02:00:00") }],
    ["no definition", { displayName: "x" }],
    ["a life out of bounds", { displayName: "x", definition: definition("00:05:00") }],
    ["an unknown member", { displayName: "x", definition: definition("02:00:00"), life: 1 }],
  ])("refuses %s", async (_, body) => {
    const answer = await graph("POST", "/policies/tokenLifetimePolicies", body);
    expect(answer.status).toBe(400);
    expect(answer.json["error"]).toMatchObject({ code: "Request_BadRequest" });
  });

  it("refuses a second default of the organisation", async () => {
    await createPolicy("02:00:00", { isOrganizationDefault: true });
    const body = { displayName: "x", definition: definition("03:00:00"), isOrganizationDefault: true };
    expect((await graph("POST", "/policies/tokenLifetimePolicies", body)).status).toBe(400);
  });

  it.each([
    ["GET", "/policies/tokenLifetimePolicies", "Application.ReadWrite.All"],
    ["POST", "/policies/tokenLifetimePolicies", "Policy.Read.All"],
    ["GET", `/applications(appId='${API}')/tokenLifetimePolicies`, "Policy.Read.All"],
  ])("%s %s is refused with %s alone", async (method, path, role) => {
    const answer = await graph(method, path, method === "POST" ? {} : undefined, [role]);
    expect(answer.status).toBe(403);
  });
});

/** Conditional Access policies of the seed, as the token endpoint applies them. */
import { describe, expect, it } from "vitest";
import { type RunningEmulator, startEmulator } from "../src/index.ts";
import {
  type Answer,
  API,
  DAEMON,
  EXCHANGE_APP,
  GRAPH_APP,
  MULTI,
  makeCertificate,
  PASSWORD,
  SECRET,
  STATE_DIR,
  schoolSeed,
  send,
  startSchool,
  TENANT,
} from "./entra-school.ts";

const POLICY = "9f000000-0000-4000-8000-000000000001";
const daemon = makeCertificate("Timetable daemon");

function seedWith(...policies: readonly object[]): Record<string, unknown> {
  const seed = structuredClone(schoolSeed(daemon)) as { tenants: Record<string, unknown>[] };
  (seed.tenants[0] ?? {})["conditionalAccessPolicies"] = policies;
  return seed;
}

const policy = (conditions: object, control = "block", more = {}): object => ({
  id: POLICY,
  displayName: "Only from the school",
  state: "enabled",
  conditions,
  grantControls: { operator: "OR", builtInControls: [control] },
  ...more,
});

const APPLICATIONS = { clientApplications: { includeServicePrincipals: ["ServicePrincipalsInMyTenant"] } };
const USERS = { users: { includeUsers: ["All"] } };

async function withPolicies<T>(
  policies: readonly object[],
  use: (of: RunningEmulator) => Promise<T>,
): Promise<T> {
  const school = await startSchool(seedWith(...policies));
  try {
    return await use(school);
  } finally {
    await school.close();
  }
}

const ask = (of: RunningEmulator, fields: Readonly<Record<string, string>> = {}): Promise<Answer> =>
  send(of, `/${TENANT}/oauth2/v2.0/token`, {
    form: {
      grant_type: "client_credentials",
      client_id: DAEMON,
      client_secret: SECRET,
      scope: "https://graph.microsoft.com/.default",
      ...fields,
    },
  });

const asUser = (of: RunningEmulator, username = "admin@school.example"): Promise<Answer> =>
  ask(of, { client_id: API, grant_type: "password", username, password: PASSWORD, scope: "User.Read" });

describe("a policy about applications", () => {
  it("blocks with 53003, suberror and the policy's id, as published", async () => {
    const { status, json } = await withPolicies([policy(APPLICATIONS)], (of) => ask(of));
    expect(status).toBe(400);
    expect(json).toMatchObject({
      error: "invalid_grant",
      error_codes: [53003],
      suberror: "message_only",
      claims: `{"access_token":{"capolids":{"essential":true,"values":["${POLICY}"]}}}`,
    });
  });

  it("passes over users, applications of several tenants, and those that it excludes", async () => {
    const [seeded] = await withPolicies([policy(APPLICATIONS)], async (of) => {
      expect((await asUser(of)).status).toBe(200);
      expect((await ask(of, { client_id: MULTI })).status).toBe(200);
      const { access_token: token } = await of.tokenFor({ roles: ["Application.Read.All"] });
      const path = `/v1.0/servicePrincipals(appId='${DAEMON}')`;
      return [(await send(of, path, { headers: { authorization: `Bearer ${token}` } })).json["id"]];
    });
    const excluding = {
      clientApplications: {
        includeServicePrincipals: ["ServicePrincipalsInMyTenant"],
        excludeServicePrincipals: [seeded],
      },
    };
    expect((await withPolicies([policy(excluding)], (of) => ask(of))).status).toBe(200);
    const including = { clientApplications: { includeServicePrincipals: [seeded] } };
    expect((await withPolicies([policy(including)], (of) => ask(of))).json["error_codes"]).toEqual([53003]);
  });

  it("concerns the APIs that it names", async () => {
    const conditions = { ...APPLICATIONS, applications: { includeApplications: [EXCHANGE_APP] } };
    const [graph, exchange] = await withPolicies([policy(conditions)], (of) =>
      Promise.all([ask(of), ask(of, { scope: "https://outlook.office365.com/.default" })]),
    );
    expect([graph?.status, exchange?.json["error_codes"]]).toEqual([200, [53003]]);
  });

  it.each(["disabled", "enabledForReportingButNotEnforced"])("does nothing in state %s", async (state) => {
    expect((await withPolicies([policy(APPLICATIONS, "block", { state })], (of) => ask(of))).status).toBe(
      200,
    );
  });
});

describe("a policy about users", () => {
  it("blocks with 53003 and interaction_required", async () => {
    const { json } = await withPolicies([policy(USERS)], (of) => asUser(of));
    expect(json).toMatchObject({ error: "interaction_required", error_codes: [53003] });
  });

  it("that wants a second factor answers 50076 with what to ask for", async () => {
    const { json } = await withPolicies([policy(USERS, "mfa")], (of) => asUser(of));
    expect(json).toMatchObject({
      error: "interaction_required",
      error_codes: [50076],
      suberror: "basic_action",
      claims: `{"access_token":{"capolids":{"essential":true,"values":["${POLICY}"]}}}`,
    });
    expect(json["error_description"]).toContain(
      `you must use multi-factor authentication to access '${GRAPH_APP}'.`,
    );
  });

  it("passes over applications, and users whom it excludes", async () => {
    const excluding = { users: { includeUsers: ["All"], excludeUsers: ["admin@school.example"] } };
    await withPolicies([policy(excluding)], async (of) => {
      expect((await ask(of)).status).toBe(200);
      expect((await asUser(of)).status).toBe(200);
      expect((await asUser(of, "office@school.example")).json["error_codes"]).toEqual([53003]);
    });
  });
});

it.each([
  [
    "a condition that is not evaluated",
    policy({ ...USERS, locations: { includeLocations: ["All"] } }),
    "conditions.locations",
  ],
  ["another control", policy(USERS, "compliantDevice"), "grantControls.builtInControls"],
  ["another state", policy(USERS, "block", { state: "on" }), "state"],
  ["no conditions", { grantControls: { builtInControls: ["block"] } }, "conditions"],
])("a seed with %s is refused by place", async (_, wrong, member) => {
  await expect(startEmulator({ stateDir: STATE_DIR, seed: seedWith(wrong) })).rejects.toMatchObject({
    code: "EMULATOR_SEED_INVALID",
    details: { path: `tenants[0].conditionalAccessPolicies[0].${member}` },
  });
});

/** Optional claims and groups, in access tokens by the API's registration, in id tokens by the client's. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunningEmulator } from "../src/index.ts";
import { API, DAEMON, PASSWORD, payloadOf, SECRET, send, startSchool, TENANT } from "./entra-school.ts";

const USER = "7f000000-0000-4000-8000-000000000001";
const STAFF = "7f000000-0000-4000-8000-0000000000a1";
const YEAR_7 = "7f000000-0000-4000-8000-0000000000a2";

let emulator: RunningEmulator;

beforeAll(async () => {
  emulator = await startSchool({ tenants: [tenant()] });
});
afterAll(() => emulator.close());

function tenant(): Record<string, unknown> {
  const accessScope = {
    id: "cccccccc-0000-4000-8000-000000000001",
    value: "access",
    type: "User",
    isEnabled: true,
  };
  const requiredResourceAccess = [
    { resourceAppId: API, resourceAccess: [{ id: accessScope.id, type: "Scope" }] },
  ];
  const api = {
    appId: API,
    identifierUris: [`api://${API}`],
    api: { requestedAccessTokenVersion: 2, oauth2PermissionScopes: [accessScope] },
  };
  const client = { appId: DAEMON, requiredResourceAccess };
  return {
    tenantId: TENANT,
    domains: ["school.example"],
    users: [
      {
        id: USER,
        userPrincipalName: "office@school.example",
        mail: "the.office@school.example",
        password: PASSWORD,
        properties: { givenName: "School", surname: "Office", country: "GB" },
      },
    ],
    groups: [
      { id: STAFF, displayName: "Staff", groupTypes: [], members: ["office@school.example"] },
      { id: YEAR_7, displayName: "Year 7", groupTypes: ["Unified"], members: ["office@school.example"] },
      { displayName: "Others", groupTypes: [], members: [] },
    ],
    applications: [
      { manifest: api, secrets: [{ secretText: SECRET }] },
      { manifest: client, secrets: [{ secretText: SECRET }], adminConsent: true },
    ],
  };
}

async function change(appId: string, members: object): Promise<void> {
  const { access_token: token } = await emulator.tokenFor({ roles: ["Application.ReadWrite.All"] });
  const answer = await send(emulator, `/v1.0/applications(appId='${appId}')`, {
    method: "PATCH",
    body: JSON.stringify({ optionalClaims: null, groupMembershipClaims: null, ...members }),
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
  });
  expect(answer.status, answer.text).toBe(204);
}

/** Payloads of both tokens of a user. */
async function tokens(): Promise<{ access: Record<string, unknown>; id: Record<string, unknown> }> {
  const { json, text } = await send(emulator, `/${TENANT}/oauth2/v2.0/token`, {
    form: {
      grant_type: "password",
      client_id: DAEMON,
      client_secret: SECRET,
      username: "office@school.example",
      password: PASSWORD,
      scope: `openid api://${API}/access`,
    },
  });
  expect(json["access_token"], text).toBeDefined();
  return { access: payloadOf(json["access_token"]), id: payloadOf(json["id_token"]) };
}

const asked = (...names: readonly string[]): object[] => names.map((name) => ({ name }));

const KNOWN = {
  acct: 0,
  ctry: "GB",
  email: "the.office@school.example",
  family_name: "Office",
  given_name: "School",
  ipaddr: "127.0.0.1",
  upn: "office@school.example",
  verified_primary_email: ["the.office@school.example"],
};

describe("optional claims", () => {
  it("come into an access token by the registration of the API", async () => {
    await change(API, {
      optionalClaims: { accessToken: asked(...Object.keys(KNOWN), "auth_time", "unheard_of") },
    });
    const { access, id } = await tokens();
    expect(access).toMatchObject({ ...KNOWN, aud: API });
    expect(access["auth_time"]).toBe(Number(access["iat"]) + 300);
    expect(access).not.toHaveProperty("unheard_of");
    expect(id).not.toHaveProperty("family_name");
    await change(API, {});
    for (const name of Object.keys(KNOWN)) expect((await tokens()).access).not.toHaveProperty(name);
  });

  it("come into an id token by the registration of the client", async () => {
    await change(DAEMON, { optionalClaims: { idToken: asked(...Object.keys(KNOWN), "login_hint") } });
    const { access, id } = await tokens();
    expect(id).toMatchObject({ ...KNOWN, aud: DAEMON, login_hint: expect.any(String) as string });
    expect(access).not.toHaveProperty("ctry");
    await change(DAEMON, {});
  });

  it("tell applications from users by idtyp, in users' tokens on request", async () => {
    await change(API, { optionalClaims: { accessToken: asked("idtyp") } });
    expect((await tokens()).access).not.toHaveProperty("idtyp");
    const { json } = await send(emulator, `/${TENANT}/oauth2/v2.0/token`, {
      form: {
        grant_type: "client_credentials",
        client_id: DAEMON,
        client_secret: SECRET,
        scope: `api://${API}/.default`,
      },
    });
    expect(payloadOf(json["access_token"])["idtyp"]).toBe("app");
    const includeUsers = [{ name: "idtyp", additionalProperties: ["include_user_token"] }];
    await change(API, { optionalClaims: { accessToken: includeUsers } });
    expect((await tokens()).access["idtyp"]).toBe("user");
  });
});

describe("the groups claim", () => {
  it.each([
    ["SecurityGroup", [STAFF]],
    ["All", [STAFF, YEAR_7]],
    ["None", undefined],
    ["ApplicationGroup", undefined],
  ])("holds what groupMembershipClaims %s names", async (groupMembershipClaims, groups) => {
    await change(API, { groupMembershipClaims });
    await change(DAEMON, { groupMembershipClaims });
    const { access, id } = await tokens();
    expect(access["groups"]).toEqual(groups);
    expect(id["groups"]).toEqual(groups);
  });

  it("gives way to a reference when there are more than 200", async () => {
    const many = Array.from({ length: 201 }, (_, index) => ({
      displayName: `Group ${index}`,
      members: ["office@school.example"],
    }));
    const seed = tenant();
    const school = await startSchool({ tenants: [{ ...seed, groups: many }] });
    const [original, before] = [emulator, school];
    emulator = before;
    try {
      await change(API, { groupMembershipClaims: "All" });
      const { access } = await tokens();
      expect(access).not.toHaveProperty("groups");
      expect(access["_claim_names"]).toEqual({ groups: "src1" });
      expect(JSON.stringify(access["_claim_sources"])).toContain(`/users/${USER}/getMemberObjects`);
    } finally {
      emulator = original;
      await school.close();
    }
  });
});

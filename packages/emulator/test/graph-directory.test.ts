import { execFileSync } from "node:child_process";
import { createHash, createPrivateKey, type KeyObject, randomUUID, sign, X509Certificate } from "node:crypto";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  CLIENT_ID,
  CLIENT_OBJECT_ID,
  type GraphFixture,
  makeFixture,
  ROOM_12,
  ROOM_13,
  YEAR_7,
} from "./graph-fixture.ts";

const GRAPH_APP_ID = "00000003-0000-0000-c000-000000000000";
const CALENDARS_READ_WRITE = "ef54d2bf-783f-4e0f-bca1-3210c0444d99";
const OWN_OBJECT = "f0000000-0000-4000-8000-000000000001";

interface Minted {
  readonly certificate: X509Certificate;
  readonly key: KeyObject;
}

/** The certificate begins today, so the emulator's clock stands at today as well. */
const TODAY_MS = Math.floor(Date.now() / 1000) * 1000 + 60_000;

function mint(name: string): Minted {
  const pem = execFileSync(
    "openssl",
    [
      "req",
      "-x509",
      "-newkey",
      "rsa:2048",
      "-nodes",
      "-days",
      "365",
      "-subj",
      `/CN=${name}`,
      "-keyout",
      "-",
      "-out",
      "-",
    ],
    { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] },
  );
  return { certificate: new X509Certificate(pem), key: createPrivateKey(pem) };
}

function keyCredential({ certificate }: Minted, change: object = {}): object {
  return {
    type: "AsymmetricX509Cert",
    usage: "Verify",
    key: certificate.raw.toString("base64"),
    displayName: "CN=first",
    startDateTime: new Date(certificate.validFrom).toISOString(),
    endDateTime: new Date(certificate.validTo).toISOString(),
    ...change,
  };
}

function makeProof({ certificate, key }: Minted, claims: object = {}): string {
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const x5t = createHash("sha1").update(certificate.raw).digest("base64url");
  const now = TODAY_MS / 1000;
  const payload = {
    aud: "00000002-0000-0000-c000-000000000000",
    iss: OWN_OBJECT,
    nbf: now,
    exp: now + 600,
    ...claims,
  };
  const input = `${encode({ alg: "RS256", typ: "JWT", x5t })}.${encode(payload)}`;
  return `${input}.${sign("sha256", Buffer.from(input), key).toString("base64url")}`;
}

let first: Minted;
let second: Minted;
let graph: GraphFixture;
beforeAll(() => {
  [first, second] = [mint("first"), mint("second")];
});
beforeEach(() => {
  graph = makeFixture();
  graph.context.clock.freeze(TODAY_MS);
});

describe("applications", () => {
  it("postApplication() registers, finds by appId and filter, changes and deletes", async () => {
    const made = await graph.send("POST", "/applications", {
      body: {
        displayName: "Rooms",
        keyCredentials: [keyCredential(first)],
        requiredResourceAccess: [
          { resourceAppId: GRAPH_APP_ID, resourceAccess: [{ id: CALENDARS_READ_WRITE, type: "Role" }] },
        ],
        web: { redirectUris: ["https://localhost/back"] },
      },
    });
    expect(made.status).toBe(201);
    expect(made.json).toMatchObject({
      displayName: "Rooms",
      signInAudience: "AzureADMyOrg",
      web: { redirectUris: ["https://localhost/back"] },
    });
    expect(made.json.id).not.toBe(made.json.appId);
    expect(made.json.keyCredentials[0]).toMatchObject({
      key: null,
      customKeyIdentifier: first.certificate.fingerprint.replaceAll(":", ""),
    });
    const byAppId = await graph.send(
      "GET",
      `/applications(appId='${made.json.appId}')?$select=keyCredentials`,
    );
    expect(byAppId.json.keyCredentials[0].key).toBe(first.certificate.raw.toString("base64"));
    const listed = await graph.send(
      "GET",
      `/applications?$filter=appId eq '${made.json.appId}'&$select=keyCredentials,id`,
    );
    expect(listed.json.value).toHaveLength(1);
    expect(listed.json.value[0].keyCredentials[0].key).toBeNull();
    const changed = await graph.send("PATCH", `/applications/${made.json.id}`, {
      body: { displayName: "Rooms 2", identifierUris: [`api://${made.json.appId}`] },
    });
    expect(changed.status).toBe(204);
    const read = await graph.send("GET", `/applications/${made.json.id}`);
    expect(read.json).toMatchObject({
      displayName: "Rooms 2",
      identifierUris: [`api://${made.json.appId}`],
      web: { redirectUris: ["https://localhost/back"] },
      requiredResourceAccess: [{ resourceAppId: GRAPH_APP_ID }],
    });
    expect(read.json.keyCredentials).toHaveLength(1);
    expect((await graph.send("DELETE", `/applications/${made.json.id}`)).status).toBe(204);
    expect((await graph.send("GET", `/applications/${made.json.id}`)).status).toBe(404);
    const back = await graph.send("POST", `/directory/deletedItems/${made.json.id}/restore`);
    expect([back.status, back.json.deletedDateTime]).toEqual([200, null]);
    expect((await graph.send("GET", `/applications/${made.json.id}`)).status).toBe(200);
  });

  it("patchApplication() replaces the whole collection and keeps certificates that come back without key", async () => {
    const path = `/applications/${OWN_OBJECT}`;
    await graph.send("PATCH", path, { body: { keyCredentials: [keyCredential(first)] } });
    const [kept] = (await graph.send("GET", path)).json.keyCredentials;
    await graph.send("PATCH", path, { body: { keyCredentials: [kept, keyCredential(second)] } });
    const both = await graph.send("GET", `${path}?$select=keyCredentials`);
    expect(both.json.keyCredentials.map((credential: { key: string }) => credential.key)).toEqual([
      first.certificate.raw.toString("base64"),
      second.certificate.raw.toString("base64"),
    ]);
    await graph.send("PATCH", path, { body: { keyCredentials: [keyCredential(second)] } });
    expect((await graph.send("GET", path)).json.keyCredentials).toHaveLength(1);
  });

  it.each([
    [
      "an end one second after the certificate's",
      () => ({ endDateTime: new Date(Date.parse(first.certificate.validTo) + 1000).toISOString() }),
      "KeyCredentialsInvalidEndDate",
    ],
    [
      "a start before the certificate's",
      () => ({ startDateTime: new Date(Date.parse(first.certificate.validFrom) - 1000).toISOString() }),
      "KeyCredentialsInvalidStartDate",
    ],
    ["a key that is no certificate", () => ({ key: "AAAA" }), "KeyCredentialsInvalidValue"],
    ["an unknown usage", () => ({ usage: "Encrypt" }), "Request_BadRequest"],
    [
      "an identifier of 33 bytes",
      () => ({ customKeyIdentifier: Buffer.alloc(33).toString("base64") }),
      "Request_BadRequest",
    ],
  ])("readKeyCredential() refuses %s by its code", async (_what, change, code) => {
    const answer = await graph.send("PATCH", `/applications/${OWN_OBJECT}`, {
      body: { keyCredentials: [keyCredential(first, change())] },
    });
    expect([answer.status, answer.json.error.code]).toEqual([400, code]);
  });

  it("patchApplication() lets personal accounts in only where tokens are of version 2", async () => {
    const path = `/applications/${OWN_OBJECT}`;
    const change = (body: object) => graph.send("PATCH", path, { body });
    for (const signInAudience of ["AzureADandPersonalMicrosoftAccount", "PersonalMicrosoftAccount"]) {
      const refused = await change({ signInAudience });
      expect([refused.status, refused.json.error.code, refused.json.error.message]).toEqual([
        400,
        "InvalidAccessTokenVersion",
        "Property api.requestedAccessTokenVersion is invalid.",
      ]);
    }
    const both = {
      signInAudience: "AzureADandPersonalMicrosoftAccount",
      api: { requestedAccessTokenVersion: 2 },
    };
    expect((await change(both)).status).toBe(204);
    expect((await change({ displayName: "Renamed" })).status).toBe(204);
    expect((await change({ api: { requestedAccessTokenVersion: 1 } })).status).toBe(400);
  });

  it("addKey() and removeKey() take a proof of a registered certificate and hide why another is refused", async () => {
    const path = `/applications/${OWN_OBJECT}`;
    await graph.send("PATCH", path, { body: { keyCredentials: [keyCredential(first)] } });
    const own = { roles: [] };
    const add = (proof: string) =>
      graph.send("POST", `${path}/addKey`, {
        ...own,
        body: { keyCredential: keyCredential(second), passwordCredential: null, proof },
      });
    for (const [proof, reason] of [
      [makeProof(second), "names a valid certificate"],
      [makeProof(first, { iss: CLIENT_ID }), "object id"],
      [makeProof(first, { exp: TODAY_MS / 1000 + 601 }), "ten minutes"],
      [makeProof(first, { aud: "https://graph.microsoft.com" }), "aud"],
      [`${makeProof(first).slice(0, -4)}AAAA`, "signature"],
      [`${makeProof(first)}==`, "base64url"],
    ] as const) {
      const refused = await add(proof);
      expect(refused.json.error.code).toBe("Authentication_MissingOrMalformed");
      expect(graph.notes.at(-1)).toContain(reason);
    }
    const added = await add(makeProof(first));
    expect([added.status, added.json.type]).toEqual([200, "AsymmetricX509Cert"]);
    const [old] = (await graph.send("GET", path)).json.keyCredentials;
    const remove = { ...own, body: { keyId: old.keyId, proof: makeProof(second) } };
    expect((await graph.send("POST", `${path}/removeKey`, remove)).status).toBe(204);
    expect((await graph.send("GET", path)).json.keyCredentials).toHaveLength(1);
  });

  it("addPassword() shows the secret once, and removePassword() takes it away", async () => {
    const path = `/applications/${OWN_OBJECT}`;
    const added = await graph.send("POST", `${path}/addPassword`, {
      body: { passwordCredential: { displayName: "night" } },
    });
    expect(added.json.secretText).toMatch(/^.{16,64}$/);
    expect(added.json.hint).toBe(added.json.secretText.slice(0, 3));
    expect(added.json.endDateTime.slice(0, 4)).toBe(String(new Date(TODAY_MS).getUTCFullYear() + 2));
    expect(graph.tenant.applications.get(OWN_OBJECT)?.passwordCredentials[0]?.secretSha256).toBe(
      createHash("sha256").update(added.json.secretText).digest("hex"),
    );
    const read = await graph.send("GET", path);
    expect(read.json.passwordCredentials[0].secretText).toBeNull();
    expect(read.text).not.toContain(added.json.secretText);
    const removed = await graph.send("POST", `${path}/removePassword`, { body: { keyId: added.json.keyId } });
    expect(removed.status).toBe(204);
    expect((await graph.send("GET", path)).json.passwordCredentials).toEqual([]);
  });

  it("requireOwnership() lets Application.ReadWrite.OwnedBy change only what the caller created", async () => {
    const roles = ["Application.ReadWrite.OwnedBy"];
    const made = await graph.send("POST", "/applications", { roles, body: { displayName: "Mine" } });
    const body = { displayName: "New" };
    expect((await graph.send("PATCH", `/applications/${made.json.id}`, { roles, body })).status).toBe(204);
    const foreign = await graph.send("PATCH", `/applications/${OWN_OBJECT}`, { roles, body });
    expect([foreign.status, foreign.json.error.code]).toEqual([403, "Authorization_RequestDenied"]);
  });
});

describe("service principals", () => {
  it("postAssignment() grants a role that the API offers, once", async () => {
    const made = await graph.send("POST", "/applications", { body: { displayName: "Rooms" } });
    const principal = await graph.send("POST", "/servicePrincipals", { body: { appId: made.json.appId } });
    expect(principal.status).toBe(201);
    expect(
      (await graph.send("POST", "/servicePrincipals", { body: { appId: made.json.appId } })).status,
    ).toBe(409);
    const resources = await graph.send("GET", `/servicePrincipals?$filter=appId eq '${GRAPH_APP_ID}'`);
    const body = {
      principalId: principal.json.id,
      resourceId: resources.json.value[0].id,
      appRoleId: CALENDARS_READ_WRITE,
    };
    const path = `/servicePrincipals/${principal.json.id}/appRoleAssignments`;
    const granted = await graph.send("POST", path, { body });
    expect([granted.status, granted.json.principalType, granted.json.resourceDisplayName]).toEqual([
      201,
      "ServicePrincipal",
      "Microsoft Graph",
    ]);
    expect((await graph.send("POST", path, { body })).json.error.code).toBe("Request_BadRequest");
    expect((await graph.send("POST", path, { body: { ...body, appRoleId: randomUUID() } })).status).toBe(400);
    expect(
      (await graph.send("POST", path, { body, roles: ["AppRoleAssignment.ReadWrite.All"] })).status,
    ).toBe(403);
    const other = await graph.send("GET", `/servicePrincipals/${body.resourceId}/appRoleAssignedTo`);
    expect(other.json.value.map((assignment: { id: string }) => assignment.id)).toContain(granted.json.id);
    const one = `/servicePrincipals/${principal.json.id}`;
    const selected = await graph.send(
      "GET",
      `${one}?$select=id&$expand=appRoleAssignments($select=appRoleId)`,
    );
    expect(selected.json.appRoleAssignments).toEqual([{ appRoleId: CALENDARS_READ_WRITE }]);
    const found = `/servicePrincipals?$filter=appId eq '${GRAPH_APP_ID}'&$expand=appRoleAssignedTo`;
    const [resource] = (await graph.send("GET", found)).json.value;
    expect(resource.appRoleAssignedTo).toContainEqual(
      expect.objectContaining({ id: granted.json.id, principalId: principal.json.id }),
    );
    expect((await graph.send("DELETE", `${path}/${granted.json.id}`)).status).toBe(204);
    expect((await graph.send("GET", path)).json.value).toEqual([]);
    expect((await graph.send("GET", `${one}?$expand=appRoleAssignments`)).json.appRoleAssignments).toEqual(
      [],
    );
  });

  it("expandObjects() shows owners and memberships with their type and properties", async () => {
    const made = await graph.send("POST", "/applications", { body: { displayName: "Timetable" } });
    const principal = await graph.send("POST", "/servicePrincipals", { body: { appId: made.json.appId } });
    const owner = { "@odata.id": `https://graph.microsoft.com/v1.0/directoryObjects/${ROOM_13}` };
    for (const path of [`/applications/${made.json.id}`, `/servicePrincipals/${principal.json.id}`]) {
      await graph.send("POST", `${path}/owners/$ref`, { body: owner });
      const { owners } = (await graph.send("GET", `${path}?$expand=owners`)).json;
      expect(owners).toContainEqual(
        expect.objectContaining({
          "@odata.type": "#microsoft.graph.user",
          id: ROOM_13,
          displayName: "Room 13",
        }),
      );
    }
    const user = await graph.send(
      "GET",
      `/users/${ROOM_12}?$select=id&$expand=memberOf($select=id,displayName)`,
    );
    expect(user.json.memberOf).toEqual([
      { "@odata.type": "#microsoft.graph.group", id: YEAR_7, displayName: "Year 7" },
    ]);
    await graph.send("DELETE", `/groups/${YEAR_7}`);
    expect((await graph.send("GET", `/users/${ROOM_12}?$expand=memberOf`)).json.memberOf).toEqual([]);
  });

  it("postServicePrincipal() refuses an appId that nobody registered", async () => {
    const answer = await graph.send("POST", "/servicePrincipals", { body: { appId: randomUUID() } });
    expect([answer.status, answer.json.error.code]).toEqual([400, "NoBackingApplicationObject"]);
  });
});

describe("groups", () => {
  const unified = {
    displayName: "Year 8",
    mailNickname: "year8",
    mailEnabled: true,
    securityEnabled: false,
    groupTypes: ["Unified"],
  };
  const reference = (id: string) => ({
    "@odata.id": `https://graph.microsoft.com/v1.0/directoryObjects/${id}`,
  });

  it("postGroup() creates a Unified group with its relations; it can be deleted and restored", async () => {
    const made = await graph.send("POST", "/groups", {
      body: {
        ...unified,
        "members@odata.bind": [reference(ROOM_12)["@odata.id"]],
        "owners@odata.bind": [reference(ROOM_13)["@odata.id"]],
      },
    });
    expect(made.status).toBe(201);
    expect(made.json).toMatchObject({ mail: "year8@school.example", visibility: "Public" });
    const members = await graph.send("GET", `/groups/${made.json.id}/members`);
    expect(members.json.value).toMatchObject([
      { "@odata.type": "#microsoft.graph.user", id: ROOM_12, displayName: "Room 12" },
    ]);
    expect((await graph.send("DELETE", `/groups/${made.json.id}`)).status).toBe(204);
    expect((await graph.send("GET", `/groups/${made.json.id}`)).status).toBe(404);
    expect((await graph.send("POST", `/directory/deletedItems/${made.json.id}/restore`)).status).toBe(200);
    expect((await graph.send("GET", `/groups/${made.json.id}`)).status).toBe(200);
  });

  it.each([
    [
      "21 relations",
      { "members@odata.bind": Array.from({ length: 21 }, () => reference(randomUUID())["@odata.id"]) },
    ],
    ["a nickname with a blank", { mailNickname: "year 8" }],
    ["a nickname that is taken", { mailNickname: "YEAR7" }],
    ["a long name", { displayName: "x".repeat(257) }],
    ["mail without Unified", { groupTypes: [] }],
    ["a setting of its mailbox", { hideFromAddressLists: true }],
  ])("postGroup() refuses %s", async (_what, change) => {
    const answer = await graph.send("POST", "/groups", { body: { ...unified, ...change } });
    expect([answer.status, answer.json.error.code]).toEqual([400, "Request_BadRequest"]);
    expect(graph.tenant.groups.size).toBe(1);
  });

  it("addRelated() and removeRelated() answer 204, 400 for who is there and 404 for who is not", async () => {
    const path = `/groups/${YEAR_7}/members`;
    expect((await graph.send("POST", `${path}/$ref`, { body: reference(ROOM_13) })).status).toBe(204);
    const again = await graph.send("POST", `${path}/$ref`, { body: reference(ROOM_13) });
    expect([again.status, again.json.error.code]).toEqual([400, "Request_BadRequest"]);
    expect((await graph.send("POST", `${path}/$ref`, { body: reference(randomUUID()) })).status).toBe(404);
    expect((await graph.send("DELETE", `${path}/${ROOM_13}/$ref`)).status).toBe(204);
    expect((await graph.send("DELETE", `${path}/${ROOM_13}/$ref`)).status).toBe(404);
    expect(
      (await graph.send("DELETE", `${path}/${ROOM_12}/$ref`, { roles: ["Group.Read.All"] })).status,
    ).toBe(403);
  });

  it("patchGroup() binds all members or none", async () => {
    const bind = (...ids: string[]) => ({
      "members@odata.bind": ids.map((id) => reference(id)["@odata.id"]),
    });
    const refused = await graph.send("PATCH", `/groups/${YEAR_7}`, { body: bind(ROOM_13, ROOM_12) });
    expect(refused.status).toBe(400);
    expect(graph.tenant.groups.get(YEAR_7)?.members).toEqual([ROOM_12]);
    expect((await graph.send("PATCH", `/groups/${YEAR_7}`, { body: bind(ROOM_13) })).status).toBe(204);
    expect(graph.tenant.groups.get(YEAR_7)?.members).toEqual([ROOM_12, ROOM_13]);
  });

  it("readReference() takes users by their principal name, and nobody by name elsewhere", async () => {
    const users = "https://graph.microsoft.com/v1.0/users";
    const made = await graph.send("POST", "/groups", {
      body: {
        displayName: "Year 9",
        mailNickname: "year9",
        mailEnabled: true,
        securityEnabled: false,
        groupTypes: ["Unified"],
        "owners@odata.bind": [`${users}/room-12@school.example`],
        "members@odata.bind": [`${users}('ROOM-13%40school.example')`],
      },
    });
    const group = graph.tenant.groups.get(made.json.id);
    expect([group?.owners, group?.members]).toEqual([[ROOM_12], [ROOM_13]]);
    for (const address of [
      `${users}/nobody@school.example`,
      `${users}/%E0`,
      `${users.replace("users", "directoryObjects")}/room-12@school.example`,
    ]) {
      const refused = await graph.send("POST", `/groups/${YEAR_7}/members/$ref`, {
        body: { "@odata.id": address },
      });
      expect([refused.status, refused.json.error.code]).toEqual([404, "Request_ResourceNotFound"]);
    }
  });

  it("replyDelta() tells members who came and went since the last token", async () => {
    const start = await graph.send("GET", "/groups/delta?$select=displayName,members");
    expect(start.json.value).toEqual([
      {
        id: YEAR_7,
        displayName: "Year 7",
        "members@delta": [{ "@odata.type": "#microsoft.graph.user", id: ROOM_12 }],
      },
    ]);
    const link = start.json["@odata.deltaLink"];
    expect((await graph.send("GET", link)).json.value).toEqual([]);
    await graph.send("POST", `/groups/${YEAR_7}/members/$ref`, { body: reference(ROOM_13) });
    await graph.send("DELETE", `/groups/${YEAR_7}/members/${ROOM_12}/$ref`);
    const next = await graph.send("GET", link);
    expect(next.json.value[0]["members@delta"]).toEqual([
      { "@odata.type": "#microsoft.graph.user", id: ROOM_13 },
      { "@odata.type": "#microsoft.graph.user", id: ROOM_12, "@removed": { reason: "deleted" } },
    ]);
    await graph.send("DELETE", `/groups/${YEAR_7}`);
    const gone = await graph.send("GET", next.json["@odata.deltaLink"]);
    expect(gone.json.value).toEqual([{ id: YEAR_7, "@removed": { reason: "changed" } }]);
    graph.context.world.tenants.set(graph.tenant.tenantId, structuredClone(graph.tenant));
    expect((await graph.send("GET", link)).status).toBe(410);
  });
});

describe("users", () => {
  it("listUsers() selects, filters and pages as asked", async () => {
    const answer = await graph.send(
      "GET",
      "/users?$select=displayName,mail&$filter=startswith(displayName,'room')&$orderby=displayName desc&$top=1&$count=true",
      { headers: { consistencylevel: "eventual" } },
    );
    expect(answer.json.value).toEqual([{ displayName: "Room 13", mail: "room-13@school.example" }]);
    const next = await graph.send("GET", answer.json["@odata.nextLink"]);
    expect(next.json.value).toEqual([{ displayName: "Room 12", mail: "room-12@school.example" }]);
    expect(next.json["@odata.nextLink"]).toBeUndefined();
    expect((await graph.send("GET", "/users?$top=1000")).json.error.code).toBe("Request_BadRequest");
    expect((await graph.send("GET", "/users?$skip=1")).status).toBe(400);
  });

  it("getUser() takes id, name and mail, and refuses without a role", async () => {
    for (const name of [ROOM_12, "room-12@school.example", "ROOM-12@SCHOOL.EXAMPLE"])
      expect((await graph.send("GET", `/users/${name}`)).json.id).toBe(ROOM_12);
    const denied = await graph.send("GET", `/users/${ROOM_12}`, { roles: ["Calendars.Read"] });
    expect([denied.status, denied.json.error.code]).toEqual([403, "Authorization_RequestDenied"]);
    expect((await graph.send("GET", "/me", { user: ROOM_12 })).json.id).toBe(ROOM_12);
    expect((await graph.send("GET", `/users/${ROOM_13}`, { user: ROOM_12 })).status).toBe(403);
  });

  it("assignLicense() gives a new user a mailbox", async () => {
    const body = {
      accountEnabled: true,
      displayName: "Room 14",
      mailNickname: "room-14",
      userPrincipalName: "room-14@school.example",
      passwordProfile: { password: "Xk3!aaaaaa" },
    };
    const made = await graph.send("POST", "/users", { body });
    expect(made.status).toBe(201);
    expect(made.text).not.toContain("Xk3!");
    const path = `/users/${made.json.id}`;
    expect((await graph.send("GET", `${path}/events`)).json.error.code).toBe("MailboxNotEnabledForRESTAPI");
    await graph.send("POST", `${path}/assignLicense`, {
      body: { addLicenses: [{ skuId: randomUUID() }], removeLicenses: [] },
    });
    expect((await graph.send("GET", `${path}/events`)).status).toBe(200);
  });
});

describe("delegated grants", () => {
  it("postGrant() stores scopes for all users", async () => {
    const graphPrincipal = [...graph.tenant.servicePrincipals.values()].find(
      ({ appId }) => appId === GRAPH_APP_ID,
    );
    const body = {
      clientId: CLIENT_OBJECT_ID,
      consentType: "AllPrincipals",
      principalId: null,
      resourceId: graphPrincipal?.id,
      scope: "User.Read",
    };
    const made = await graph.send("POST", "/oauth2PermissionGrants", { body });
    expect(made.status).toBe(201);
    await graph.send("PATCH", `/oauth2PermissionGrants/${made.json.id}`, {
      body: { scope: "User.Read Calendars.Read" },
    });
    expect(graph.tenant.oauth2PermissionGrants.get(made.json.id)?.scope).toBe("User.Read Calendars.Read");
  });
});

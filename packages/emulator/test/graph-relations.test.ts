/** Relations between directory objects as Terraform, PowerShell and the generated SDKs walk them. */
import { describe, expect, it } from "vitest";
import { CLIENT_OBJECT_ID, makeFixture, ROOM_12, ROOM_13, YEAR_7 } from "./graph-fixture.ts";

const ROOT = "https://graph.microsoft.com/v1.0";

describe("memberships", () => {
  it("go through groups in groups when asked for, for users, groups and service principals", async () => {
    const graph = makeFixture();
    const make = async (name: string, member: string): Promise<string> => {
      const made = await graph.send("POST", "/groups", {
        body: {
          displayName: name,
          mailNickname: name,
          groupTypes: [],
          mailEnabled: false,
          securityEnabled: true,
          "members@odata.bind": [`${ROOT}/directoryObjects/${member}`],
        },
      });
      expect(made.status, made.text).toBe(201);
      return made.json.id;
    };
    const outer = await make("outer", YEAR_7);
    const daemons = await make("daemons", CLIENT_OBJECT_ID);
    const ids = async (path: string): Promise<string[]> => {
      const { status, json, text } = await graph.send("GET", path);
      expect(status, text).toBe(200);
      return json.value.map((group: { id: string }) => group.id);
    };
    expect(await ids(`/users/${ROOM_12}/memberOf`)).toEqual([YEAR_7]);
    expect(await ids(`/users/${ROOM_12}/transitiveMemberOf/microsoft.graph.group`)).toEqual([YEAR_7, outer]);
    expect(await ids(`/groups/${YEAR_7}/memberOf`)).toEqual([outer]);
    expect(await ids(`/servicePrincipals/${CLIENT_OBJECT_ID}/memberOf`)).toEqual([daemons]);
    expect(await ids(`/servicePrincipals/${CLIENT_OBJECT_ID}/transitiveMemberOf`)).toEqual([daemons]);
    // What Terraform asks for after each group that it made.
    expect(await ids(`/groups/${YEAR_7}/memberOf/microsoft.graph.administrativeUnit`)).toEqual([]);
    expect((await graph.send("GET", "/groups/nobody/memberOf")).status).toBe(404);
    expect(
      (await graph.send("GET", `/groups/${YEAR_7}/memberOf`, { roles: ["Calendars.Read"] })).status,
    ).toBe(403);
  });

  it("tell of one member or owner without the whole list", async () => {
    const graph = makeFixture();
    const one = await graph.send("GET", `/groups/${YEAR_7}/members/${ROOM_12}/$ref`);
    expect(one.json["@odata.id"]).toContain(`/directoryObjects/${ROOM_12}/`);
    expect((await graph.send("GET", `/groups/${YEAR_7}/members/${ROOM_12}`)).json).toMatchObject({
      "@odata.type": "#microsoft.graph.user",
      id: ROOM_12,
    });
    expect((await graph.send("GET", `/groups/${YEAR_7}/members/${ROOM_13}/$ref`)).status).toBe(404);
    expect((await graph.send("GET", `/groups/${YEAR_7}/owners/${ROOM_12}/$ref`)).status).toBe(404);
  });
});

describe("owners", () => {
  it("named by a new application and its service principal are theirs, after the maker", async () => {
    const graph = makeFixture();
    const bind = [CLIENT_OBJECT_ID, ROOM_12].map((id) => `${ROOT}/directoryObjects/${id}`);
    const made = await graph.send("POST", "/applications", {
      body: { displayName: "Made", "owners@odata.bind": bind },
    });
    const principal = await graph.send("POST", "/servicePrincipals", {
      body: { appId: made.json.appId, "owners@odata.bind": bind },
    });
    for (const path of [`/applications/${made.json.id}`, `/servicePrincipals/${principal.json.id}`]) {
      const owners = await graph.send("GET", `${path}/owners?$select=id`);
      expect(owners.json.value.map(({ id }: { id: string }) => id)).toEqual([CLIENT_OBJECT_ID, ROOM_12]);
      const users = await graph.send("GET", `${path}/owners/microsoft.graph.user`);
      expect(users.json.value.map(({ id }: { id: string }) => id)).toEqual([ROOM_12]);
      expect((await graph.send("GET", `${path}/owners/${ROOM_12}/$ref`)).status).toBe(200);
      expect((await graph.send("GET", `${path}/owners/${ROOM_13}/$ref`)).status).toBe(404);
    }
    const tooMany = Array.from({ length: 21 }, () => bind[0]);
    for (const wrong of [{ "owners@odata.bind": tooMany }, { "owners@odata.bind": "x" }])
      expect(
        (await graph.send("POST", "/applications", { body: { displayName: "x", ...wrong } })).status,
      ).toBe(400);
  });

  it("an application's member of beta stays there", async () => {
    const graph = makeFixture();
    const { id } = (await graph.send("POST", "/applications", { body: { displayName: "Made" } })).json;
    const beta = `https://graph.microsoft.com/beta/applications/${id}`;
    const body = { oauth2RequirePostResponse: true };
    expect((await graph.send("PATCH", beta, { body })).status).toBe(204);
    expect((await graph.send("GET", beta)).json).toMatchObject(body);
    expect(Object.keys((await graph.send("GET", `/applications/${id}`)).json)).not.toContain(
      "oauth2RequirePostResponse",
    );
  });

  it("of a service principal that is refused leave nothing behind", async () => {
    const graph = makeFixture();
    const { json } = await graph.send("POST", "/applications", { body: { displayName: "Made" } });
    const wrong = await graph.send("POST", "/servicePrincipals", {
      body: { appId: json.appId, nonsense: 1 },
    });
    expect(wrong.status).toBe(400);
    expect((await graph.send("GET", `/servicePrincipals(appId='${json.appId}')`)).status).toBe(404);
  });
});

describe("references by @id", () => {
  it("remove members and owners as the generated SDKs do", async () => {
    const graph = makeFixture();
    const at = (id: string) => `$ref?@id=${encodeURIComponent(`${ROOT}/directoryObjects/${id}`)}`;
    const members = `/groups/${YEAR_7}/members`;
    expect((await graph.send("DELETE", `${members}/${at(ROOM_12)}`)).status).toBe(204);
    expect((await graph.send("GET", members)).json.value).toEqual([]);
    expect((await graph.send("DELETE", `${members}/${at(ROOM_12)}`)).status).toBe(404);
    expect((await graph.send("DELETE", `${members}/$ref`)).status).toBe(400);
    const made = await graph.send("POST", "/applications", { body: { displayName: "Made" } });
    const owners = `/applications/${made.json.id}/owners`;
    expect((await graph.send("DELETE", `${owners}/${at(CLIENT_OBJECT_ID)}`)).status).toBe(204);
    expect((await graph.send("GET", owners)).json.value).toEqual([]);
  });

  it("are asked for by the actions for objects of any kind too", async () => {
    const graph = makeFixture();
    const ask = async (action: string, body: unknown): Promise<unknown> =>
      (await graph.send("POST", `/users/${ROOM_12}/${action}`, { body })).json.value;
    expect(await ask("getMemberObjects", { securityEnabledOnly: false })).toEqual([YEAR_7]);
    expect(await ask("checkMemberObjects", { ids: [YEAR_7, ROOM_13] })).toEqual([YEAR_7]);
    expect(await ask("checkMemberGroups", { groupIds: [YEAR_7] })).toEqual([YEAR_7]);
  });
});

describe("filters", () => {
  it("count collections, and never look inside texts", async () => {
    const graph = makeFixture();
    const filter = async (text: string) =>
      graph.send("GET", `/users?$count=true&$select=id&$filter=${encodeURIComponent(text)}`, {
        headers: { consistencylevel: "eventual" },
      });
    expect((await filter("assignedLicenses/$count eq 0")).json.value).toHaveLength(2);
    expect((await filter("assignedLicenses/$count ne 0")).json.value).toEqual([]);
    const inside = await filter("startswith(displayName,'R') or contains(displayName,'oom')");
    expect([inside.status, inside.json.error.code]).toEqual([400, "Request_UnsupportedQuery"]);
  });
});

describe("managers", () => {
  it("are set, read, listed and removed", async () => {
    const graph = makeFixture();
    const path = `/users/${ROOM_12}/manager`;
    expect((await graph.send("GET", path)).json.error.code).toBe("Request_ResourceNotFound");
    const body = { "@odata.id": `${ROOT}/users/${ROOM_13}` };
    expect((await graph.send("PUT", `${path}/$ref`, { body })).status).toBe(204);
    expect((await graph.send("GET", path)).json).toMatchObject({
      "@odata.type": "#microsoft.graph.user",
      id: ROOM_13,
    });
    expect((await graph.send("GET", `/users/${ROOM_13}/directReports`)).json.value).toMatchObject([
      { id: ROOM_12 },
    ]);
    const expanded = await graph.send(
      "GET",
      `/users/${ROOM_12}?$select=id&$expand=manager($select=displayName)`,
    );
    expect(expanded.json.manager).toEqual({ "@odata.type": "#microsoft.graph.user", displayName: "Room 13" });
    expect((await graph.send("DELETE", `${path}/$ref`)).status).toBe(204);
    expect((await graph.send("GET", `${path}/$ref`)).status).toBe(404);
  });
});

describe("single things", () => {
  it("a domain is read by its name", async () => {
    const graph = makeFixture();
    expect((await graph.send("GET", "/domains/School.Example")).json).toMatchObject({
      id: "school.example",
      isDefault: true,
    });
    expect((await graph.send("GET", "/domains/elsewhere.example")).json.error.code).toBe(
      "Request_ResourceNotFound",
    );
  });

  it("a second delegated grant for the same pair is 409", async () => {
    const graph = makeFixture();
    const found = await graph.send(
      "GET",
      "/servicePrincipals(appId='00000003-0000-0000-c000-000000000000')?$select=id",
    );
    const body = {
      clientId: CLIENT_OBJECT_ID,
      consentType: "AllPrincipals",
      resourceId: found.json.id,
      scope: "User.Read",
    };
    expect((await graph.send("POST", "/oauth2PermissionGrants", { body })).status).toBe(201);
    const again = await graph.send("POST", "/oauth2PermissionGrants", { body });
    expect([again.status, again.json.error.code]).toEqual([409, "Request_MultipleObjectsWithSameKeyValue"]);
    expect(
      (await graph.send("GET", `/servicePrincipals/${CLIENT_OBJECT_ID}/oauth2PermissionGrants`)).json.value,
    ).toMatchObject([{ consentType: "AllPrincipals", scope: "User.Read" }]);
    expect((await graph.send("GET", `/users/${ROOM_12}/oauth2PermissionGrants`)).json.value).toEqual([]);
    const forOne = { ...body, consentType: "Principal", principalId: ROOM_12 };
    expect((await graph.send("POST", "/oauth2PermissionGrants", { body: forOne })).status).toBe(201);
  });

  it("a list of deleted applications tells when they went", async () => {
    const graph = makeFixture();
    const { json } = await graph.send("POST", "/applications", { body: { displayName: "Gone" } });
    await graph.send("DELETE", `/applications/${json.id}`);
    const list = await graph.send("GET", "/directory/deletedItems/microsoft.graph.application");
    expect(list.json.value).toMatchObject([{ id: json.id, deletedDateTime: "2026-01-05T08:00:00Z" }]);
  });

  it("a deleted user comes back within 30 days with mailbox and memberships", async () => {
    const graph = makeFixture();
    const groupId = [...graph.tenant.groups.keys()][0] ?? "";
    graph.tenant.groups.get(groupId)?.members.push(ROOM_12);
    const event = {
      subject: "Lesson",
      start: { dateTime: "2026-01-12T09:00:00", timeZone: "UTC" },
      end: { dateTime: "2026-01-12T10:00:00", timeZone: "UTC" },
    };
    const made = await graph.send("POST", `/users/${ROOM_12}/events`, { body: event });
    const { "@odata.deltaLink": link } = (await graph.send("GET", "/users/delta")).json;
    expect((await graph.send("DELETE", `/users/${ROOM_12}`)).status).toBe(204);
    expect((await graph.send("GET", `/users/${ROOM_12}`)).status).toBe(404);
    expect((await graph.send("GET", link)).json.value).toEqual([
      { id: ROOM_12, "@removed": { reason: "changed" } },
    ]);
    const name = `${ROOM_12.replaceAll("-", "")}room-12@school.example`;
    const list = await graph.send("GET", "/directory/deletedItems/microsoft.graph.user");
    expect(list.json.value).toMatchObject([
      { id: ROOM_12, userPrincipalName: name, deletedDateTime: "2026-01-05T08:00:00Z" },
    ]);
    const path = `/directory/deletedItems/${ROOM_12}`;
    expect((await graph.send("GET", path)).json["@odata.type"]).toBe("#microsoft.graph.user");
    const refused = await graph.send("POST", `${path}/restore`, { roles: ["User.Read.All"] });
    expect([refused.status, refused.json.error.code]).toEqual([403, "Authorization_RequestDenied"]);
    const back = await graph.send("POST", `${path}/restore`);
    expect([back.status, back.json.userPrincipalName]).toEqual([200, "room-12@school.example"]);
    expect((await graph.send("GET", `/users/${ROOM_12}/events/${made.json.id}`)).json.subject).toBe("Lesson");
    expect(graph.tenant.groups.get(groupId)?.members).toContain(ROOM_12);
    expect((await graph.send("GET", path)).status).toBe(404);
  });

  it("a deleted user whose name is taken stays deleted, and is gone after 30 days or for good", async () => {
    const graph = makeFixture();
    const path = `/directory/deletedItems/${ROOM_12}`;
    await graph.send("DELETE", `/users/${ROOM_12}`);
    const namesake = {
      accountEnabled: true,
      displayName: "Room 12",
      mailNickname: "room-12",
      userPrincipalName: "room-12@school.example",
      passwordProfile: { password: "Correct-Horse-7" },
    };
    expect((await graph.send("POST", "/users", { body: namesake })).status).toBe(201);
    expect((await graph.send("POST", `${path}/restore`)).status).toBe(400);
    graph.context.clock.advance(31 * 86_400_000);
    expect((await graph.send("POST", `${path}/restore`)).status).toBe(404);
    await graph.send("DELETE", `/users/${ROOM_13}`);
    const other = `/directory/deletedItems/${ROOM_13}`;
    expect((await graph.send("DELETE", other)).status).toBe(204);
    expect((await graph.send("POST", `${other}/restore`)).status).toBe(404);
  });

  it("a change of a user may say of the password only when to ask for a new one", async () => {
    const graph = makeFixture();
    const change = async (passwordProfile: unknown): Promise<number> =>
      (await graph.send("PATCH", `/users/${ROOM_12}`, { body: { passwordProfile } })).status;
    expect(await change({ forceChangePasswordNextSignIn: false })).toBe(204);
    expect(await change(null)).toBe(204);
    expect(await change({ password: 7 })).toBe(400);
    expect(await change("secret")).toBe(400);
  });
});

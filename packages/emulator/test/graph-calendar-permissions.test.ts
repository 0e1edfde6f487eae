/** With whom calendars are shared, compared with the documentation's examples. */
import { describe, expect, it } from "vitest";
import { makeFixture, ROOM_12, ROOM_13 } from "./graph-fixture.ts";

const PATH = `/users/${ROOM_12}/calendar/calendarPermissions`;
const ORGANIZATION = {
  id: "RGVmYXVsdA==",
  isRemovable: false,
  isInsideOrganization: true,
  role: "freeBusyRead",
  allowedRoles: ["none", "freeBusyRead", "limitedRead", "read", "write"],
  emailAddress: { name: "My Organization" },
};
const outsider = {
  emailAddress: { name: "A visitor", address: "visitor@elsewhere.example" },
  isInsideOrganization: false,
  isRemovable: true,
  role: "read",
};
const insider = { emailAddress: { name: "Room 13", address: "room-13@school.example" }, role: "write" };

describe("calendarPermissionRoutes", () => {
  it("show every calendar to the organisation while nothing was changed", async () => {
    const graph = makeFixture();
    const { json } = await graph.send("GET", PATH);
    expect(json["@odata.context"]).toBe(
      `https://graph.microsoft.com/v1.0/$metadata#users('${ROOM_12}')/calendar/calendarPermissions`,
    );
    expect(json.value).toEqual([ORGANIZATION]);
    const named = await graph.send("GET", `${PATH}/RGVmYXVsdA%3D%3D`);
    expect(named.json).toMatchObject(ORGANIZATION);
  });

  it("make entries for people inside and outside, with the roles that each may have", async () => {
    const graph = makeFixture();
    const made = await graph.send("POST", PATH, { body: outsider });
    expect(made.status, made.text).toBe(200);
    expect(made.json).toMatchObject({
      id: Buffer.from("ExchangePublishedUser.visitor@elsewhere.example").toString("base64"),
      isRemovable: true,
      isInsideOrganization: false,
      role: "read",
      allowedRoles: ["freeBusyRead", "limitedRead", "read"],
      emailAddress: outsider.emailAddress,
    });
    const inside = await graph.send("POST", PATH, { body: insider });
    expect(inside.json).toMatchObject({ isInsideOrganization: true, role: "write" });
    expect(inside.json.allowedRoles).toContain("delegateWithPrivateEventAccess");
    const list = await graph.send("GET", `${PATH}?$select=role,emailAddress`);
    expect(list.json.value.map(({ role }: { role: string }) => role)).toEqual([
      "write",
      "read",
      "freeBusyRead",
    ]);
    for (const wrong of [
      insider,
      { ...outsider, role: "write" },
      { role: "read" },
      { emailAddress: { address: "other@elsewhere.example" } },
      { ...outsider, nonsense: 1 },
    ])
      expect((await graph.send("POST", PATH, { body: wrong })).status, JSON.stringify(wrong)).toBe(400);
  });

  it("change the role and nothing else, and keep the organisation's entry", async () => {
    const graph = makeFixture();
    const { id } = (await graph.send("POST", PATH, { body: insider })).json;
    const one = `${PATH}/${encodeURIComponent(id)}`;
    const changed = await graph.send("PATCH", one, { body: { role: "delegateWithPrivateEventAccess" } });
    expect([changed.status, changed.json.role]).toEqual([200, "delegateWithPrivateEventAccess"]);
    expect((await graph.send("GET", one)).json.role).toBe("delegateWithPrivateEventAccess");
    for (const wrong of [{ role: "owner" }, { isRemovable: false }, { allowedRoles: [] }])
      expect((await graph.send("PATCH", one, { body: wrong })).status, JSON.stringify(wrong)).toBe(400);
    expect((await graph.send("PATCH", `${PATH}/RGVmYXVsdA==`, { body: { role: "none" } })).json.role).toBe(
      "none",
    );
    expect((await graph.send("DELETE", `${PATH}/RGVmYXVsdA==`)).status).toBe(400);
    expect((await graph.send("DELETE", one)).status).toBe(204);
    expect((await graph.send("GET", one)).json.error.code).toBe("ErrorItemNotFound");
    expect((await graph.send("GET", PATH)).json.value).toEqual([{ ...ORGANIZATION, role: "none" }]);
  });

  it("can be foretold for a recipient", async () => {
    const graph = makeFixture();
    const roles = async (address: string): Promise<string[]> => {
      const path = `/users/${ROOM_12}/calendar/allowedCalendarSharingRoles(User='${address}')`;
      return (await graph.send("GET", path)).json.value;
    };
    expect(await roles("visitor@elsewhere.example")).toEqual(["freeBusyRead", "limitedRead", "read"]);
    expect(await roles("room-13@school.example")).toContain("delegateWithoutPrivateEventAccess");
  });

  it("belong to one calendar, also by way of an event that lies in it", async () => {
    const graph = makeFixture();
    const calendar = await graph.send("POST", `/users/${ROOM_12}/calendars`, { body: { name: "Plan" } });
    const shares = `/users/${ROOM_12}/calendars/${calendar.json.id}/calendarPermissions`;
    const made = await graph.send("POST", shares, { body: insider });
    expect(made.json.allowedRoles).toEqual(["freeBusyRead", "limitedRead", "read", "write"]);
    const time = { dateTime: "2026-01-12T09:00:00", timeZone: "UTC" };
    const event = await graph.send("POST", `/users/${ROOM_12}/calendars/${calendar.json.id}/events`, {
      body: { subject: "Lesson", start: time, end: time },
    });
    const byEvent = await graph.send(
      "GET",
      `/users/${ROOM_12}/events/${event.json.id}/calendar/calendarPermissions`,
    );
    expect(byEvent.json.value).toHaveLength(2);
    expect((await graph.send("GET", PATH)).json.value).toHaveLength(1);
  });

  it("are for the owner and for applications with the documented permissions", async () => {
    const graph = makeFixture();
    const as = async (method: string, path: string, options: object, body?: unknown): Promise<number> =>
      (await graph.send(method, path, { ...options, ...(body === undefined ? {} : { body }) })).status;
    expect(await as("GET", PATH, { roles: ["Calendars.ReadBasic.All"] })).toBe(200);
    expect(await as("POST", PATH, { roles: ["Calendars.ReadBasic.All"] }, outsider)).toBe(403);
    expect(await as("POST", PATH, { roles: ["Calendars.Read"] }, outsider)).toBe(200);
    expect(await as("PATCH", `${PATH}/RGVmYXVsdA==`, { roles: ["Calendars.Read"] }, { role: "read" })).toBe(
      403,
    );
    const other = { user: ROOM_13, scp: "Calendars.ReadWrite Calendars.ReadWrite.Shared" };
    expect((await graph.send("GET", PATH, other)).json.value).toEqual([]);
    expect(await as("PATCH", `${PATH}/RGVmYXVsdA==`, other, { role: "read" })).toBe(403);
    const own = { user: ROOM_12, scp: "Calendars.ReadWrite" };
    expect(await as("PATCH", "/me/calendar/calendarPermissions/RGVmYXVsdA==", own, { role: "read" })).toBe(
      200,
    );
  });
});

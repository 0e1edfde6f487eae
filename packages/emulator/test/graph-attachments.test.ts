/** Files of events, reminders and rooms. */
import { beforeEach, describe, expect, it } from "vitest";
import { type GraphFixture, makeFixture, makeUser, ROOM_12, ROOM_13 } from "./graph-fixture.ts";

const EVENTS = `/users/${ROOM_12}/events`;
const HALL = "b0000000-0000-4000-8000-000000000099";
let graph: GraphFixture;
let event: string;

const lesson = {
  subject: "Lesson",
  start: { dateTime: "2026-01-12T09:00:00", timeZone: "UTC" },
  end: { dateTime: "2026-01-12T10:00:00", timeZone: "UTC" },
};
const file = (change: object = {}) => ({
  "@odata.type": "#microsoft.graph.fileAttachment",
  name: "plan.txt",
  contentType: "text/plain",
  contentBytes: Buffer.from("Bring rulers").toString("base64"),
  ...change,
});

beforeEach(async () => {
  graph = makeFixture();
  graph.tenant.users.set(HALL, {
    ...makeUser(HALL, "hall", "Hall"),
    place: { capacity: 400, building: "Main building" },
  });
  event = `${EVENTS}/${(await graph.send("POST", EVENTS, { body: lesson })).json.id}`;
});

describe("attachments", () => {
  it("are added, listed, read as bytes and removed, and the event says whether it has any", async () => {
    const made = await graph.send("POST", `${event}/attachments`, { body: file() });
    expect([made.status, made.json]).toMatchObject([
      201,
      { "@odata.type": "#microsoft.graph.fileAttachment", name: "plan.txt", size: 12, isInline: false },
    ]);
    expect((await graph.send("GET", event)).json.hasAttachments).toBe(true);
    const listed = await graph.send("GET", `${event}/attachments?$select=name,size`);
    expect(listed.json.value).toEqual([
      {
        "@odata.type": "#microsoft.graph.fileAttachment",
        "@odata.mediaContentType": "text/plain",
        id: made.json.id,
        name: "plan.txt",
        size: 12,
      },
    ]);
    const one = `${event}/attachments/${made.json.id}`;
    expect((await graph.send("GET", one)).json.contentBytes).toBe(file().contentBytes);
    const value = await graph.send("GET", `${one}/$value`);
    expect([value.text, value.headers["Content-Type"]]).toEqual(["Bring rulers", "text/plain"]);
    const expanded = await graph.send("GET", `${event}?$expand=attachments($select=name)`);
    expect(expanded.json.attachments).toMatchObject([{ name: "plan.txt" }]);
    expect(expanded.json.attachments[0].contentBytes).toBeUndefined();
    expect((await graph.send("DELETE", one)).status).toBe(204);
    expect((await graph.send("GET", one)).status).toBe(404);
    expect((await graph.send("GET", event)).json.hasAttachments).toBe(false);
  });

  it("come with a new event, and reach those who are invited", async () => {
    const made = await graph.send("POST", EVENTS, {
      body: {
        ...lesson,
        attachments: [file()],
        attendees: [{ emailAddress: { address: "room-13@school.example" } }],
      },
    });
    expect([made.status, made.json.hasAttachments]).toEqual([201, true]);
    const theirs = await graph.send("GET", `/users/${ROOM_13}/events?$expand=attachments`);
    expect(theirs.json.value[0].attachments).toMatchObject([{ name: "plan.txt" }]);
  });

  it("do not count while they only stand in the body", async () => {
    await graph.send("POST", `${event}/attachments`, { body: file({ isInline: true, contentId: "logo" }) });
    expect((await graph.send("GET", event)).json.hasAttachments).toBe(false);
  });

  it.each([
    ["another type", file({ "@odata.type": "#microsoft.graph.itemAttachment" }), 400],
    ["no type", file({ "@odata.type": undefined }), 400],
    ["no name", file({ name: "" }), 400],
    ["no base64", file({ contentBytes: "?" }), 400],
    ["too many bytes", file({ contentBytes: Buffer.alloc(3 * 1024 * 1024 + 1).toString("base64") }), 413],
  ])("are refused with %s", async (_what, body, status) => {
    expect((await graph.send("POST", `${event}/attachments`, { body })).status).toBe(status);
  });

  it("are closed to those who may only see the outlines of events", async () => {
    const basic = { roles: ["Calendars.ReadBasic.All"] };
    expect((await graph.send("GET", `${event}/attachments`, basic)).status).toBe(403);
    await graph.send("POST", `${event}/attachments`, { body: file() });
    expect((await graph.send("GET", `${event}?$expand=attachments`, basic)).json.attachments).toBeUndefined();
  });
});

describe("reminders", () => {
  const view = async () =>
    (
      await graph.send(
        "GET",
        `/users/${ROOM_12}/reminderView(startDateTime='2026-01-12T00:00:00',endDateTime='2026-01-13T00:00:00')`,
      )
    ).json.value;

  it("listReminders() gives those of the window with the time at which they fire", async () => {
    await graph.send("POST", EVENTS, { body: { ...lesson, isReminderOn: false } });
    expect(await view()).toMatchObject([
      {
        eventSubject: "Lesson",
        eventStartTime: { dateTime: "2026-01-12T09:00:00.0000000", timeZone: "UTC" },
        reminderFireTime: { dateTime: "2026-01-12T08:45:00.0000000", timeZone: "UTC" },
      },
    ]);
  });

  it("snoozeReminder() moves one, dismissReminder() takes it away", async () => {
    const body = { NewReminderTime: { dateTime: "2026-01-12T08:55:00", timeZone: "UTC" } };
    expect((await graph.send("POST", `${event}/snoozeReminder`, { body })).status).toBe(200);
    expect(await view()).toMatchObject([{ reminderFireTime: { dateTime: "2026-01-12T08:55:00.0000000" } }]);
    expect((await graph.send("POST", `${event}/snoozeReminder`, { body: {} })).status).toBe(400);
    expect((await graph.send("POST", `${event}/dismissReminder`)).status).toBe(200);
    expect(await view()).toEqual([]);
    expect((await graph.send("GET", event)).json.isReminderOn).toBe(true);
  });
});

describe("places", () => {
  it("listRooms() gives the mailboxes that the seed describes as rooms", async () => {
    const rooms = await graph.send("GET", "/places/microsoft.graph.room?$count=true");
    expect([rooms.json["@odata.count"], rooms.json.value]).toMatchObject([
      1,
      [{ id: HALL, emailAddress: "hall@school.example", displayName: "Hall", capacity: 400 }],
    ]);
    const filtered = await graph.send("GET", "/places/microsoft.graph.room?$filter=capacity ge 500");
    expect(filtered.json.value).toEqual([]);
    expect((await graph.send("GET", "/places/microsoft.graph.roomlist")).json.value).toEqual([]);
    expect((await graph.send("GET", "/places/microsoft.graph.room", { roles: [] })).status).toBe(403);
  });

  it("getPlace() and patchPlace() work by id and by address", async () => {
    const one = await graph.send("GET", "/places/hall@school.example");
    expect(one.json).toMatchObject({ "@odata.type": "#microsoft.graph.room", id: HALL });
    const roles = ["Place.ReadWrite.All"];
    const changed = await graph.send("PATCH", `/places/${HALL}`, { roles, body: { capacity: 350 } });
    expect(changed.json).toMatchObject({ capacity: 350, building: "Main building" });
    expect((await graph.send("PATCH", `/places/${HALL}`, { roles, body: { seats: 1 } })).status).toBe(400);
    expect((await graph.send("GET", `/places/${ROOM_12}`)).status).toBe(404);
  });

  it("a group of nothing but rooms is a room list, with its rooms below", async () => {
    const roles = ["Place.Read.All", "Group.ReadWrite.All", "User.ReadBasic.All"];
    const made = await graph.send("POST", "/groups", {
      roles,
      body: {
        displayName: "Science block",
        mailNickname: "science",
        mailEnabled: false,
        securityEnabled: true,
        "members@odata.bind": [`https://graph.microsoft.com/v1.0/users/${HALL}`],
      },
    });
    const group = graph.tenant.groups.get(made.json.id);
    if (group !== undefined) group.mail = "science@school.example";
    const listed = await graph.send("GET", "/places/microsoft.graph.roomList");
    expect(listed.json.value).toMatchObject([{ id: made.json.id, emailAddress: "science@school.example" }]);
    const one = await graph.send("GET", "/places/science@school.example");
    expect(one.json["@odata.type"]).toBe("#microsoft.graph.roomList");
    const rooms = "/places/science@school.example/microsoft.graph.roomList/rooms";
    expect((await graph.send("GET", rooms)).json.value).toMatchObject([{ id: HALL }]);
    expect((await graph.send("GET", rooms.replace("science", "hall"))).status).toBe(404);
    const beta = `https://graph.microsoft.com/beta/users/${ROOM_12}`;
    expect((await graph.send("GET", `${beta}/findRoomLists`)).json.value).toHaveLength(1);
    const found = async (list: string) =>
      (await graph.send("GET", `${beta}/findRooms(RoomList='${list}@school.example')`)).json.value;
    expect(await found("science")).toEqual([{ name: "Hall", address: "hall@school.example" }]);
    expect(await found("hall")).toBeUndefined();
  });

  it("findRooms() is there in beta only", async () => {
    const beta = `https://graph.microsoft.com/beta/users/${ROOM_12}/findRooms`;
    expect((await graph.send("GET", beta)).json.value).toEqual([
      { name: "Hall", address: "hall@school.example" },
    ]);
    expect((await graph.send("GET", `/users/${ROOM_12}/findRooms`)).status).toBe(404);
  });
});

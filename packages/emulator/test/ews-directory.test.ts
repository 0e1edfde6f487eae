import { expect, it } from "vitest";
import { all, type EwsFixture, makeEwsFixture, textOf } from "./ews-fixture.ts";
import { judgeEveryBody } from "./ews-judge.ts";
import { ROOM_12, ROOM_13 } from "./graph-fixture.ts";

judgeEveryBody({ atLeast: 4 });

function withRoomList(): EwsFixture {
  const ews = makeEwsFixture();
  for (const id of [ROOM_12, ROOM_13]) {
    const user = ews.tenant.users.get(id);
    if (user !== undefined) user.place = { capacity: 30 };
  }
  const group = {
    mailNickname: "x",
    groupTypes: [] as string[],
    owners: [],
    createdAtMs: 0,
    deletedAtMs: undefined,
    properties: {},
  };
  const rooms = { ...group, id: "g1", displayName: "Science block", mail: "science@school.example" };
  ews.tenant.groups.set("g1", { ...rooms, members: [ROOM_13, ROOM_12] });
  ews.tenant.groups.set("g2", { ...rooms, id: "g2", mail: "empty@school.example", members: [] });
  return ews;
}

const rooms = (address: string): string =>
  `<m:GetRooms><m:RoomList><t:EmailAddress>${address}</t:EmailAddress></m:RoomList></m:GetRooms>`;

it("GetRoomLists and GetRooms() give groups that hold nothing but rooms, and their rooms", async () => {
  const ews = withRoomList();
  const lists = await ews.send("<m:GetRoomLists/>");
  expect([lists.codes, lists.body.attributes.get("ResponseClass")]).toEqual([["NoError"], "Success"]);
  expect(all(lists.body, "EmailAddress").map(({ text }) => text)).toEqual(["science@school.example"]);
  const given = await ews.send(rooms("Science@School.example"));
  expect(all(given.body, "Id").map((id) => textOf(id, "Name"))).toEqual(["Room 12", "Room 13"]);
});

it("GetRooms() refuses what is no room list, and both are younger than Exchange 2007", async () => {
  const ews = withRoomList();
  const refused = await ews.send(rooms("room-12@school.example"));
  expect([refused.status, refused.codes]).toEqual([200, ["ErrorNameResolutionNoResults"]]);
  expect(refused.body.attributes.get("ResponseClass")).toBe("Error");
  const old = await ews.send("<m:GetRoomLists/>", { version: "Exchange2007_SP1" });
  expect(old.codes).toEqual(["ErrorIncorrectSchemaVersion"]);
});

it("GetRoomLists() gives an empty list where no group holds rooms", async () => {
  const answer = await makeEwsFixture().send("<m:GetRoomLists/>");
  expect([answer.codes, all(answer.body, "RoomLists").length]).toEqual([["NoError"], 1]);
});

it("ExpandDL() gives the members of a group, a group among them as a group", async () => {
  const ews = withRoomList();
  const expand = (address: string): string =>
    `<m:ExpandDL><m:Mailbox><t:EmailAddress>${address}</t:EmailAddress></m:Mailbox></m:ExpandDL>`;
  const group = ews.tenant.groups.get("g2");
  if (group !== undefined) group.members = ["g1", ROOM_12, "gone"];
  const answer = await ews.send(expand("SMTP:empty@school.example"));
  expect(answer.codes).toEqual(["NoError"]);
  expect(all(answer.body, "Mailbox").map((box) => [textOf(box, "Name"), textOf(box, "MailboxType")])).toEqual(
    [
      ["Science block", "PublicDL"],
      ["Room 12", "Mailbox"],
    ],
  );
  expect(all(answer.body, "DLExpansion")[0]?.attributes.get("TotalItemsInView")).toBe("2");
  expect((await ews.send(expand("room-12@school.example"))).codes).toEqual(["ErrorNameResolutionNoResults"]);
});

/**
 * Places: the rooms of the tenant and their lists. A room is a mailbox that the seed gives a `place`.
 *
 * @see https://learn.microsoft.com/graph/api/place-list
 */
import type { Group, User } from "../../directory/directory.ts";
import { listRoomLists, listRooms as roomsOfList } from "../../directory/room-lists.ts";
import { type GraphCall, type GraphReply, param, readJsonBody } from "../call.ts";
import { findUser } from "../directory-lookup.ts";
import { GraphFault } from "../errors.ts";
import { unknownProperty } from "../events/event-faults.ts";
import { resolveOwner } from "../mailbox-owner.ts";
import { mailboxRoutes } from "../mailbox-paths.ts";
import { notFound } from "../not-found.ts";
import { PLAIN_STYLE, replyCollection, replyEntity } from "../odata/collection.ts";
import type { EntityType, RenderProperty } from "../odata/entity.ts";
import { PERMISSIONS } from "../permissions.ts";
import type { Route } from "../router.ts";

/** Members of a room that an administrator describes, with what they are when nobody did. */
const DESCRIBED: Readonly<Record<string, unknown>> = {
  address: null,
  geoCoordinates: null,
  phone: "",
  nickname: null,
  label: null,
  capacity: null,
  building: null,
  floorNumber: null,
  floorLabel: null,
  isWheelChairAccessible: false,
  bookingType: "standard",
  tags: [],
  audioDeviceName: null,
  videoDeviceName: null,
  displayDeviceName: null,
};

const ROOM_TYPE: EntityType<User> = {
  name: "microsoft.graph.room",
  annotations: {},
  always: ["id"],
  onRequest: new Set(),
  expansions: {},
  properties: {
    id: ({ id }) => id,
    emailAddress: ({ mail, userPrincipalName }) => mail ?? userPrincipalName,
    displayName: ({ displayName }) => displayName,
    ...Object.fromEntries(
      Object.entries(DESCRIBED).map(([name, value]): [string, RenderProperty<User>] => [
        name,
        ({ displayName, place }) => place?.[name] ?? (name === "nickname" ? displayName : value),
      ]),
    ),
  },
};

const ROOM_LIST_TYPE: EntityType<Group> = {
  name: "microsoft.graph.roomList",
  annotations: {},
  always: ["id"],
  onRequest: new Set(),
  expansions: {},
  properties: {
    id: ({ id }) => id,
    emailAddress: addressOf,
    displayName: ({ displayName }) => displayName,
    address: () => null,
    geoCoordinates: () => null,
    phone: () => "",
  },
};

/** What the older functions of Outlook give: name and address. */
const ADDRESS_TYPE: EntityType<User | Group> = {
  name: "microsoft.graph.emailAddress",
  always: [],
  onRequest: new Set(),
  expansions: {},
  properties: { name: ({ displayName }) => displayName, address: addressOf },
};

const READ = PERMISSIONS.placeRead;
const FIND = PERMISSIONS.findRooms;

/** Rows of the route table. */
export const placeRoutes: readonly Route[] = [
  { method: "GET", path: "/places/room", permission: READ, handle: listRooms },
  { method: "GET", path: "/places/room/$count", permission: READ, handle: countRooms },
  { method: "GET", path: "/places/roomlist", permission: READ, handle: listLists },
  { method: "GET", path: "/places/roomlist/$count", permission: READ, handle: countLists },
  { method: "GET", path: "/places/{place}", permission: READ, handle: getPlace },
  { method: "GET", path: "/places/{place}/roomlist/rooms", permission: READ, handle: listRoomsOfList },
  { method: "PATCH", path: "/places/{place}", permission: PERMISSIONS.placeWrite, handle: patchPlace },
  ...mailboxRoutes("GET", "/findRooms", FIND, findRooms),
  ...mailboxRoutes("GET", "/findRooms/{list}", FIND, findRooms),
  ...mailboxRoutes("GET", "/findRoomLists", FIND, findRoomLists),
];

function roomsOf(call: GraphCall): User[] {
  return [...call.tenant.users.values()].filter(({ place }) => place !== undefined);
}

function listRooms(call: GraphCall): GraphReply {
  return replyCollection(ROOM_TYPE, roomsOf(call), call, {
    style: PLAIN_STYLE,
    context: "places/microsoft.graph.room",
  });
}

function countRooms(call: GraphCall): GraphReply {
  return { status: 200, body: roomsOf(call).length, headers: { "Content-Type": "text/plain" } };
}

function listLists(call: GraphCall): GraphReply {
  return replyCollection(ROOM_LIST_TYPE, listRoomLists(call.tenant), call, {
    style: PLAIN_STYLE,
    context: "places/microsoft.graph.roomList",
  });
}

function countLists(call: GraphCall): GraphReply {
  const headers = { "Content-Type": "text/plain" };
  return { status: 200, body: listRoomLists(call.tenant).length, headers };
}

function listRoomsOfList(call: GraphCall): GraphReply {
  const name = param(call, "place");
  const list = findRoomList(call, name);
  if (list === undefined) throw notFound(name);
  return replyCollection(ROOM_TYPE, roomsOfList(call.tenant, list), call, {
    style: PLAIN_STYLE,
    context: `places('${name}')/microsoft.graph.roomList/rooms`,
  });
}

/** By id or mail address. */
function findRoomList(call: GraphCall, name: string): Group | undefined {
  const wanted = name.toLowerCase();
  return listRoomLists(call.tenant).find(({ id, mail }) => id === wanted || mail?.toLowerCase() === wanted);
}

function addressOf(place: User | Group): string {
  return place.mail ?? ("userPrincipalName" in place ? place.userPrincipalName : "");
}

function requireRoom(call: GraphCall): User {
  const name = param(call, "place");
  const user = findUser(call.tenant, name);
  if (user?.place === undefined) throw notFound(name);
  return user;
}

function getPlace(call: GraphCall): GraphReply {
  const list = findRoomList(call, param(call, "place"));
  if (list !== undefined)
    return typed(replyEntity(ROOM_LIST_TYPE, list, call, { context: "places" }), "roomList");
  return replyPlace(call, requireRoom(call));
}

function patchPlace(call: GraphCall): GraphReply {
  const room = requireRoom(call);
  const changes = Object.entries(readJsonBody(call)).filter(([name]) => !name.includes("@"));
  for (const [name] of changes)
    if (!Object.hasOwn(DESCRIBED, name)) throw unknownProperty(name, "microsoft.graph.room");
  room.place = { ...room.place, ...Object.fromEntries(changes) };
  return replyPlace(call, room);
}

function replyPlace(call: GraphCall, room: User): GraphReply {
  return typed(replyEntity(ROOM_TYPE, room, call, { context: "places" }), "room");
}

/** A place that was asked for by its id says what it is. */
function typed(reply: GraphReply, type: string): GraphReply {
  const { "@odata.context": context, ...members } = reply.body as Record<string, unknown>;
  return {
    ...reply,
    body: { "@odata.context": context, "@odata.type": `#microsoft.graph.${type}`, ...members },
  };
}

/** Functions of beta only. */
function requireBeta(call: GraphCall, name: string): void {
  if (call.version !== "beta")
    throw new GraphFault("ResourceNotFound", `Resource not found for the segment '${name}'.`);
}

function findRooms(call: GraphCall): GraphReply {
  requireBeta(call, "findRooms");
  resolveOwner(call);
  return replyCollection(ADDRESS_TYPE, wantedRooms(call), call, {
    style: PLAIN_STYLE,
    context: "Collection(microsoft.graph.emailAddress)",
  });
}

/** All rooms, or those of the list in `findRooms(RoomList='address')`. */
function wantedRooms(call: GraphCall): User[] {
  const { list: argument } = call.params;
  if (argument === undefined) return roomsOf(call);
  const name = /^RoomList=\s*'(.*)'$/is.exec(argument)?.[1];
  if (name === undefined) throw new GraphFault("ErrorInvalidRequest", "The parameter RoomList is missing.");
  const list = findRoomList(call, name.replaceAll("''", "'"));
  if (list === undefined) throw notFound(name);
  return roomsOfList(call.tenant, list);
}

function findRoomLists(call: GraphCall): GraphReply {
  requireBeta(call, "findRoomLists");
  resolveOwner(call);
  return replyCollection(ADDRESS_TYPE, listRoomLists(call.tenant), call, {
    style: PLAIN_STYLE,
    context: "Collection(microsoft.graph.emailAddress)",
  });
}

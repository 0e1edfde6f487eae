/**
 * Rooms and the lists of rooms. The directory keeps no such lists; a group that has a mail address, is no Microsoft 365
 * group and holds nothing but rooms is taken for one.
 */
import type { Group, Tenant, User } from "./directory.ts";

/**
 * Lists the room lists of a tenant.
 *
 * @param tenant - where to look
 * @returns groups, ordered by name
 */
export function listRoomLists(tenant: Tenant): Group[] {
  return [...tenant.groups.values()]
    .filter((group) => isRoomList(tenant, group))
    .sort((left, right) => (left.displayName < right.displayName ? -1 : 1));
}

/**
 * Lists the rooms of a list.
 *
 * @param tenant - of the list
 * @param list - the group
 * @returns rooms, ordered by name
 */
export function listRooms({ users }: Tenant, { members }: Group): User[] {
  return members
    .map((id) => users.get(id))
    .filter((user) => user !== undefined)
    .sort((left, right) => (left.displayName < right.displayName ? -1 : 1));
}

function isRoomList({ users }: Tenant, { mail, groupTypes, members, deletedAtMs }: Group): boolean {
  if (mail === undefined || deletedAtMs !== undefined || groupTypes.includes("Unified")) return false;
  return members.length > 0 && members.every((id) => users.get(id)?.place !== undefined);
}

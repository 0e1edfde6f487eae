/**
 * The directory as far as calendars need it: who there is, and who is in a group.
 *
 * An application cannot write into a group's own calendar, so a timetable for a group goes into the calendars of
 * its members.
 *
 * @see Microsoft Graph REST API v1.0, "List members" of `group`, "List users"
 */
import { isNightlatchError } from "@nightlatch/credential";
import type { CallOptions } from "../calendar.ts";
import { calendarError } from "../errors.ts";
import { GraphClient, type GraphOptions } from "./client.ts";
import { quote } from "./extended-properties.ts";
import { PAGE_SIZE, readPages } from "./pages.ts";
import { pathOf, userSegments } from "./query.ts";
import { isRecord, stringOf, type WireRecord } from "./wire.ts";

/** Options of {@link createGraphDirectory}. */
export type GraphDirectoryOptions = GraphOptions;

/** A user account. */
export interface DirectoryUser {
  /** Object id, a GUID. */
  readonly id: string;
  readonly displayName: string;
  readonly userPrincipalName: string;
  /** SMTP address; absent when the account has no mailbox. */
  readonly mailboxAddress?: string;
}

/** Options of {@link GraphDirectory.listGroupMembers}. */
export interface ListMembersOptions extends CallOptions {
  /** Whether members of groups inside the group count. @defaultValue true */
  readonly transitive?: boolean | undefined;
}

/** Reads users and groups. */
export interface GraphDirectory {
  /** Yields every user of the tenant. Needs the permission `User.ReadBasic.All`. */
  listUsers(options?: CallOptions): AsyncIterable<DirectoryUser>;
  /** Gets one user by user principal name or id. */
  getUser(user: string, options?: CallOptions): Promise<DirectoryUser>;
  /**
   * Yields the users in a group, each once. The group is named by its SMTP address, its mail nickname or its id.
   * Needs the permissions `GroupMember.Read.All` and `User.ReadBasic.All`; without the second the names are empty.
   */
  listGroupMembers(group: string, options?: ListMembersOptions): AsyncIterable<DirectoryUser>;
}

const USER_MEMBERS = "id,displayName,userPrincipalName,mail";
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** All requests to the directory are throttled together. */
const DIRECTORY = "the directory";

/**
 * Creates a reader of the directory over Microsoft Graph.
 *
 * @param options - tokens, transport, endpoint of the cloud, limits
 * @returns the reader
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { createGraphDirectory } from "@nightlatch/calendar";
 *
 * const user = { id: "…", displayName: "Room 12", userPrincipalName: "room-12@school.example", mail: null };
 * const directory = createGraphDirectory({
 *   tokens: { getToken: async () => ({ token: "…", expiresOnTimestamp: Date.now() + 3_600_000 }) },
 *   transport: {
 *     send: async () => ({ status: 200, headers: {}, body: new Uint8Array(), text: () => "", json: () => user }),
 *     close: () => undefined,
 *   },
 * });
 * assert.equal((await directory.getUser("room-12@school.example")).displayName, "Room 12");
 * ```
 */
export function createGraphDirectory(options: GraphDirectoryOptions): GraphDirectory {
  const client = new GraphClient(options);
  return {
    async *listUsers({ signal } = {}) {
      const path = pathOf(["users"], { $select: USER_MEMBERS, $top: String(PAGE_SIZE) });
      const call = { act: "list the users", mailbox: DIRECTORY, path, signal };
      for await (const wire of readPages(client, call)) yield decodeUser(wire, call.act);
    },

    async getUser(user, { signal } = {}) {
      const act = `get user "${user}"`;
      const { body } = await client.ask({
        act,
        mailbox: DIRECTORY,
        method: "GET",
        path: pathOf(userSegments(user), { $select: USER_MEMBERS }),
        wanted: 200,
        repeatable: true,
        signal,
      });
      return decodeUser(body, act);
    },

    async *listGroupMembers(group, members = {}) {
      const groupId = GUID.test(group) ? group : await findGroup(client, group, members.signal);
      yield* expandGroup(client, group, groupId, members);
    },
  };
}

async function* expandGroup(
  client: GraphClient,
  group: string,
  groupId: string,
  { transitive = true, signal }: ListMembersOptions,
): AsyncGenerator<DirectoryUser> {
  const act = `list the members of group "${group}"`;
  const seen = new Set([groupId]);
  const groupIds = [groupId];
  for (let next = groupIds.shift(); next !== undefined; next = groupIds.shift()) {
    const path = pathOf(["groups", next, "members"], { $select: USER_MEMBERS, $top: String(PAGE_SIZE) });
    for await (const wire of membersOf(client, group, { act, mailbox: DIRECTORY, path, signal })) {
      const id = isRecord(wire) ? stringOf(wire, "id") : undefined;
      if (!isRecord(wire) || id === undefined || seen.has(id)) continue;
      seen.add(id);
      const type = stringOf(wire, "@odata.type");
      if (type === "#microsoft.graph.group" && transitive) groupIds.push(id);
      // Devices, contacts and service principals have no mailbox that could be written.
      if (type === undefined || type === "#microsoft.graph.user") yield decodeUser(wire, act);
    }
  }
}

async function* membersOf(
  client: GraphClient,
  group: string,
  call: Parameters<typeof readPages>[1],
): AsyncGenerator<unknown> {
  try {
    yield* readPages(client, call);
  } catch (error) {
    if (!isNightlatchError(error) || error.details["status"] !== 404) throw error;
    throw calendarError("CALENDAR_GROUP_NOT_FOUND", `Cannot ${call.act}: there is no such group`, {
      details: { ...error.details, group },
      cause: error,
    });
  }
}

async function findGroup(
  client: GraphClient,
  group: string,
  signal: AbortSignal | undefined,
): Promise<string> {
  const member = group.includes("@") ? "mail" : "mailNickname";
  const path = pathOf(["groups"], {
    $filter: `${member} eq ${quote(group)}`,
    $select: "id,displayName,mail",
  });
  const act = `find group "${group}"`;
  for await (const wire of readPages(client, { act, mailbox: DIRECTORY, path, signal })) {
    const id = isRecord(wire) ? stringOf(wire, "id") : undefined;
    if (id !== undefined) return id;
  }
  throw calendarError("CALENDAR_GROUP_NOT_FOUND", `Cannot ${act}: no group has this ${member}`, {
    details: { group },
  });
}

function decodeUser(wire: unknown, act: string): DirectoryUser {
  const record: WireRecord = isRecord(wire) ? wire : {};
  const id = stringOf(record, "id");
  if (id === undefined) {
    throw calendarError("CALENDAR_UNREADABLE_ANSWER", `Cannot ${act}: a user has no "id"`);
  }
  const mail = stringOf(record, "mail");
  return {
    id,
    displayName: stringOf(record, "displayName") ?? "",
    userPrincipalName: stringOf(record, "userPrincipalName") ?? "",
    ...(mail !== undefined && mail !== "" && { mailboxAddress: mail }),
  };
}

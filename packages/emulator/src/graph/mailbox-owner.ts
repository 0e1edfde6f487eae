/** Whose mailbox a request means, and whether the caller may open it at all. */
import type { Group, User } from "../directory/directory.ts";
import { createMailbox, type Mailbox } from "../mailbox/mailbox.ts";
import { resolveZone } from "../mailbox/zones.ts";
import { denied } from "./authorise.ts";
import { type GraphCall, param } from "./call.ts";
import { findGroup, findUser } from "./directory-lookup.ts";
import { GraphFault } from "./errors.ts";
import { notFound } from "./not-found.ts";

/** A mailbox with what its answers say about its owner. */
export interface MailboxOwner {
  readonly id: string;
  readonly displayName: string;
  /** SMTP address. */
  readonly address: string;
  /** Zone as it was named. */
  readonly timeZone: string;
  readonly mailbox: Mailbox;
  /** `users('…')` or `groups('…')`, for `@odata.context`. */
  readonly contextPath: string;
  readonly user: User | undefined;
}

/** A group whose calendar was used; the mailbox is made on first use. */
type GroupWithMailbox = Group & { mailbox?: Mailbox };

/**
 * Finds the mailbox behind `/me`, `/users/{user}` or `/groups/{group}`.
 *
 * @param call - the request
 * @returns the owner
 * @throws {GraphFault} with the code of what is wrong: unknown, a group, no mailbox, not the caller's
 */
export function resolveOwner(call: GraphCall): MailboxOwner {
  if (call.params["group"] !== undefined) return ownerOfGroup(requireGroup(call));
  const user = requireUser(call);
  if (!call.caller.isApplication && user.id !== call.caller.objectId && !hasSharedScope(call))
    throw denied("mailbox");
  if (user.mailbox === undefined) throw new GraphFault("MailboxNotEnabledForRESTAPI");
  if (call.preferences.timeZone !== undefined && resolveZone(call.preferences.timeZone) === undefined)
    throw new GraphFault(
      "TimeZoneNotSupportedException",
      `A valid TimeZone value must be specified. The following TimeZone value is not supported: '${call.preferences.timeZone}'.`,
    );
  return ownerOfUser(user, user.mailbox);
}

/**
 * Describes a user as owner of a mailbox.
 *
 * @param user - the account
 * @param mailbox - its mailbox
 * @returns the owner
 */
function ownerOfUser(user: User, mailbox: Mailbox): MailboxOwner {
  return {
    id: user.id,
    displayName: user.displayName,
    address: user.mail ?? user.userPrincipalName,
    timeZone: user.timeZone,
    mailbox,
    contextPath: `users('${user.id}')`,
    user,
  };
}

/**
 * Finds the user whom the path means, for mailbox data.
 *
 * @param call - the request
 * @returns the account
 * @throws {GraphFault} with the code of what is wrong
 */
function requireUser(call: GraphCall): User {
  const name = call.params["user"];
  if (name === undefined) return requireSelf(call);
  const user = findUser(call.tenant, name);
  if (user !== undefined) return user;
  if (findGroup(call.tenant, name) !== undefined) throw new GraphFault("ErrorGroupIsUsedInNonGroupURI");
  if (name.includes("@")) throw new GraphFault("ErrorNonExistentMailbox");
  throw notFound(name);
}

/**
 * Finds the user behind `/me`.
 *
 * @param call - the request
 * @returns the account
 * @throws {GraphFault} BadRequest for an application without a user
 */
export function requireSelf(call: GraphCall): User {
  if (call.caller.isApplication)
    throw new GraphFault("BadRequest", "/me request is only valid with delegated authentication flow.");
  const user = call.tenant.users.get(call.caller.objectId);
  if (user === undefined) throw notFound(call.caller.objectId);
  return user;
}

/** Applications are kept out by default; the documentation disagrees with itself on reads and changes. */
function requireGroup(call: GraphCall): GroupWithMailbox {
  const name = param(call, "group");
  const { caller, context } = call;
  if (caller.isApplication && (!context.switches.groupCalendarsAppOnly || call.request.method === "POST"))
    throw denied("mailbox");
  const group = findGroup(call.tenant, name);
  if (group === undefined) throw notFound(name);
  if (!caller.isApplication && !group.members.includes(caller.objectId)) throw denied("mailbox");
  if (!group.groupTypes.includes("Unified")) throw new GraphFault("MailboxNotEnabledForRESTAPI");
  return group;
}

function ownerOfGroup(group: GroupWithMailbox): MailboxOwner {
  group.mailbox ??= createMailbox(group.id);
  return {
    id: group.id,
    displayName: group.displayName,
    address: group.mail ?? group.mailNickname,
    timeZone: "UTC",
    mailbox: group.mailbox,
    contextPath: `groups('${group.id}')`,
    user: undefined,
  };
}

function hasSharedScope(call: GraphCall): boolean {
  return [...call.caller.permissions].some((permission) => permission.endsWith(".Shared"));
}

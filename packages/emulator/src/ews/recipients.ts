/** Finds the users and mailboxes that requests name. */
import type { Group, Tenant, User } from "../directory/directory.ts";
import { findUser } from "../directory/lookup.ts";
import type { MailboxOwner } from "./call.ts";
import { element, text } from "./soap/xml-writer.ts";

/** Users by lower-case address, per directory; a hit is checked against the user, so the index may be stale. */
const addressIndexes = new WeakMap<ReadonlyMap<string, User>, Map<string, User>>();

/**
 * Finds a user by SMTP address: `mail`, or one of `proxyAddresses`.
 *
 * @param tenant - where to look
 * @param address - in any case of letters, with or without `smtp:` in front
 * @returns the user, or `undefined`
 */
export function findByAddress(tenant: Tenant, address: string): User | undefined {
  const wanted = address
    .trim()
    .toLowerCase()
    .replace(/^smtp:/, "");
  const hit = addressIndexes.get(tenant.users)?.get(wanted);
  if (hit !== undefined && tenant.users.get(hit.id) === hit && addressesOf(hit).includes(wanted)) return hit;
  const index = new Map<string, User>();
  for (const user of tenant.users.values()) for (const own of addressesOf(user)) index.set(own, user);
  addressIndexes.set(tenant.users, index);
  return index.get(wanted);
}

/**
 * Finds a user by user principal name or object id.
 *
 * @param tenant - where to look
 * @param name - in any case of letters
 * @returns the user, or `undefined`
 */
export function findByPrincipalName(tenant: Tenant, name: string): User | undefined {
  return findUser(tenant, name.trim());
}

/**
 * Finds a user by security identifier, which only users of the seed file that name one have.
 *
 * @param tenant - where to look
 * @param sid - `S-1-…`
 * @returns the user, or `undefined`
 */
export function findBySid(tenant: Tenant, sid: string): User | undefined {
  const wanted = sid.trim().toUpperCase();
  return [...tenant.users.values()].find(({ properties }) =>
    [properties["securityIdentifier"], properties["onPremisesSecurityIdentifier"]].some(
      (own) => typeof own === "string" && own.toUpperCase() === wanted,
    ),
  );
}

/**
 * Describes a user as owner of a mailbox.
 *
 * @param user - the account
 * @returns the owner, or `undefined` when there is no mailbox
 */
export function ownerOf(user: User | undefined): MailboxOwner | undefined {
  if (user?.mailbox === undefined) return undefined;
  return {
    id: user.id,
    displayName: user.displayName,
    address: user.mail ?? user.userPrincipalName,
    timeZone: user.timeZone,
    mailbox: user.mailbox,
    user,
  };
}

/**
 * Tells whether an address is the first one of its user.
 *
 * @param user - the account
 * @param address - in any case of letters
 * @returns false for aliases
 */
export function isPrimaryAddress(user: User, address: string): boolean {
  return (user.mail ?? user.userPrincipalName).toLowerCase() === address.trim().toLowerCase();
}

/**
 * Writes an address.
 *
 * @param name - of the element, with its prefix
 * @param displayName - of whom or what is there
 * @param address - SMTP address
 * @param type - `Mailbox`, `GroupMailbox` or `PublicDL`
 * @returns XML of `EmailAddressType`
 */
export function writeAddress(name: string, displayName: string, address: string, type: string): string {
  return element(
    name,
    text("t:Name", displayName) +
      text("t:EmailAddress", address) +
      text("t:RoutingType", "SMTP") +
      text("t:MailboxType", type),
  );
}

/**
 * Tells what kind of mailbox a group is to those who write to it.
 *
 * @param group - any
 * @returns `GroupMailbox` for Microsoft 365 groups, `PublicDL` for all others
 */
export function groupMailboxType({ groupTypes }: Group): "GroupMailbox" | "PublicDL" {
  return groupTypes.includes("Unified") ? "GroupMailbox" : "PublicDL";
}

function addressesOf(user: User): string[] {
  const proxies = user.properties["proxyAddresses"];
  const aliases = Array.isArray(proxies) ? proxies.filter((proxy) => typeof proxy === "string") : [];
  return [user.mail ?? user.userPrincipalName, ...aliases].map((address) =>
    address.toLowerCase().replace(/^smtp:/, ""),
  );
}

/** Requests that name a mailbox which must be the one that the caller acts for. */
import type { EwsCall, MailboxOwner } from "../call.ts";
import { findByAddress } from "../recipients.ts";
import { EwsFault } from "../soap/ews-fault.ts";

/**
 * Checks whose settings a request is for.
 *
 * @param call - the request
 * @param address - SMTP address, as the request names it
 * @returns the owner of the mailbox
 * @throws {EwsFault} ErrorMailRecipientNotFound, or ErrorAccessDenied for anybody else
 */
export function requireOwnMailbox(call: EwsCall, address: string): MailboxOwner {
  const user = findByAddress(call.tenant, address.trim());
  if (user === undefined) throw new EwsFault("ErrorMailRecipientNotFound");
  if (user.id !== call.owner.id) throw new EwsFault("ErrorAccessDenied");
  return call.owner;
}

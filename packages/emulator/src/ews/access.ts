/**
 * Whose mailbox a request is for: `ExchangeImpersonation` and `X-AnchorMailbox`, with the refusals of the service.
 *
 * @see https://learn.microsoft.com/exchange/client-developer/exchange-web-services/impersonation-and-ews-in-exchange
 */
import type { Tenant, User } from "../directory/directory.ts";
import type { AccessTokenClaims } from "../entra/access-token.ts";
import type { EmulatorContext } from "../host/context.ts";
import type { MailboxOwner } from "./call.ts";
import { findByAddress, findByPrincipalName, findBySid, isPrimaryAddress, ownerOf } from "./recipients.ts";
import { EwsFault } from "./soap/ews-fault.ts";
import { child, type XmlElement } from "./soap/xml-reader.ts";
import { readSwitches } from "./switches.ts";

/** What the choice of the mailbox depends on. */
export interface AccessQuestion {
  readonly context: EmulatorContext;
  readonly tenant: Tenant;
  readonly claims: AccessTokenClaims;
  /** Header block `ExchangeImpersonation`. */
  readonly impersonation: XmlElement | undefined;
  /** `X-AnchorMailbox`. */
  readonly anchorMailbox: string | undefined;
}

/**
 * Chooses the mailbox.
 *
 * @param question - token, headers
 * @returns its owner
 * @throws {EwsFault} to be sent as a SOAP fault
 */
export function chooseMailbox(question: AccessQuestion): MailboxOwner {
  const { context, tenant, claims, impersonation } = question;
  checkAnchorMailbox(question);
  const isDelegated = claims.scp !== undefined;
  const user =
    impersonation === undefined ? userWithoutImpersonation(question) : impersonated(impersonation, tenant);
  if (impersonation !== undefined && isDelegated && user.id !== claims.oid)
    throw new EwsFault("ErrorImpersonateUserDenied");
  const owner = ownerOf(user);
  if (owner === undefined) throw noMailbox(user.mail ?? user.userPrincipalName);
  const denied = readSwitches(context).deniedMailboxes ?? [];
  if (!isDelegated && denied.some((address) => address.toLowerCase() === owner.address.toLowerCase()))
    throw new EwsFault("ErrorImpersonateUserDenied");
  return owner;
}

function userWithoutImpersonation({ context, tenant, claims, anchorMailbox }: AccessQuestion): User {
  if (claims.scp !== undefined) {
    const user = tenant.users.get(claims.oid);
    if (user === undefined) throw new EwsFault("ErrorMissingEmailAddress");
    return user;
  }
  const anchor = anchorMailbox === undefined ? undefined : findByAddress(tenant, anchorMailbox);
  if (readSwitches(context).impersonation !== "required" && anchor !== undefined) return anchor;
  throw new EwsFault("ErrorInvalidExchangeImpersonationHeaderData");
}

function impersonated(header: XmlElement, tenant: Tenant): User {
  const sid = child(header, "ConnectingSID")?.children[0];
  const name = sid?.text.trim() ?? "";
  switch (sid?.name) {
    case "PrincipalName":
      return orFault(findByPrincipalName(tenant, name), "ErrorInvalidUserPrincipalName");
    case "SID":
      if (!/^S-1-\d+(-\d+)+$/i.test(name)) throw new EwsFault("ErrorInvalidUserSid");
      return orFault(findBySid(tenant, name), "ErrorImpersonationFailed");
    default: {
      const user = findByAddress(tenant, name);
      if (user === undefined) throw noMailbox(name);
      if (sid?.name === "PrimarySmtpAddress" && !isPrimaryAddress(user, name))
        throw new EwsFault("ErrorNonPrimarySmtpAddress", {
          values: { Primary: user.mail ?? user.userPrincipalName },
        });
      return user;
    }
  }
}

function orFault(
  user: User | undefined,
  code: "ErrorInvalidUserPrincipalName" | "ErrorImpersonationFailed",
): User {
  if (user === undefined) throw new EwsFault(code);
  return user;
}

/** The header is for routing: what it names must exist somewhere, and system mailboxes always do. */
function checkAnchorMailbox({ tenant, anchorMailbox }: AccessQuestion): void {
  if (anchorMailbox === undefined || !/^(smtp:)?[^\s@{}:]+@[^\s@{}:]+$/i.test(anchorMailbox)) return;
  const isGroup = [...tenant.groups.values()].some(
    ({ mail }) => mail?.toLowerCase() === anchorMailbox.toLowerCase().replace(/^smtp:/, ""),
  );
  if (
    !isGroup &&
    findByAddress(tenant, anchorMailbox) === undefined &&
    findByPrincipalName(tenant, anchorMailbox) === undefined
  )
    throw noMailbox(anchorMailbox);
}

function noMailbox(address: string): EwsFault {
  return new EwsFault("ErrorNonExistentMailbox", { values: { SmtpAddress: address } });
}

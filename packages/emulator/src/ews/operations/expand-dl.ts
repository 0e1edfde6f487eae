/** `ExpandDL`. */
import type { Group } from "../../directory/directory.ts";
import type { EwsCall } from "../call.ts";
import { groupMailboxType, writeAddress } from "../recipients.ts";
import { EwsFault } from "../soap/ews-fault.ts";
import { respondEach } from "../soap/response-message.ts";
import { childText } from "../soap/xml-reader.ts";
import { element } from "../soap/xml-writer.ts";

/**
 * Gives the members of a group, those of groups within it not among them.
 *
 * @param call - the request
 * @returns XML of the answer's content
 * @see https://learn.microsoft.com/exchange/client-developer/web-service-reference/expanddl-operation
 */
export function expandDl(call: EwsCall): string {
  return respondEach("ExpandDLResponseMessage", call.body.children, (mailbox) => {
    const address = (childText(mailbox, "EmailAddress") ?? "")
      .trim()
      .toLowerCase()
      .replace(/^smtp:/, "");
    const group = [...call.tenant.groups.values()].find(
      ({ mail, deletedAtMs }) => mail?.toLowerCase() === address && deletedAtMs === undefined,
    );
    if (group === undefined) throw new EwsFault("ErrorNameResolutionNoResults");
    const members = listMembers(call, group);
    return element("m:DLExpansion", members.join(""), {
      TotalItemsInView: members.length,
      IncludesLastItemInRange: true,
    });
  });
}

/** Whoever has no address is no recipient. */
function listMembers({ tenant }: EwsCall, { members }: Group): string[] {
  return members.flatMap((id) => {
    const user = tenant.users.get(id);
    if (user?.mailbox !== undefined)
      return [writeAddress("t:Mailbox", user.displayName, user.mail ?? user.userPrincipalName, "Mailbox")];
    const group = tenant.groups.get(id);
    if (group?.mail === undefined || group.deletedAtMs !== undefined) return [];
    return [writeAddress("t:Mailbox", group.displayName, group.mail, groupMailboxType(group))];
  });
}

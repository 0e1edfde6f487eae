/** `ResolveNames`: who is meant by a part of a name or address. */
import type { Group, User } from "../../directory/directory.ts";
import type { EwsCall } from "../call.ts";
import { groupMailboxType, writeAddress } from "../recipients.ts";
import { EwsFault } from "../soap/ews-fault.ts";
import { failure, success, warning } from "../soap/response-message.ts";
import { childText } from "../soap/xml-reader.ts";
import { element, text } from "../soap/xml-writer.ts";

const MESSAGE = "ResolveNamesResponseMessage";
const MOST_CANDIDATES = 100;

interface Candidate {
  readonly name: string;
  readonly address: string;
  readonly mailboxType: "Mailbox" | "GroupMailbox" | "PublicDL";
}

/**
 * Resolves a name in the directory; personal contacts are not kept.
 *
 * @param call - the request
 * @returns XML of the answer's content
 * @see https://learn.microsoft.com/exchange/client-developer/web-service-reference/resolvenames-operation
 */
export function resolveNames(call: EwsCall): string {
  const { body } = call;
  const entry = childText(body, "UnresolvedEntry") ?? "";
  const scope = body.attributes.get("SearchScope") ?? "ActiveDirectoryContacts";
  const found = scope === "Contacts" ? [] : findCandidates(call, entry);
  return element(
    "m:ResponseMessages",
    writeMessage(found, /^(true|1)$/.test(body.attributes.get("ReturnFullContactData") ?? "")),
  );
}

function writeMessage(found: readonly Candidate[], isFull: boolean): string {
  if (found.length === 0) return failure(MESSAGE, new EwsFault("ErrorNameResolutionNoResults"));
  const shown = found.slice(0, MOST_CANDIDATES);
  const set = element(
    "m:ResolutionSet",
    shown.map((candidate) => writeCandidate(candidate, isFull)).join(""),
    {
      TotalItemsInView: shown.length,
      IncludesLastItemInRange: shown.length === found.length,
    },
  );
  return shown.length === 1
    ? success(MESSAGE, set)
    : warning(MESSAGE, "ErrorNameResolutionMultipleResults", set);
}

/** Beginnings of words of a name, or of an address; `smtp:` in front wants the whole address. */
function findCandidates({ tenant }: EwsCall, entry: string): Candidate[] {
  const wanted = entry.trim().toLowerCase();
  const exact = /^smtp:(.*)$/.exec(wanted)?.[1];
  const matches = ({ name, address }: Candidate): boolean => {
    if (exact !== undefined) return address.toLowerCase() === exact;
    return address.toLowerCase().startsWith(wanted) || ` ${name.toLowerCase()}`.includes(` ${wanted}`);
  };
  const everybody = [
    ...[...tenant.users.values()].map(ofUser),
    ...[...tenant.groups.values()].map(ofGroup),
  ].filter((candidate) => candidate !== undefined);
  if (wanted === "") return [];
  return everybody.filter(matches).sort((left, right) => (left.name < right.name ? -1 : 1));
}

function ofUser(user: User): Candidate | undefined {
  if (user.mailbox === undefined) return undefined;
  return { name: user.displayName, address: user.mail ?? user.userPrincipalName, mailboxType: "Mailbox" };
}

function ofGroup(group: Group): Candidate | undefined {
  if (group.mail === undefined || group.deletedAtMs !== undefined) return undefined;
  return {
    name: group.displayName,
    address: group.mail,
    mailboxType: groupMailboxType(group),
  };
}

function writeCandidate({ name, address, mailboxType }: Candidate, isFull: boolean): string {
  const mailbox = writeAddress("t:Mailbox", name, address, mailboxType);
  const contact = isFull
    ? element("t:Contact", text("t:DisplayName", name) + text("t:ContactSource", "ActiveDirectory"))
    : "";
  return element("t:Resolution", mailbox + contact);
}

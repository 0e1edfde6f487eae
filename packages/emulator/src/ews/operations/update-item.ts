/** `UpdateItem`. */
import { findInstance, updateEvent, updateOccurrence } from "../../mailbox/events.ts";
import type { EwsCall } from "../call.ts";
import { readExtendedField, readExtendedProperty } from "../items/extended-fields.ts";
import { makeChanges, storeFault } from "../items/item-changes.ts";
import { emptyDraft, type ItemDraft } from "../items/item-draft.ts";
import { appendMember, clearMember, fieldUriOf, readMember } from "../items/item-reader.ts";
import { type ItemReference, itemIdAttributes, requireItem, sequenceOf } from "../items/item-references.ts";
import { writeProperty } from "../items/native-properties.ts";
import { isConflict, rememberVersion } from "../items/versions.ts";
import { invite, WAS_INVITED } from "../meetings/invitations.ts";
import { EwsFault } from "../soap/ews-fault.ts";
import { respondEach } from "../soap/response-message.ts";
import { child, type XmlElement } from "../soap/xml-reader.ts";
import { element, text } from "../soap/xml-writer.ts";

/**
 * Changes calendar items, property by property.
 *
 * @param call - the request
 * @returns XML of the answer's content
 * @see https://learn.microsoft.com/exchange/client-developer/web-service-reference/updateitem-operation
 */
export function updateItem(call: EwsCall): string {
  return respondEach(
    "UpdateItemResponseMessage",
    child(call.body, "ItemChanges")?.children ?? [],
    (change) => update(call, change),
    "<m:Items/>",
  );
}

function update(call: EwsCall, change: XmlElement): string {
  const mode = call.body.attributes.get("SendMeetingInvitationsOrCancellations");
  if (mode === undefined) throw new EwsFault("ErrorSendMeetingInvitationsOrCancellationsRequired");
  const item = requireItem(call, change.children[0] ?? change);
  const { owner, instance, number, day } = item;
  const current = { ...instance.event, startMs: instance.startMs, endMs: instance.endMs };
  const draft = emptyDraft(call);
  for (const description of child(change, "Updates")?.children ?? [])
    readDescription(draft, description, item);
  if (day === undefined) markInvited(draft, item, mode);
  const before = owner.mailbox.events.get(number);
  const { changes, recurrence } = makeChanges(draft, current, day !== undefined);
  checkVersion(call, item, () => isConflict(owner.mailbox, instance, item.knownSequence ?? 0, changes));
  const nowMs = call.context.clock.nowMs();
  const outcome =
    day === undefined
      ? updateEvent(owner.mailbox, number, changes, { nowMs, recurrence })
      : updateOccurrence(owner.mailbox, number, day, changes, nowMs);
  if (typeof outcome === "string") throw storeFault(outcome);
  invite(call, owner, number, { before, mode });
  const changed = findInstance(owner.mailbox, number, day);
  if (changed === undefined) throw new EwsFault("ErrorItemNotFound");
  rememberVersion(owner.mailbox, changed);
  const id = element("t:ItemId", "", { ...itemIdAttributes(owner, changed) });
  return element("m:Items", element("t:CalendarItem", id)) + element("m:ConflictResults", text("t:Count", 0));
}

/** Remembers that nobody was told of a meeting, until they are. */
function markInvited(draft: ItemDraft, { instance }: ItemReference, mode: string): void {
  const { extras, properties } = instance.event;
  const becomesMeeting = (extras?.attendees ?? []).length === 0 && draft.attendees.size > 0;
  if (mode !== "SendToNone" && properties.includes(WAS_INVITED))
    draft.properties.push({ key: WAS_INVITED, value: null });
  else if (mode === "SendToNone" && becomesMeeting)
    draft.properties.push({ key: WAS_INVITED, value: "false" });
}

/** Whoever does not overwrite at any price has to say which version was seen. */
function checkVersion(call: EwsCall, item: ItemReference, overlaps: () => boolean): void {
  const resolution = call.body.attributes.get("ConflictResolution");
  if (resolution === "AlwaysOverwrite") return;
  if (item.knownSequence === undefined) throw new EwsFault("ErrorChangeKeyRequiredForWriteOperations");
  if (item.knownSequence === sequenceOf(item.instance)) return;
  if (resolution === "NeverOverwrite" || overlaps()) throw new EwsFault("ErrorIrresolvableConflict");
}

function readDescription(draft: ItemDraft, description: XmlElement, { instance }: ItemReference): void {
  const [path, holder] = description.children;
  if (path === undefined) throw new EwsFault("ErrorIncorrectUpdatePropertyCount");
  const isExtended = path.name === "ExtendedFieldURI";
  if (description.name === "DeleteItemField") {
    if (isExtended) writeProperty(draft, readExtendedField(path).key, null);
    else clearMember(draft, path);
    return;
  }
  const [member, ...others] = holder?.children ?? [];
  if (member === undefined || others.length > 0) throw new EwsFault("ErrorIncorrectUpdatePropertyCount");
  checkAgreement(path, member);
  if (description.name === "SetItemField") readMember(draft, member);
  else {
    const { body, bodyType, categories, extras } = instance.event;
    appendMember(draft, member, { body, bodyType, categories, attendees: extras?.attendees ?? [] });
  }
}

function checkAgreement(path: XmlElement, member: XmlElement): void {
  const agrees =
    path.name === "ExtendedFieldURI"
      ? member.name === "ExtendedProperty" && readExtendedProperty(member).key === readExtendedField(path).key
      : path.attributes.get("FieldURI") === fieldUriOf(member.name);
  if (!agrees) throw new EwsFault("ErrorUpdatePropertyMismatch");
}

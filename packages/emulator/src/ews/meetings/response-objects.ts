/**
 * Response objects: what `CreateItem` makes of an item that is there, an answer to a meeting or its cancellation.
 *
 * @see https://learn.microsoft.com/exchange/client-developer/exchange-web-services/calendars-and-ews-in-exchange
 */
import { deleteEvent, findInstance } from "../../mailbox/events.ts";
import { type MeetingResponse, respond } from "../../mailbox/meetings.ts";
import type { EwsCall } from "../call.ts";
import { findDistinguished } from "../folders/folder-tree.ts";
import { placeItem } from "../items/deleted-items.ts";
import { storeFault } from "../items/item-changes.ts";
import { type ItemReference, itemIdAttributes, requireItem } from "../items/item-references.ts";
import { rememberVersion } from "../items/versions.ts";
import type { ResponseCode } from "../response-codes.ts";
import { EwsFault } from "../soap/ews-fault.ts";
import { child, childText, type XmlElement } from "../soap/xml-reader.ts";
import { element } from "../soap/xml-writer.ts";
import { readInstant } from "../zones/instants.ts";
import { cancelInvitations, meetingContext, participantOf } from "./invitations.ts";

interface Answer {
  readonly response: MeetingResponse["response"];
  readonly byOrganizer: ResponseCode;
  readonly ofCancelled: ResponseCode;
}

const ANSWERS: Readonly<Record<string, Answer>> = {
  AcceptItem: {
    response: "accepted",
    byOrganizer: "ErrorCalendarIsOrganizerForAccept",
    ofCancelled: "ErrorCalendarIsCancelledForAccept",
  },
  TentativelyAcceptItem: {
    response: "tentativelyAccepted",
    byOrganizer: "ErrorCalendarIsOrganizerForTentative",
    ofCancelled: "ErrorCalendarIsCancelledForTentative",
  },
  DeclineItem: {
    response: "declined",
    byOrganizer: "ErrorCalendarIsOrganizerForDecline",
    ofCancelled: "ErrorCalendarIsCancelledForDecline",
  },
};

/**
 * Tells whether an element of `Items` is a response to an item that is there.
 *
 * @param item - element of `Items`
 * @returns false for new items
 */
export function isResponseObject({ name }: XmlElement): boolean {
  return name === "CancelCalendarItem" || Object.hasOwn(ANSWERS, name);
}

/**
 * Carries out a response. Messages are not modelled, so none is saved: `SaveOnly` answers without telling anybody.
 *
 * @param call - the request
 * @param item - the response object
 * @returns XML of `Items`, with the calendar item when it stays
 * @throws {EwsFault} when there is nothing to answer
 */
export function createResponse(call: EwsCall, item: XmlElement): string {
  const disposition = call.body.attributes.get("MessageDisposition");
  if (disposition === undefined) throw new EwsFault("ErrorMessageDispositionRequired");
  const reference = child(item, "ReferenceItemId");
  if (reference === undefined) throw new EwsFault("ErrorInvalidReferenceItem");
  const found = requireItem(call, reference);
  if (found.owner.mailbox !== call.owner.mailbox) throw new EwsFault("ErrorItemNotFound");
  const answer = ANSWERS[item.name];
  if (answer === undefined) return cancel(call, found, disposition);
  const { extras } = found.instance.event;
  if (extras?.organizer === undefined) throw new EwsFault(answer.byOrganizer);
  if (extras.isCancelled === true) throw new EwsFault(answer.ofCancelled);
  return reply(call, item, found, {
    response: answer.response,
    isSent: disposition !== "SaveOnly" && extras.responseRequested !== false,
    proposedNewTime: answer.response === "accepted" ? undefined : readProposal(call, item),
  });
}

function reply(
  call: EwsCall,
  item: XmlElement,
  { owner, number, day }: ItemReference,
  answer: MeetingResponse,
): string {
  if (item.name === "DeclineItem" && day === undefined) keep(call, number);
  const fault = respond(participantOf(owner), number, day, answer, meetingContext(call));
  if (fault !== undefined) throw storeFault(fault);
  const changed = findInstance(owner.mailbox, number, day);
  if (changed === undefined) return "<m:Items/>";
  rememberVersion(owner.mailbox, changed);
  const id = element("t:ItemId", "", { ...itemIdAttributes(owner, changed) });
  return element("m:Items", element("t:CalendarItem", id));
}

/** What is cancelled goes to Deleted Items. */
function cancel(call: EwsCall, { owner, instance, number, day }: ItemReference, disposition: string): string {
  if (instance.event.extras?.organizer !== undefined) throw new EwsFault("ErrorCalendarIsNotOrganizer");
  const before = owner.mailbox.events.get(number);
  if (day === undefined) keep(call, number);
  const fault = deleteEvent(owner.mailbox, number, day, call.context.clock.nowMs());
  if (fault !== undefined) throw storeFault(fault);
  const mode = disposition === "SaveOnly" ? "SendToNone" : "SendToAllAndSaveCopy";
  if (before !== undefined) cancelInvitations(call, owner, before, { day, mode });
  return "<m:Items/>";
}

function keep({ owner }: EwsCall, number: number): void {
  const folder = findDistinguished(owner.mailbox, "deleteditems");
  const event = owner.mailbox.events.get(number);
  if (folder !== undefined && event !== undefined) placeItem(owner.mailbox, event, folder);
}

function readProposal(call: EwsCall, item: XmlElement): MeetingResponse["proposedNewTime"] {
  const [start, end] = [childText(item, "ProposedStart"), childText(item, "ProposedEnd")];
  if (start === undefined || end === undefined) return undefined;
  const [startMs, endMs] = [readInstant(start, call.ianaZone), readInstant(end, call.ianaZone)];
  if (endMs < startMs) throw new EwsFault("ErrorCalendarEndDateIsEarlierThanStartDate");
  return { startMs, endMs };
}

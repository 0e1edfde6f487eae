/**
 * CreateItem: a new event.
 *
 * @see https://learn.microsoft.com/exchange/client-developer/web-service-reference/createitem-operation-calendar-item
 */
import type { EventDraft } from "../../event.ts";
import { readItemId } from "../event-codec.ts";
import { writeCalendarItem } from "../event-fields.ts";
import { callOf, folderPath, onlyMessage, type Question } from "../question.ts";
import type { EwsAnswer } from "../service.ts";
import { childOf } from "../xml-element.ts";
import { xml } from "../xml-writer.ts";

/** Id and version of an item that was written. */
export type WrittenItem = ReturnType<typeof readItemId>;

/**
 * Creates an event; invitations go out when the draft names attendees, without a copy in Sent Items.
 *
 * @param question - who asks about what
 * @param calendarId - folder; the default calendar when `undefined`
 * @param draft - the event
 * @returns its id and version
 * @throws {NightlatchError} `CALENDAR_…` by cause; `CALENDAR_WRITE_UNCERTAIN` when the answer was lost, always: EWS
 *   has nothing by which a second attempt could be told from a second event
 */
export async function createItem(
  question: Question,
  calendarId: string | undefined,
  draft: EventDraft,
): Promise<WrittenItem> {
  const isMeeting = draft.attendees !== undefined && draft.attendees.length > 0;
  const content = xml(
    "m:CreateItem",
    { SendMeetingInvitations: isMeeting ? "SendOnlyToAll" : "SendToNone" },
    xml("m:SavedItemFolderId", {}, folderPath(question, calendarId)),
    xml("m:Items", {}, writeCalendarItem(draft)),
  );
  return writtenItem(await question.service.ask(callOf(question, "CreateItem", "create", content)));
}

/**
 * Reads the id of what was written.
 *
 * @param answer - answer to a CreateItem or UpdateItem
 * @returns id and version
 * @throws {NightlatchError} `CALENDAR_…` by cause
 */
export function writtenItem(answer: EwsAnswer): WrittenItem {
  const item = childOf(childOf(onlyMessage(answer).element, "m:Items"), "t:CalendarItem");
  try {
    return readItemId(childOf(item, "t:ItemId"));
  } catch (cause) {
    throw answer.unreadable("does not name what was written", cause);
  }
}

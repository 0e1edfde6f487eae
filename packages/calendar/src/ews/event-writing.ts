/**
 * Events that are written. The answer to a write gives id and version only, so what was written is read back.
 */
import { calendarError } from "../errors.ts";
import type { CalendarEvent, EventDraft } from "../event.ts";
import { writeItemChanges } from "./event-fields.ts";
import { getEvent, getVersion } from "./event-reading.ts";
import { createItem } from "./operations/create-item.ts";
import { deleteItem } from "./operations/delete-item.ts";
import { updateItem } from "./operations/update-item.ts";
import type { Question } from "./question.ts";

/**
 * Creates an event.
 *
 * @param question - who asks about whose mailbox
 * @param calendarId - folder; the default calendar when `undefined`
 * @param draft - the event
 * @returns the event as it is now
 * @throws {NightlatchError} `CALENDAR_…` by cause; `CALENDAR_WRITE_UNCERTAIN` when an answer was lost
 */
export async function createEvent(
  question: Question,
  calendarId: string | undefined,
  draft: EventDraft,
): Promise<CalendarEvent> {
  const { id } = await createItem(question, calendarId, draft);
  return readBack(question, id, draft);
}

/**
 * Updates an event.
 *
 * @param question - who asks about whose mailbox
 * @param eventId - id of the event
 * @param changes - members that change; without any, the event is only read
 * @param changeKey - version that must still be there; any when `undefined`
 * @returns the event as it is now
 * @throws {NightlatchError} `CALENDAR_…` by cause, `CALENDAR_CONFLICT` when the version is another
 */
export async function updateEvent(
  question: Question,
  eventId: string,
  changes: Partial<EventDraft>,
  changeKey: string | undefined,
): Promise<CalendarEvent> {
  const fields = writeItemChanges(changes);
  if (fields.length === 0) {
    await checkVersion(question, eventId, changeKey);
    return getEvent(question, eventId, { includeBody: false });
  }
  const { id } = await updateItem(question, eventId, changeKey, fields);
  return readBack(question, id, changes);
}

/**
 * Deletes an event.
 *
 * @param question - who asks about whose mailbox
 * @param eventId - id of the event
 * @param changeKey - version that must still be there; any when `undefined`. EWS compares none when it deletes, so
 *   it is read just before: a change in between goes unseen
 * @throws {NightlatchError} `CALENDAR_…` by cause, `CALENDAR_CONFLICT` when the version is another
 */
export async function deleteEvent(
  question: Question,
  eventId: string,
  changeKey: string | undefined,
): Promise<void> {
  await checkVersion(question, eventId, changeKey);
  await deleteItem(question, eventId);
}

async function readBack(question: Question, id: string, draft: Partial<EventDraft>): Promise<CalendarEvent> {
  try {
    return await getEvent(question, id, {
      includeBody: draft.body !== undefined,
      bodyContentType: draft.body?.contentType,
      properties: Object.keys(draft.properties ?? {}),
    });
  } catch (cause) {
    question.signal?.throwIfAborted();
    throw calendarError(
      "CALENDAR_WRITE_UNCERTAIN",
      `Cannot read back what was written, id "${id}": ${question.act}`,
      { details: { mailbox: question.mailbox, eventId: id }, cause },
    );
  }
}

async function checkVersion(
  question: Question,
  eventId: string,
  changeKey: string | undefined,
): Promise<void> {
  if (changeKey === undefined) return;
  const current = await getVersion(question, eventId);
  if (current === changeKey) return;
  throw calendarError("CALENDAR_CONFLICT", `Cannot ${question.act}: it has changed since it was read`, {
    details: { mailbox: question.mailbox, changeKey, currentChangeKey: current },
  });
}

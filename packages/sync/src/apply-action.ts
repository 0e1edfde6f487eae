/**
 * Carries out one action against a calendar.
 *
 * The rules are: a write whose answer was lost is looked up before it is sent again; an event that changed
 * since the plan is read and decided anew, once; what is already as it ought to be counts as unchanged.
 */
import type { CalendarEvent, CalendarPort } from "@nightlatch/calendar";
import { isNightlatchError } from "@nightlatch/credential";
import { transactionId } from "./identity.ts";
import { differences, type ManagedEvent, OWN_PROPERTIES } from "./managed-event.ts";
import type { CreateAction, DeleteAction, PlanAction, UpdateAction } from "./plan.ts";
import { updateAction } from "./plan-mailbox.ts";
import { eventDraft, HASH_PROPERTY, KEY_PROPERTY, SOURCE_PROPERTY } from "./timetable.ts";

/** What an action came to. */
export type ActionResult = "created" | "updated" | "deleted" | "unchanged";

/** Where an action is carried out. */
export interface ActionTarget {
  readonly calendar: CalendarPort;
  readonly mailbox: string;
  readonly sourceTag: string;
  readonly signal: AbortSignal | undefined;
  /** Events that were found when the work on the mailbox began, by key. */
  readonly existing: ReadonlyMap<string, ManagedEvent>;
}

/** What is to be written, whichever action says so. */
type WantedEvent = Pick<CreateAction, "key" | "hash" | "event">;

/**
 * Carries out an action.
 *
 * @param action - create, update or delete of a plan
 * @param target - calendar and mailbox
 * @returns what it came to
 * @throws {NightlatchError} `CALENDAR_…` when it could not be carried out
 */
export function applyAction(action: PlanAction, target: ActionTarget): Promise<ActionResult> {
  if (action.action === "create") return applyCreate(action, target);
  return action.action === "update" ? applyUpdate(action, target) : applyDelete(action, target);
}

async function applyCreate(action: CreateAction, target: ActionTarget): Promise<ActionResult> {
  const existing = target.existing.get(action.key);
  // A plan that was applied before, wholly or in part, finds its own events.
  if (existing !== undefined) return bringInLine(action, existing.event, target);
  return create(action, target, action.replacesEventId);
}

async function applyUpdate(action: UpdateAction, target: ActionTarget): Promise<ActionResult> {
  try {
    await update(action, action.eventId, target, action.changeKey);
    return "updated";
  } catch (error) {
    if (hasCode(error, "CALENDAR_NOT_FOUND")) return create(action, target, action.eventId);
    if (!hasCode(error, "CALENDAR_CONFLICT") && !hasCode(error, "CALENDAR_WRITE_UNCERTAIN")) throw error;
    const current = await getEvent(action.eventId, target);
    // Deleted, or no longer ours, while we looked away: the lesson still has to be there.
    const keys = [action.key, action.previousKey ?? action.key];
    if (current === undefined || !keys.some((key) => isOurs(current, key, target)))
      return create(action, target, action.eventId);
    const result = await bringInLine(action, current, target);
    return hasCode(error, "CALENDAR_WRITE_UNCERTAIN") ? "updated" : result;
  }
}

async function applyDelete(action: DeleteAction, target: ActionTarget): Promise<ActionResult> {
  try {
    await remove(action.eventId, target, action.changeKey);
    return "deleted";
  } catch (error) {
    if (hasCode(error, "CALENDAR_NOT_FOUND")) return "deleted";
    if (!hasCode(error, "CALENDAR_CONFLICT") && !hasCode(error, "CALENDAR_WRITE_UNCERTAIN")) throw error;
    const current = await getEvent(action.eventId, target);
    if (current === undefined) return "deleted";
    if (!isOurs(current, action.key, target)) return "unchanged";
    try {
      await remove(action.eventId, target, current.changeKey);
    } catch (again) {
      if (!hasCode(again, "CALENDAR_NOT_FOUND")) throw again;
    }
    return "deleted";
  }
}

async function create(
  wanted: WantedEvent,
  target: ActionTarget,
  replacedEventId: string | undefined,
): Promise<ActionResult> {
  for (let attempt = 1; ; attempt++) {
    try {
      const created = await send(wanted, target, replacedEventId);
      // A server that knows the transaction id answers with the event of then, wherever it lies now.
      if (isElsewhere(created, wanted)) await update(wanted, created.id, target, created.changeKey);
      return "created";
    } catch (error) {
      if (!hasCode(error, "CALENDAR_WRITE_UNCERTAIN")) throw error;
      const found = await findByKey(wanted.key, target, replacedEventId);
      if (found !== undefined) {
        await bringInLine(
          wanted,
          await target.calendar.getEvent(target.mailbox, found.id, readOptions(target)),
          target,
        );
        return "created";
      }
      if (attempt === 2) throw error;
    }
  }
}

/** Writes an event only when it is not as it ought to be. */
async function bringInLine(
  wanted: WantedEvent,
  event: CalendarEvent,
  target: ActionTarget,
): Promise<ActionResult> {
  const managed = {
    id: event.id,
    changeKey: event.changeKey,
    key: event.properties[KEY_PROPERTY] ?? "",
    hash: event.properties[HASH_PROPERTY] ?? "",
    isSeries: false,
    isInside: true,
    event,
  };
  if (managed.key === wanted.key && updateAction(wanted, managed) === undefined) return "unchanged";
  await update(wanted, event.id, target, event.changeKey);
  return "updated";
}

function send(
  wanted: WantedEvent,
  target: ActionTarget,
  replacedEventId: string | undefined,
): Promise<CalendarEvent> {
  const draft = eventDraft(wanted.event, { ...wanted, sourceTag: target.sourceTag });
  return target.calendar.createEvent(target.mailbox, draft, {
    transactionId: transactionId(wanted.key, wanted.hash, replacedEventId),
    signal: target.signal,
  });
}

async function update(
  wanted: WantedEvent,
  eventId: string,
  target: ActionTarget,
  changeKey: string,
): Promise<void> {
  const draft = eventDraft(wanted.event, { ...wanted, sourceTag: target.sourceTag });
  await target.calendar.updateEvent(target.mailbox, eventId, draft, { changeKey, signal: target.signal });
}

async function remove(eventId: string, target: ActionTarget, changeKey: string | undefined): Promise<void> {
  await target.calendar.deleteEvent(target.mailbox, eventId, { changeKey, signal: target.signal });
}

async function getEvent(eventId: string, target: ActionTarget): Promise<CalendarEvent | undefined> {
  try {
    return await target.calendar.getEvent(target.mailbox, eventId, readOptions(target));
  } catch (error) {
    if (hasCode(error, "CALENDAR_NOT_FOUND")) return undefined;
    throw error;
  }
}

async function findByKey(
  key: string,
  target: ActionTarget,
  replacedEventId: string | undefined,
): Promise<CalendarEvent | undefined> {
  const found = await target.calendar.findEvents(target.mailbox, {
    name: KEY_PROPERTY,
    value: key,
    signal: target.signal,
  });
  // The server compares without regard to case.
  return found.find((event) => event.properties[KEY_PROPERTY] === key && event.id !== replacedEventId);
}

function readOptions(target: ActionTarget) {
  return { properties: OWN_PROPERTIES, signal: target.signal };
}

function isElsewhere(event: CalendarEvent, wanted: WantedEvent): boolean {
  return differences(event, wanted.event).some(({ field }) => field === "start" || field === "end");
}

function isOurs(event: CalendarEvent, key: string, target: ActionTarget): boolean {
  return event.properties[SOURCE_PROPERTY] === target.sourceTag && event.properties[KEY_PROPERTY] === key;
}

function hasCode(error: unknown, code: string): boolean {
  return isNightlatchError(error) && error.code === code;
}

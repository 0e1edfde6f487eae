/**
 * Meetings between mailboxes of one directory: what the organiser writes appears in the calendars of those who are
 * invited, what they answer appears at the organiser's. Mail is not modelled: it arrives at once and is processed.
 */
import type {
  EventAttendee,
  EventContent,
  EventExtras,
  EventInstance,
  Series,
  StoredEvent,
} from "./event.ts";
import {
  deleteEvent,
  findInstance,
  listInstances,
  type StoreFault,
  updateEvent,
  updateOccurrence,
} from "./events.ts";
import { NO_PROPERTIES } from "./extended-properties.ts";
import { encodeICalUId } from "./item-ids.ts";
import { DEFAULT_FOLDER, type Mailbox, nextNumber, nextSequence } from "./mailbox.ts";
import { expandSeries, isSeriesMaster } from "./series.ts";

/** Somebody with a mailbox. */
export interface Participant {
  /** Object id of the user or group. */
  readonly id: string;
  /** SMTP address. */
  readonly address: string;
  readonly name: string;
  readonly mailbox: Mailbox;
  /** Who answers by itself: a room accepts while it is free, a group always. */
  readonly answers: "byHand" | "whenFree" | "always";
}

/** Finds the mailbox behind an address; `undefined` for people elsewhere, whom no mail reaches. */
export type FindParticipant = (address: string) => Participant | undefined;

/** What an action on a meeting needs to know. */
export interface MeetingContext {
  readonly find: FindParticipant;
  /** Milliseconds since 1970 UTC. */
  readonly nowMs: number;
}

/** What an attendee says. */
export interface MeetingResponse {
  readonly response: "accepted" | "tentativelyAccepted" | "declined";
  /** Whether the organiser hears of it. */
  readonly isSent: boolean;
  readonly proposedNewTime?: EventAttendee["proposedNewTime"];
}

/** How far ahead a room looks for conflicts, as rooms of Exchange do by default. */
const BOOKING_WINDOW_MS = 180 * 86_400_000;

/**
 * Brings the calendars of those who are invited in line with the organiser's event. Does nothing for an event that
 * belongs to somebody else's meeting, has no attendees and had none, or is a draft.
 *
 * @param organizer - owner of the event
 * @param number - number of the event, as it is now
 * @param before - the event before the change; `undefined` when it is new
 * @param context - clock and directory
 */
export function sendInvitations(
  organizer: Participant,
  number: number,
  before: StoredEvent | undefined,
  context: MeetingContext,
): void {
  const event = organizer.mailbox.events.get(number);
  if (event === undefined || event.extras?.meeting !== undefined || event.extras?.isDraft === true) return;
  const invited = listInvited(organizer, event, context.find);
  for (const participant of listInvited(organizer, before, context.find).values())
    if (!invited.has(participant.id)) cancelCopy(organizer, participant, number, undefined, context.nowMs);
  for (const participant of invited.values()) deliver(organizer, participant, event, before, context);
}

/**
 * Tells those who are invited that a meeting, or one occurrence of it, does not take place.
 *
 * @param organizer - owner of the event
 * @param event - the event as it was
 * @param day - civil day of the occurrence; absent for the event or whole series
 * @param context - clock and directory
 */
export function sendCancellations(
  organizer: Participant,
  event: StoredEvent,
  day: number | undefined,
  { find, nowMs }: MeetingContext,
): void {
  if (event.extras?.meeting !== undefined) return;
  for (const participant of listInvited(organizer, event, find).values())
    cancelCopy(organizer, participant, event.number, day, nowMs);
}

/**
 * Answers an invitation. What is declined leaves the calendar.
 *
 * @param attendee - who was invited
 * @param number - number of the event in the attendee's mailbox
 * @param day - civil day of the occurrence; absent for the event or whole series
 * @param answer - the response
 * @param context - clock and directory
 * @returns `undefined`, or why not
 */
export function respond(
  attendee: Participant,
  number: number,
  day: number | undefined,
  answer: MeetingResponse,
  { find, nowMs }: MeetingContext,
): StoreFault | undefined {
  const instance = findInstance(attendee.mailbox, number, day);
  const { meeting, organizer } = instance?.event.extras ?? {};
  if (instance === undefined || organizer === undefined) return "notFound";
  if (answer.response === "declined") {
    const fault = deleteEvent(attendee.mailbox, number, day, nowMs);
    if (fault !== undefined) return fault;
  } else {
    const host =
      meeting === undefined ? undefined : find(organizer.address)?.mailbox.events.get(meeting.number);
    const changes: Partial<EventContent> = {
      showAs: answer.response === "accepted" ? (host?.showAs ?? "busy") : "tentative",
      extras: { ...instance.event.extras, response: { status: answer.response, atMs: nowMs } },
    };
    const changed = change(attendee.mailbox, number, day, changes, nowMs);
    if (typeof changed === "string") return changed;
  }
  if (answer.isSent && meeting !== undefined)
    recordResponse(find(organizer.address), meeting.number, day, attendee.address, answer, nowMs);
  return undefined;
}

/** Writes a response into the organiser's list of attendees; somebody to whom it was forwarded joins the list. */
function recordResponse(
  host: Participant | undefined,
  number: number,
  day: number | undefined,
  address: string,
  { response, proposedNewTime }: MeetingResponse,
  nowMs: number,
): void {
  const instance = host === undefined ? undefined : findInstance(host.mailbox, number, day);
  if (host === undefined || instance === undefined) return;
  const attendees = (instance.event.extras?.attendees ?? []).map((attendee) =>
    isSame(attendee.address, address)
      ? { ...attendee, response, respondedAtMs: nowMs, proposedNewTime }
      : attendee,
  );
  change(host.mailbox, number, day, { extras: { ...instance.event.extras, attendees } }, nowMs);
}

function change(
  mailbox: Mailbox,
  number: number,
  day: number | undefined,
  changes: Partial<EventContent>,
  nowMs: number,
): StoredEvent | EventInstance | StoreFault {
  return day === undefined
    ? updateEvent(mailbox, number, changes, { nowMs })
    : updateOccurrence(mailbox, number, day, changes, nowMs);
}

/** Those who are invited, once each, without the organiser. */
function listInvited(
  organizer: Participant,
  event: StoredEvent | undefined,
  find: FindParticipant,
): Map<string, Participant> {
  const invited = new Map<string, Participant>();
  const lists = [
    event?.extras?.attendees,
    ...(event?.series?.exceptions ?? []).map(({ changes }) => changes.extras?.attendees),
  ];
  for (const { address } of lists.flatMap((list) => list ?? [])) {
    const participant = find(address);
    if (participant !== undefined && participant.id !== organizer.id)
      invited.set(participant.id, participant);
  }
  return invited;
}

function findCopy(participant: Participant, organizerId: string, number: number): StoredEvent | undefined {
  for (const event of participant.mailbox.events.values()) {
    const meeting = event.extras?.meeting;
    if (meeting?.organizerId === organizerId && meeting.number === number) return event;
  }
  return undefined;
}

function deliver(
  organizer: Participant,
  participant: Participant,
  event: StoredEvent,
  before: StoredEvent | undefined,
  context: MeetingContext,
): void {
  const { mailbox } = participant;
  const old = findCopy(participant, organizer.id, event.number);
  const isMoved = old === undefined || before === undefined || hasMoved(before, event);
  const sequence = nextSequence(mailbox);
  const copy: StoredEvent = {
    ...copyContent(organizer, participant, event, isMoved ? undefined : old),
    number: old?.number ?? nextNumber(mailbox),
    folder: old?.folder ?? DEFAULT_FOLDER,
    createdAtSequence: old?.createdAtSequence ?? sequence,
    changedAtSequence: sequence,
    createdAtMs: old?.createdAtMs ?? context.nowMs,
    modifiedAtMs: context.nowMs,
    uid:
      event.uid ?? encodeICalUId(organizer.id, { number: event.number, day: undefined }, event.createdAtMs),
    series: copySeries(organizer, participant, event, { old: isMoved ? undefined : old, sequence }),
  };
  mailbox.events.set(copy.number, copy);
  if (participant.answers === "byHand" || !isMoved) return;
  const isFree = participant.answers === "always" || !hasConflict(mailbox, copy, context.nowMs);
  respond(
    participant,
    copy.number,
    undefined,
    { response: isFree ? "accepted" : "declined", isSent: true },
    context,
  );
}

/** A meeting that takes place at another time asks everybody again. */
function hasMoved(before: StoredEvent, after: StoredEvent): boolean {
  const rule = ({ series }: StoredEvent): string =>
    series === undefined ? "" : JSON.stringify([series.pattern, series.range, series.zone]);
  return before.startMs !== after.startMs || before.endMs !== after.endMs || rule(before) !== rule(after);
}

/** What somebody who is invited sees; reminder, categories and properties are each one's own. */
function copyContent(
  organizer: Participant,
  participant: Participant,
  event: StoredEvent,
  old: StoredEvent | undefined,
): EventContent {
  return {
    ...event,
    showAs: old?.showAs ?? "tentative",
    isReminderOn: old?.isReminderOn ?? event.isReminderOn,
    reminderMinutes: old?.reminderMinutes ?? event.reminderMinutes,
    categories: old?.categories ?? [],
    properties: old?.properties ?? NO_PROPERTIES,
    extras: copyExtras(organizer, participant, event, old?.extras),
  };
}

function copyExtras(
  organizer: Participant,
  participant: Participant,
  { number, createdAtMs, extras = {} }: Pick<StoredEvent, "number" | "createdAtMs" | "extras">,
  old: EventExtras | undefined,
): EventExtras {
  const {
    transactionId: _transactionId,
    extensions: _extensions,
    reminder: _reminder,
    attendees,
    ...shown
  } = extras ?? {};
  const visible = (attendees ?? []).filter(
    ({ address }) => extras?.hideAttendees !== true || isSame(address, participant.address),
  );
  return {
    ...shown,
    attendees: visible.map(({ address, name, type }) => ({ address, name, type, response: "none" })),
    organizer: { address: organizer.address, name: organizer.name },
    meeting: { organizerId: organizer.id, number, createdAtMs },
    response: old?.response ?? { status: "notResponded", atMs: undefined },
    ...(old?.extensions === undefined ? {} : { extensions: old.extensions }),
    ...(old?.reminder === undefined ? {} : { reminder: old.reminder }),
  };
}

/** The organiser's exceptions and deleted occurrences, and what the participant did with single occurrences. */
function copySeries(
  organizer: Participant,
  participant: Participant,
  event: StoredEvent,
  { old, sequence }: { readonly old: StoredEvent | undefined; readonly sequence: number },
): Series | undefined {
  const { series } = event;
  if (series === undefined) return undefined;
  const own = new Map((old?.series?.exceptions ?? []).map((exception) => [exception.day, exception]));
  const exceptions = series.exceptions.map((exception) => {
    const {
      properties: _properties,
      categories: _categories,
      showAs: _showAs,
      extras,
      ...changes
    } = exception.changes;
    const mine = own.get(exception.day);
    own.delete(exception.day);
    const shown = copyExtras(
      organizer,
      participant,
      { ...event, extras: extras ?? event.extras },
      mine?.changes.extras ?? old?.extras,
    );
    return {
      ...exception,
      changedAtSequence: sequence,
      changes: {
        ...changes,
        extras: shown,
        ...(mine?.changes.showAs === undefined ? {} : { showAs: mine.changes.showAs }),
      },
    };
  });
  const gone = new Set([...series.deletedDays, ...(old?.series?.deletedDays ?? [])]);
  return {
    ...series,
    deletedDays: [...gone].sort((left, right) => left - right),
    exceptions: [...exceptions, ...own.values()]
      .filter(({ day }) => !gone.has(day))
      .sort((left, right) => left.day - right.day),
  };
}

/** Somebody's calendar shows what was cancelled until they remove it; rooms and groups remove it themselves. */
function cancelCopy(
  organizer: Participant,
  participant: Participant,
  number: number,
  day: number | undefined,
  nowMs: number,
): void {
  const { mailbox } = participant;
  const copy = findCopy(participant, organizer.id, number);
  const instance = copy === undefined ? undefined : findInstance(mailbox, copy.number, day);
  if (copy === undefined || instance === undefined) return;
  if (participant.answers !== "byHand") {
    deleteEvent(mailbox, copy.number, day, nowMs);
    return;
  }
  const { event } = instance;
  const subject = event.extras?.isCancelled === true ? event.subject : `Canceled: ${event.subject}`;
  const changes = { subject, showAs: "free", extras: { ...event.extras, isCancelled: true } } as const;
  change(mailbox, copy.number, day, changes, nowMs);
}

function hasConflict(mailbox: Mailbox, copy: StoredEvent, nowMs: number): boolean {
  const spans = isSeriesMaster(copy)
    ? expandSeries(copy, copy.startMs, Math.max(nowMs, copy.startMs) + BOOKING_WINDOW_MS)
    : [copy];
  return spans.some(({ startMs, endMs }) =>
    listInstances(mailbox, { fromMs: startMs, untilMs: endMs }).some(
      ({ event }) =>
        event.number !== copy.number && event.showAs !== "free" && event.showAs !== "workingElsewhere",
    ),
  );
}

function isSame(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}

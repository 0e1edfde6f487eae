/** Turns a draft into what the store takes, and applies the rules that hold between members. */
import { DAY_MS } from "../../mailbox/civil-days.ts";
import type { EventAttendee, EventContent, EventExtras, StoredEvent } from "../../mailbox/event.ts";
import type { RecurrenceWithZone, StoreFault } from "../../mailbox/events.ts";
import { mergeExtendedProperties, NO_PROPERTIES } from "../../mailbox/extended-properties.ts";
import { resolveZone, toInstantMs, toWallMs } from "../../mailbox/zones.ts";
import { EwsFault } from "../soap/ews-fault.ts";
import { element } from "../soap/xml-writer.ts";
import { readInstant } from "../zones/instants.ts";
import type { NamedZone } from "../zones/zone-definition.ts";
import type { ItemDraft } from "./item-draft.ts";
import { uidOf } from "./item-view.ts";
import { readRecurrence } from "./recurrence-codec.ts";

const HALF_HOUR_MS = 1_800_000;
/** Five years, as the service counts them. */
const LONGEST_MS = 5 * 366 * DAY_MS;

/** Content of a new item before anything is said. */
const DEFAULT_CONTENT = {
  subject: "",
  isAllDay: false,
  showAs: "busy",
  sensitivity: "normal",
  importance: "normal",
  isReminderOn: true,
  reminderMinutes: 15,
  body: undefined,
  bodyType: "html",
  location: "",
  categories: [] as readonly string[],
} as const;

type Times = Pick<EventContent, "startMs" | "endMs" | "startZone" | "endZone">;

/**
 * Makes the content of a new item.
 *
 * @param draft - what the caller said
 * @returns complete content and, for a series, its rule
 * @throws {EwsFault} when members do not fit together
 */
export function makeContent(draft: ItemDraft): {
  readonly content: EventContent;
  readonly recurrence: RecurrenceWithZone | undefined;
} {
  const times = newTimes(draft);
  const isAllDay = draft.content.isAllDay ?? false;
  const content: EventContent = {
    ...DEFAULT_CONTENT,
    ...draft.content,
    ...(isAllDay ? wholeDays(times) : times),
    properties: mergeExtendedProperties(NO_PROPERTIES, draft.properties),
    extras: makeExtras(undefined, draft),
  };
  checkTimes(content);
  if (draft.recurrence === undefined || draft.recurrence === null) return { content, recurrence: undefined };
  const rule = readRecurrence(draft.recurrence);
  return {
    content: { ...content, ...movedToDay(content, rule.range.startDay) },
    recurrence: { ...rule, zone: content.startZone },
  };
}

/**
 * Makes the changes of an update.
 *
 * @param draft - what the caller said
 * @param current - the item (or occurrence) as it is
 * @param isOccurrence - whether it belongs to a series
 * @returns members that change, and the new rule (`null` ends the series, `undefined` keeps it)
 * @throws {EwsFault} when members do not fit together
 */
export function makeChanges(
  draft: ItemDraft,
  current: StoredEvent,
  isOccurrence: boolean,
): {
  readonly changes: Partial<EventContent>;
  readonly recurrence: RecurrenceWithZone | null | undefined;
} {
  const uid = uidOf(draft.call.owner, current);
  if (draft.uid !== undefined && draft.uid !== uid)
    throw new EwsFault("ErrorInvalidPropertySet", {
      messageXml: element("t:FieldURI", "", { FieldURI: "calendar:UID" }),
    });
  if (isOccurrence && draft.recurrence !== undefined) throw new EwsFault("ErrorCalendarInvalidRecurrence");
  const times = changedTimes(draft, current);
  const changes: Partial<EventContent> = {
    ...draft.content,
    ...times,
    ...(draft.properties.length === 0
      ? {}
      : { properties: mergeExtendedProperties(current.properties, draft.properties) }),
    ...(Object.keys(draft.extras).length === 0 && draft.attendees.size === 0
      ? {}
      : { extras: makeExtras(current.extras, draft) }),
  };
  const next = { ...current, ...changes };
  const rounded = next.isAllDay && (times !== undefined || !current.isAllDay) ? wholeDays(next) : undefined;
  const complete = { ...changes, ...rounded };
  checkTimes({ ...next, ...rounded });
  if (draft.recurrence) {
    const rule = readRecurrence(draft.recurrence);
    const moved = movedToDay({ ...next, ...rounded }, rule.range.startDay);
    return { changes: { ...complete, ...moved }, recurrence: { ...rule, zone: next.startZone } };
  }
  if (draft.recurrence === null) return { changes: complete, recurrence: null };
  return { changes: complete, recurrence: keptRule(current, { ...next, ...rounded }) };
}

/**
 * Turns a fault of the store into Exchange's.
 *
 * @param fault - of the store
 * @returns the fault, to be thrown
 */
export function storeFault(fault: StoreFault): EwsFault {
  if (fault === "notFound") return new EwsFault("ErrorItemNotFound");
  if (fault === "crossingBoundary") return new EwsFault("ErrorOccurrenceCrossingBoundary");
  return new EwsFault("ErrorRecurrenceHasNoOccurrence");
}

/** Without a start, an appointment begins with the next half hour; without an end, it lasts half an hour. */
function newTimes(draft: ItemDraft): Times {
  const { call } = draft;
  const contextZone: NamedZone = { name: call.contextZone ?? "UTC", ianaZone: call.ianaZone };
  const startZone = draft.startZone ?? draft.meetingZone ?? contextZone;
  const endZone = draft.endZone ?? draft.meetingZone ?? draft.startZone ?? contextZone;
  const endReading =
    draft.endZone ?? draft.meetingZone ?? (draft.startZone === undefined ? contextZone : draft.startZone);
  const startMs =
    draft.start === undefined
      ? Math.ceil(call.context.clock.nowMs() / HALF_HOUR_MS) * HALF_HOUR_MS
      : readInstant(draft.start, startZone.ianaZone);
  const endMs =
    draft.end === undefined ? startMs + HALF_HOUR_MS : readInstant(draft.end, endReading.ianaZone);
  return { startMs, endMs, startZone: startZone.name, endZone: endZone.name };
}

/** A new zone without a new time keeps the time on the clock. */
function changedTimes(draft: ItemDraft, current: StoredEvent): Partial<Times> | undefined {
  const startZone = draft.startZone ?? draft.meetingZone;
  const endZone = draft.endZone ?? draft.meetingZone ?? draft.startZone;
  const start = changedTime(draft, draft.start, startZone, { ms: current.startMs, zone: current.startZone });
  const end = changedTime(draft, draft.end, endZone, { ms: current.endMs, zone: current.endZone });
  if (start === undefined && end === undefined) return undefined;
  return {
    ...(start === undefined ? {} : { startMs: start.ms, startZone: start.zone }),
    ...(end === undefined ? {} : { endMs: end.ms, endZone: end.zone }),
  };
}

function changedTime(
  { call }: ItemDraft,
  sent: string | undefined,
  zone: NamedZone | undefined,
  current: { readonly ms: number; readonly zone: string },
): { readonly ms: number; readonly zone: string } | undefined {
  if (sent !== undefined) {
    const ms = readInstant(sent, zone?.ianaZone ?? call.ianaZone);
    return { ms, zone: zone?.name ?? current.zone };
  }
  if (zone === undefined || resolveZone(current.zone) === zone.ianaZone) return undefined;
  const wallMs = toWallMs(current.ms, resolveZone(current.zone) ?? "UTC");
  return { ms: toInstantMs(wallMs, zone.ianaZone), zone: zone.name };
}

/** All-day items reach from midnight to midnight in the zone of their start. */
function wholeDays({ startMs, endMs, startZone }: Times): Times {
  const ianaZone = resolveZone(startZone) ?? "UTC";
  const firstDay = Math.floor(toWallMs(startMs, ianaZone) / DAY_MS);
  const lastDay = Math.max(firstDay + 1, Math.ceil(toWallMs(endMs, ianaZone) / DAY_MS));
  return {
    startMs: toInstantMs(firstDay * DAY_MS, ianaZone),
    endMs: endMs < startMs ? endMs : toInstantMs(lastDay * DAY_MS, ianaZone),
    startZone,
    endZone: startZone,
  };
}

/** The date of a series is that of its range; its start says the time of day. */
function movedToDay(content: Times, startDay: number): Pick<Times, "startMs" | "endMs"> {
  const ianaZone = resolveZone(content.startZone) ?? "UTC";
  const startWallMs = toWallMs(content.startMs, ianaZone);
  const shiftMs = (startDay - Math.floor(startWallMs / DAY_MS)) * DAY_MS;
  return {
    startMs: toInstantMs(startWallMs + shiftMs, ianaZone),
    endMs: toInstantMs(toWallMs(content.endMs, ianaZone) + shiftMs, ianaZone),
  };
}

/** A master that moves to another day takes its range along. */
function keptRule(current: StoredEvent, next: StoredEvent): RecurrenceWithZone | undefined {
  const { series } = current;
  if (series === undefined) return undefined;
  const zoneChanged = resolveZone(next.startZone) !== resolveZone(series.zone);
  const startDay = dayOf(next.startMs, next.startZone);
  if (!zoneChanged && startDay === dayOf(current.startMs, series.zone)) return undefined;
  const shift = startDay - dayOf(current.startMs, series.zone);
  const endDay = series.range.endDay === undefined ? undefined : Math.max(startDay, series.range.endDay);
  return {
    pattern: series.pattern,
    range: { ...series.range, startDay: series.range.startDay + shift, endDay },
    zone: next.startZone,
  };
}

function dayOf(instantMs: number, zone: string): number {
  return Math.floor(toWallMs(instantMs, resolveZone(zone) ?? "UTC") / DAY_MS);
}

function checkTimes({ startMs, endMs }: Pick<Times, "startMs" | "endMs">): void {
  if (endMs < startMs) throw new EwsFault("ErrorCalendarEndDateIsEarlierThanStartDate");
  if (endMs - startMs > LONGEST_MS) throw new EwsFault("ErrorCalendarDurationIsTooLong");
}

function makeExtras(old: EventExtras | undefined, { extras, attendees }: ItemDraft): EventExtras | undefined {
  const kept = (old?.attendees ?? []).filter(({ type }) => !attendees.has(type));
  const said = new Map((old?.attendees ?? []).map((attendee) => [attendee.address.toLowerCase(), attendee]));
  // Who stays invited has answered already: a list that is sent again says nothing about answers.
  const named = [...attendees.values()].flat().map((attendee) => {
    const before = attendee.response === "none" ? said.get(attendee.address.toLowerCase()) : undefined;
    return before === undefined ? attendee : { ...before, name: attendee.name, type: attendee.type };
  });
  const all: readonly EventAttendee[] = [...kept, ...named];
  const merged = { ...old, ...extras, attendees: all.length === 0 ? undefined : all };
  const entries = Object.entries(merged).filter(([, value]) => value !== undefined);
  return entries.length === 0 ? undefined : (Object.fromEntries(entries) as EventExtras);
}

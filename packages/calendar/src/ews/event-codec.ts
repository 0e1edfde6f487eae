/**
 * Events as they arrive: `t:CalendarItem`.
 *
 * The rules are: a value of an enumeration that we do not know passes as it came; a member without which an event
 * means nothing (id, version, times) is an error, never a guess.
 *
 * @see https://learn.microsoft.com/exchange/client-developer/web-service-reference/calendaritem
 */
import type {
  Attendee,
  CalendarEvent,
  EventBody,
  EventType,
  Sensitivity,
  ShowAs,
  ZonedDateTime,
} from "../event.ts";
import { readProperties } from "./property-paths.ts";
import { readRecurrence } from "./recurrence-codec.ts";
import { childOf, textOf, type XmlElement } from "./xml-element.ts";
import { parseInstant, parseTime, readZone } from "./zone-codec.ts";

/** Fields of lists: the same that the Graph wing asks a calendar view for. */
export const VIEW_FIELDS = [
  "item:Subject",
  "item:Sensitivity",
  "item:Categories",
  "item:ReminderIsSet",
  "item:ReminderMinutesBeforeStart",
  "calendar:UID",
  "calendar:Start",
  "calendar:End",
  "calendar:OriginalStart",
  "calendar:IsAllDayEvent",
  "calendar:LegacyFreeBusyStatus",
  "calendar:Location",
  "calendar:IsMeeting",
  "calendar:IsCancelled",
  "calendar:CalendarItemType",
  "calendar:StartTimeZone",
  "calendar:EndTimeZone",
] as const;

/** Fields of one event read by its id; the last four are in no list of items. */
export const EVENT_FIELDS = [
  ...VIEW_FIELDS,
  "item:DateTimeCreated",
  "item:LastModifiedTime",
  "calendar:RequiredAttendees",
  "calendar:OptionalAttendees",
  "calendar:Resources",
  "calendar:Recurrence",
] as const;

const TYPES: Readonly<Record<string, EventType>> = {
  Single: "singleInstance",
  Occurrence: "occurrence",
  Exception: "exception",
  RecurringMaster: "seriesMaster",
};

const SHOW_AS: Readonly<Record<string, ShowAs>> = {
  Free: "free",
  Tentative: "tentative",
  Busy: "busy",
  OOF: "oof",
  WorkingElsewhere: "workingElsewhere",
  NoData: "unknown",
};

const ATTENDEES: readonly (readonly [string, Attendee["type"]])[] = [
  ["t:RequiredAttendees", "required"],
  ["t:OptionalAttendees", "optional"],
  ["t:Resources", "resource"],
];

/** Members of an item by name; the last of a name counts, named properties are many and read apart. */
type Members = ReadonlyMap<string, XmlElement>;

type Writable<Type> = { -readonly [Name in keyof Type]: Type[Name] };

/**
 * Reads an event.
 *
 * @param item - `t:CalendarItem`
 * @returns the event, its body when the item has one; without `seriesMasterId`, which no item names
 * @throws {RangeError} when id, version or a time is missing; the message names the member
 */
export function readEvent(item: XmlElement): CalendarEvent {
  const members = membersOf(item);
  const zone = readZone(members.get("t:StartTimeZone"));
  const type = members.get("t:CalendarItemType")?.text ?? "Single";
  const showAs = members.get("t:LegacyFreeBusyStatus")?.text ?? "NoData";
  const { id, changeKey } = readItemId(members.get("t:ItemId"));
  const event: Writable<CalendarEvent> = {
    id,
    changeKey,
    iCalUId: members.get("t:UID")?.text ?? "",
    type: TYPES[type] ?? (type as EventType),
    subject: members.get("t:Subject")?.text ?? "",
    start: readMoment(members, "t:Start", zone),
    end: readMoment(members, "t:End", readZone(members.get("t:EndTimeZone")) ?? zone),
    isAllDay: flagOf(members, "t:IsAllDayEvent") ?? false,
    isCancelled: flagOf(members, "t:IsCancelled") ?? false,
    location: members.get("t:Location")?.text ?? "",
    categories: (members.get("t:Categories")?.children ?? []).map(({ text }) => text),
    showAs: SHOW_AS[showAs] ?? (showAs as ShowAs),
    sensitivity: (members.get("t:Sensitivity")?.text.toLowerCase() ?? "normal") as Sensitivity,
    attendees: ATTENDEES.flatMap(([name, role]) => readAttendees(members.get(name), role)),
    properties: readProperties(item),
  };
  readOptional(event, members, zone);
  return event;
}

/** Members that not every event has; assigned one by one, because lists have thousands of events. */
function readOptional(event: Writable<CalendarEvent>, members: Members, zone: string | undefined): void {
  const originalStartAt = parseInstant(members.get("t:OriginalStart")?.text);
  if (originalStartAt !== undefined) event.originalStartAt = originalStartAt;
  const body = readBody(members.get("t:Body"));
  if (body !== undefined) event.body = body;
  const isReminderOn = flagOf(members, "t:ReminderIsSet");
  if (isReminderOn !== undefined) event.isReminderOn = isReminderOn;
  const reminder = Number.parseInt(members.get("t:ReminderMinutesBeforeStart")?.text ?? "", 10);
  if (Number.isSafeInteger(reminder)) event.reminderMinutesBeforeStart = reminder;
  const recurrence = readRecurrence(members.get("t:Recurrence"), zone);
  if (recurrence !== undefined) event.recurrence = recurrence;
  const createdAt = parseInstant(members.get("t:DateTimeCreated")?.text);
  if (createdAt !== undefined) event.createdAt = createdAt;
  const lastModifiedAt = parseInstant(members.get("t:LastModifiedTime")?.text);
  if (lastModifiedAt !== undefined) event.lastModifiedAt = lastModifiedAt;
}

function membersOf(item: XmlElement): Members {
  const members = new Map<string, XmlElement>();
  for (const child of item.children) members.set(child.name, child);
  return members;
}

/**
 * Reads the id of an item.
 *
 * @param itemId - `t:ItemId`
 * @returns id and version
 * @throws {RangeError} when one of them is missing
 */
export function readItemId(itemId: XmlElement | undefined): Pick<CalendarEvent, "id" | "changeKey"> {
  const { Id: id, ChangeKey: changeKey } = itemId?.attributes ?? {};
  if (id === undefined || id === "") throw new RangeError("the item has no id");
  if (changeKey === undefined || changeKey === "") throw new RangeError("the item has no change key");
  return { id, changeKey };
}

/**
 * Tells whether an item of a list lacks attendees, which lists do not give.
 *
 * @param item - `t:CalendarItem` of a list
 * @returns true for a meeting
 */
export function isMeeting(item: XmlElement): boolean {
  return isTrue(textOf(item, "t:IsMeeting"));
}

function flagOf(members: Members, name: string): boolean | undefined {
  const element = members.get(name);
  return element === undefined ? undefined : isTrue(element.text);
}

function isTrue(text: string | undefined): boolean {
  return text === "true" || text === "1";
}

function readMoment(members: Members, name: string, zone: string | undefined): ZonedDateTime {
  const moment = parseTime(members.get(name)?.text, zone);
  if (moment === undefined) throw new RangeError(`the item has no readable ${name.slice(2)}`);
  return moment;
}

function readBody(element: XmlElement | undefined): EventBody | undefined {
  if (element === undefined) return undefined;
  return {
    contentType: element.attributes["BodyType"] === "Text" ? "text" : "html",
    content: element.text,
  };
}

function readAttendees(element: XmlElement | undefined, type: Attendee["type"]): readonly Attendee[] {
  return (element?.children ?? []).map((attendee) => {
    const mailbox = childOf(attendee, "t:Mailbox");
    const displayName = textOf(mailbox, "t:Name");
    return {
      mailboxAddress: textOf(mailbox, "t:EmailAddress") ?? "",
      ...(displayName !== undefined && { displayName }),
      type,
    };
  });
}

/**
 * What a caller writes, as fields of a `t:CalendarItem`: one list, in the order of the schema, from which both the
 * new item and the changes of an old one are written.
 *
 * @see https://learn.microsoft.com/exchange/client-developer/web-service-reference/calendaritem
 */
import type { Attendee, EventDraft, ShowAs } from "../event.ts";
import { fieldPath, propertyPath, writeProperty } from "./property-paths.ts";
import { writeRecurrence } from "./recurrence-codec.ts";
import { type Xml, xml } from "./xml-writer.ts";
import { formatTime, writeZone } from "./zone-codec.ts";

/** One field of an item with what is to become of it. */
interface WrittenField {
  /** `t:FieldURI` or `t:ExtendedFieldURI`. */
  readonly path: Xml;
  /** The element that holds the value; `"empty"` when the field is to hold none. */
  readonly value: Xml | "empty";
}

/** Gives what a draft says of one field; `undefined` when it does not name it. */
type WriteField = (draft: Partial<EventDraft>) => Xml | "empty" | undefined;

const FREE_BUSY: Readonly<Record<ShowAs, string>> = {
  free: "Free",
  tentative: "Tentative",
  busy: "Busy",
  oof: "OOF",
  workingElsewhere: "WorkingElsewhere",
  unknown: "NoData",
};

/** Fields that stand before the named properties, in the order of the schema. */
const ITEM_FIELDS: readonly (readonly [string, WriteField])[] = [
  ["item:Subject", (draft) => writeText("t:Subject", draft.subject)],
  [
    "item:Sensitivity",
    ({ sensitivity }) =>
      writeText("t:Sensitivity", sensitivity && sensitivity.charAt(0).toUpperCase() + sensitivity.slice(1)),
  ],
  [
    "item:Body",
    ({ body }) =>
      body && xml("t:Body", { BodyType: body.contentType === "text" ? "Text" : "HTML" }, body.content),
  ],
  [
    "item:Categories",
    ({ categories }) =>
      writeList(
        "t:Categories",
        categories?.map((category) => xml("t:String", {}, category)),
      ),
  ],
  ["item:ReminderIsSet", (draft) => writeText("t:ReminderIsSet", draft.isReminderOn)],
  [
    "item:ReminderMinutesBeforeStart",
    (draft) => writeText("t:ReminderMinutesBeforeStart", draft.reminderMinutesBeforeStart),
  ],
];

/** Fields that stand after the named properties, in the order of the schema. */
const CALENDAR_FIELDS: readonly (readonly [string, WriteField])[] = [
  ["calendar:Start", ({ start }) => start && xml("t:Start", {}, formatTime(start))],
  ["calendar:End", ({ end }) => end && xml("t:End", {}, formatTime(end))],
  ["calendar:IsAllDayEvent", (draft) => writeText("t:IsAllDayEvent", draft.isAllDay)],
  [
    "calendar:LegacyFreeBusyStatus",
    ({ showAs }) => writeText("t:LegacyFreeBusyStatus", showAs && FREE_BUSY[showAs]),
  ],
  ["calendar:Location", (draft) => writeText("t:Location", draft.location)],
  ["calendar:RequiredAttendees", (draft) => writeAttendees("t:RequiredAttendees", "required", draft)],
  ["calendar:OptionalAttendees", (draft) => writeAttendees("t:OptionalAttendees", "optional", draft)],
  ["calendar:Resources", (draft) => writeAttendees("t:Resources", "resource", draft)],
  ["calendar:Recurrence", ({ recurrence }) => recurrence && writeRecurrence(recurrence)],
  ["calendar:StartTimeZone", ({ start }) => start && writeZone("t:StartTimeZone", start.ianaZone)],
  ["calendar:EndTimeZone", ({ end }) => end && writeZone("t:EndTimeZone", end.ianaZone)],
];

/**
 * Writes a new item.
 *
 * @param draft - what the caller writes
 * @returns `t:CalendarItem`, members in the order of the schema
 * @throws {NightlatchError} `CALENDAR_REJECTED` when EWS cannot express the series
 */
export function writeCalendarItem(draft: EventDraft): Xml {
  const values = writtenFields(draft).map(({ value }) => value);
  return xml("t:CalendarItem", {}, ...values.filter((value) => value !== "empty"));
}

/**
 * Writes what changes of an item.
 *
 * @param changes - the members that change; an empty text or list empties the field
 * @returns `t:SetItemField` and `t:DeleteItemField`, one per field
 * @throws {NightlatchError} `CALENDAR_REJECTED` when EWS cannot express the series
 */
export function writeItemChanges(changes: Partial<EventDraft>): readonly Xml[] {
  return writtenFields(changes).map(({ path, value }) =>
    value === "empty"
      ? xml("t:DeleteItemField", {}, path)
      : xml("t:SetItemField", {}, path, xml("t:CalendarItem", {}, value)),
  );
}

function writtenFields(draft: Partial<EventDraft>): readonly WrittenField[] {
  const properties = Object.entries(draft.properties ?? {}).map(([name, value]) => ({
    path: propertyPath(name),
    value: writeProperty(name, value),
  }));
  return [...named(ITEM_FIELDS, draft), ...properties, ...named(CALENDAR_FIELDS, draft)];
}

function named(
  fields: readonly (readonly [string, WriteField])[],
  draft: Partial<EventDraft>,
): readonly WrittenField[] {
  return fields.flatMap(([uri, write]) => {
    const value = write(draft);
    return value === undefined ? [] : [{ path: fieldPath(uri), value }];
  });
}

function writeText(name: string, value: string | number | boolean | undefined): ReturnType<WriteField> {
  if (value === undefined) return undefined;
  return value === "" ? "empty" : xml(name, {}, value);
}

function writeList(name: string, entries: readonly Xml[] | undefined): ReturnType<WriteField> {
  if (entries === undefined) return undefined;
  return entries.length === 0 ? "empty" : xml(name, {}, entries);
}

function writeAttendees(
  name: string,
  type: Attendee["type"],
  draft: Partial<EventDraft>,
): ReturnType<WriteField> {
  const attendees = draft.attendees?.filter((attendee) => attendee.type === type);
  return writeList(
    name,
    attendees?.map(({ displayName, mailboxAddress }) =>
      xml(
        "t:Attendee",
        {},
        xml(
          "t:Mailbox",
          {},
          displayName === undefined ? undefined : xml("t:Name", {}, displayName),
          xml("t:EmailAddress", {}, mailboxAddress),
        ),
      ),
    ),
  );
}

/** Values of properties as restrictions and sort orders compare them. */
import type { EventInstance } from "../../mailbox/event.ts";
import type { MailboxOwner } from "../call.ts";
import { EwsFault } from "../soap/ews-fault.ts";
import type { XmlElement } from "../soap/xml-reader.ts";
import { createdAtMs, isMeeting, modifiedAtMs, names, sizeOf } from "./calendar-properties.ts";
import { writeImportance, writeKind, writeSensitivity, writeShowAs } from "./calendar-words.ts";
import { extendedValue, readExtendedField } from "./extended-fields.ts";
import { bodyText } from "./item-body.ts";
import { itemClass } from "./item-class.ts";
import { itemIdAttributes } from "./item-references.ts";
import { uidOf } from "./item-view.ts";
import { repeatPath } from "./property-paths.ts";

/** A value; lists match when one of their members does. */
export type FieldValue = string | number | boolean | Date | readonly string[] | undefined;

/** Gives the value of one property. */
export type ValueOf = (owner: MailboxOwner, instance: EventInstance) => FieldValue;

const VALUES: Readonly<Record<string, ValueOf>> = {
  "item:ItemId": (owner, instance) => itemIdAttributes(owner, instance).Id,
  "item:ItemClass": (_owner, instance) => itemClass(instance),
  "item:Subject": (_owner, { event }) => event.subject,
  "item:Sensitivity": (_owner, { event }) => writeSensitivity(event.sensitivity),
  "item:Importance": (_owner, { event }) => writeImportance(event.importance),
  "item:Body": (_owner, { event }) => bodyText(event),
  "item:Categories": (_owner, { event }) => event.categories,
  "item:Size": (_owner, instance) => sizeOf(instance),
  "item:HasAttachments": (_owner, { event }) =>
    event.extras?.attachments?.some(({ isInline }) => !isInline) ?? false,
  "item:IsDraft": (_owner, { event }) => event.extras?.isDraft ?? false,
  "item:IsAssociated": () => false,
  "item:DateTimeCreated": (_owner, instance) => new Date(createdAtMs(instance)),
  "item:DateTimeReceived": (_owner, instance) => new Date(createdAtMs(instance)),
  "item:DateTimeSent": (_owner, instance) => new Date(createdAtMs(instance)),
  "item:LastModifiedTime": (_owner, instance) => new Date(modifiedAtMs(instance)),
  "item:LastModifiedName": ({ displayName }) => displayName,
  "item:ReminderIsSet": (_owner, { event }) => event.isReminderOn,
  "item:ReminderMinutesBeforeStart": (_owner, { event }) => event.reminderMinutes,
  "item:ReminderDueBy": (_owner, { startMs }) => new Date(startMs),
  "item:DisplayTo": (_owner, instance) => names(instance, "required"),
  "item:DisplayCc": (_owner, instance) => names(instance, "optional"),
  "calendar:Start": (_owner, { startMs }) => new Date(startMs),
  "calendar:End": (_owner, { endMs }) => new Date(endMs),
  "calendar:IsAllDayEvent": (_owner, { event }) => event.isAllDay,
  "calendar:LegacyFreeBusyStatus": (_owner, { event }) => writeShowAs(event.showAs),
  "calendar:Location": (_owner, { event }) => event.location,
  "calendar:IsMeeting": (_owner, instance) => isMeeting(instance),
  "calendar:IsCancelled": (_owner, { event }) => event.extras?.isCancelled ?? false,
  "calendar:IsRecurring": (_owner, { kind }) => kind === "occurrence" || kind === "exception",
  "calendar:CalendarItemType": (_owner, { kind }) => writeKind(kind),
  "calendar:Organizer": ({ displayName }, { event }) => event.extras?.organizer?.name ?? displayName,
};

/**
 * Finds how to get the value of a property.
 *
 * @param path - `FieldURI`, `ExtendedFieldURI` or `IndexedFieldURI`
 * @param isForSorting - which refusal to give
 * @returns gives the value of an item
 * @throws {EwsFault} ErrorUnsupportedPathForQuery or ErrorUnsupportedPathForSortGroup
 */
export function valueOfPath(path: XmlElement, isForSorting = false): ValueOf {
  if (path.name === "ExtendedFieldURI") {
    const field = readExtendedField(path);
    return (owner, instance) =>
      typedValue(field.type, extendedValue(field, instance, uidOf(owner, instance.event)));
  }
  const name = path.attributes.get("FieldURI") ?? "";
  const value = Object.hasOwn(VALUES, name) ? VALUES[name] : undefined;
  if (value !== undefined) return value;
  throw new EwsFault(isForSorting ? "ErrorUnsupportedPathForSortGroup" : "ErrorUnsupportedPathForQuery", {
    messageXml: repeatPath(path),
  });
}

const NUMBERS = new Set(["Integer", "Short", "Long", "Double", "Float", "Currency", "ApplicationTime"]);

function typedValue(type: string, value: string | readonly string[] | undefined): FieldValue {
  if (typeof value !== "string") return value;
  if (type === "Boolean") return /^(true|1)$/i.test(value);
  if (type === "SystemTime") return new Date(/(Z|[+-]\d{2}:\d{2})$/i.test(value) ? value : `${value}Z`);
  return NUMBERS.has(type) ? Number(value) : value;
}

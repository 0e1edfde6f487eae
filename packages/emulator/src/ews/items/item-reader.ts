/** Reads members of calendar items, for new items and for changes alike. */
import type { EventAttendee } from "../../mailbox/event.ts";
import { CALENDAR_FIELDS } from "../schema/field-uris.ts";
import { EwsFault } from "../soap/ews-fault.ts";
import { child, childText, type XmlElement } from "../soap/xml-reader.ts";
import { element } from "../soap/xml-writer.ts";
import { readMeetingZone, readZoneDefinition } from "../zones/zone-definition.ts";
import { readImportance, readResponse, readSensitivity, readShowAs } from "./calendar-words.ts";
import { readExtendedProperty } from "./extended-fields.ts";
import { isAppointmentClass, MESSAGE_CLASS } from "./item-class.ts";
import type { AttendeeType, ItemDraft } from "./item-draft.ts";
import { writeProperty } from "./native-properties.ts";
import { repeatPath } from "./property-paths.ts";

type Read = (draft: ItemDraft, member: XmlElement) => void;

const READERS: Readonly<Record<string, Read>> = {
  Subject: (draft, member) => {
    draft.content.subject = member.text;
  },
  Sensitivity: (draft, member) => {
    draft.content.sensitivity = readSensitivity(member.text);
  },
  Body: (draft, member) => {
    draft.content.body = member.text;
    draft.content.bodyType = member.attributes.get("BodyType") === "Text" ? "text" : "html";
  },
  Categories: (draft, member) => {
    draft.content.categories = readStrings(member);
  },
  Importance: (draft, member) => {
    draft.content.importance = readImportance(member.text);
  },
  ReminderIsSet: (draft, member) => {
    draft.content.isReminderOn = isTrue(member);
  },
  ReminderMinutesBeforeStart: (draft, member) => {
    draft.content.reminderMinutes = Number(member.text);
  },
  ExtendedProperty: (draft, member) => {
    const { key, value } = readExtendedProperty(member);
    writeProperty(draft, key, value);
  },
  UID: (draft, member) => {
    draft.uid = member.text;
  },
  Start: (draft, member) => {
    draft.start = member.text;
  },
  End: (draft, member) => {
    draft.end = member.text;
  },
  IsAllDayEvent: (draft, member) => {
    draft.content.isAllDay = isTrue(member);
  },
  LegacyFreeBusyStatus: (draft, member) => {
    draft.content.showAs = readShowAs(member.text);
  },
  Location: (draft, member) => {
    draft.content.location = member.text;
  },
  EnhancedLocation: (draft, member) => {
    draft.content.location = childText(member, "DisplayName") ?? "";
  },
  IsResponseRequested: (draft, member) => {
    draft.extras.responseRequested = isTrue(member);
  },
  RequiredAttendees: (draft, member) => {
    draft.attendees.set("required", readAttendees(member, "required"));
  },
  OptionalAttendees: (draft, member) => {
    draft.attendees.set("optional", readAttendees(member, "optional"));
  },
  Resources: (draft, member) => {
    draft.attendees.set("resource", readAttendees(member, "resource"));
  },
  Recurrence: (draft, member) => {
    draft.recurrence = member;
  },
  MeetingTimeZone: (draft, member) => {
    draft.meetingZone = readMeetingZone(member);
  },
  StartTimeZone: (draft, member) => {
    draft.startZone = readZoneDefinition(member);
  },
  EndTimeZone: (draft, member) => {
    draft.endZone = readZoneDefinition(member);
  },
  AllowNewTimeProposal: (draft, member) => {
    draft.extras.allowNewTimeProposals = isTrue(member);
  },
  IsOnlineMeeting: (draft, member) => {
    draft.extras.isOnlineMeeting = isTrue(member);
  },
  ItemClass: (draft, member) => {
    if (!isAppointmentClass(member.text)) throw notSettable("item:ItemClass");
    const isPlain = /^IPM\.Appointment$/i.test(member.text);
    draft.properties.push({ key: MESSAGE_CLASS, value: isPlain ? null : member.text });
  },
  // What language the text is in changes nothing that this store keeps.
  Culture: () => {},
  // Appointments are due when they start.
  ReminderDueBy: () => {},
  ConferenceType: (_draft, member) => {
    if (Number(member.text) !== 0) throw notSettable("calendar:ConferenceType");
  },
};

/** What a property is when it was taken away. */
const CLEARERS: Readonly<Record<string, (draft: ItemDraft) => void>> = {
  "item:Subject": ({ content }) => {
    content.subject = "";
  },
  "item:Body": ({ content }) => {
    content.body = undefined;
  },
  "item:Categories": ({ content }) => {
    content.categories = NO_CATEGORIES;
  },
  "calendar:Location": ({ content }) => {
    content.location = "";
  },
  "calendar:EnhancedLocation": ({ content }) => {
    content.location = "";
  },
  "calendar:RequiredAttendees": ({ attendees }) => {
    attendees.set("required", []);
  },
  "calendar:OptionalAttendees": ({ attendees }) => {
    attendees.set("optional", []);
  },
  "calendar:Resources": ({ attendees }) => {
    attendees.set("resource", []);
  },
  "calendar:Recurrence": (draft) => {
    draft.recurrence = null;
  },
};

const NO_CATEGORIES: readonly string[] = [];
/** Properties that Exchange lets callers set and this store does not keep: no item has them, so they are soon gone. */
const NEVER_HELD = new Set([
  ...[
    "item:InReplyTo",
    "item:Attachments",
    "item:InternetMessageHeaders",
    "item:MimeContent",
    "calendar:When",
  ],
  ...["calendar:MeetingWorkspaceUrl", "calendar:NetShowUrl"],
]);
const ATTENDEE_KINDS: Readonly<Record<string, AttendeeType>> = {
  RequiredAttendees: "required",
  OptionalAttendees: "optional",
  Resources: "resource",
};

/**
 * Reads one member.
 *
 * @param draft - changed in place
 * @param member - child of `t:CalendarItem`
 * @throws {EwsFault} ErrorInvalidPropertySet for what only the service sets
 */
export function readMember(draft: ItemDraft, member: XmlElement): void {
  const read = Object.hasOwn(READERS, member.name) ? READERS[member.name] : undefined;
  const fieldUri = fieldUriOf(member.name);
  if (NEVER_HELD.has(fieldUri)) draft.call.context.note(`miss: EWS property ${fieldUri}`);
  if (read === undefined) throw notSettable(fieldUri);
  read(draft, member);
}

/**
 * Takes one property away.
 *
 * @param draft - changed in place
 * @param path - of the property
 * @throws {EwsFault} ErrorInvalidPropertyDelete for what every item has
 */
export function clearMember(draft: ItemDraft, path: XmlElement): void {
  const fieldUri = path.attributes.get("FieldURI") ?? "";
  if (NEVER_HELD.has(fieldUri)) return;
  const clear = Object.hasOwn(CLEARERS, fieldUri) ? CLEARERS[fieldUri] : undefined;
  if (clear === undefined) throw new EwsFault("ErrorInvalidPropertyDelete", { messageXml: repeatPath(path) });
  clear(draft);
}

/**
 * Adds to one property.
 *
 * @param draft - changed in place
 * @param member - what is added
 * @param current - the item as it is
 * @throws {EwsFault} ErrorInvalidPropertyAppend for what holds one value only
 */
export function appendMember(
  draft: ItemDraft,
  member: XmlElement,
  current: {
    readonly body: string | undefined;
    readonly bodyType: "text" | "html";
    readonly categories: readonly string[];
    readonly attendees: readonly EventAttendee[];
  },
): void {
  const kind = ATTENDEE_KINDS[member.name];
  if (kind !== undefined) {
    const before = draft.attendees.get(kind) ?? current.attendees.filter(({ type }) => type === kind);
    draft.attendees.set(kind, [...before, ...readAttendees(member, kind)]);
  } else if (member.name === "Categories") {
    const before = draft.content.categories ?? current.categories;
    draft.content.categories = [...new Set([...before, ...readStrings(member)])];
  } else if (member.name === "Body") {
    draft.content.body = (draft.content.body ?? current.body ?? "") + member.text;
    draft.content.bodyType ??= current.body === undefined ? bodyTypeOf(member) : current.bodyType;
  } else throw new EwsFault("ErrorInvalidPropertyAppend", { messageXml: pathXml(fieldUriOf(member.name)) });
}

/**
 * Gives the path of a member of a calendar item.
 *
 * @param name - local name of the element
 * @returns `item:…` or `calendar:…`
 */
export function fieldUriOf(name: string): string {
  return CALENDAR_FIELDS.includes(name) ? `calendar:${name}` : `item:${name}`;
}

function readAttendees(list: XmlElement, type: AttendeeType): EventAttendee[] {
  return list.children.map((attendee) => {
    const mailbox = child(attendee, "Mailbox");
    const address = childText(mailbox, "EmailAddress") ?? "";
    return {
      address,
      name: childText(mailbox, "Name") ?? address,
      type,
      response: readResponse(childText(attendee, "ResponseType")),
    };
  });
}

function readStrings(list: XmlElement): string[] {
  return list.children.map(({ text }) => text);
}

function isTrue({ text }: XmlElement): boolean {
  return /^\s*(true|1)\s*$/.test(text);
}

function bodyTypeOf(member: XmlElement): "text" | "html" {
  return member.attributes.get("BodyType") === "Text" ? "text" : "html";
}

function notSettable(fieldUri: string): EwsFault {
  return new EwsFault("ErrorInvalidPropertySet", { messageXml: pathXml(fieldUri) });
}

function pathXml(fieldUri: string): string {
  return element("t:FieldURI", "", { FieldURI: fieldUri });
}

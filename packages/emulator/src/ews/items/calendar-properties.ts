/** Properties of calendar items, in the order of the schema. */
import type { EventAttendee, EventInstance } from "../../mailbox/event.ts";
import { listExtendedProperties } from "../../mailbox/extended-properties.ts";
import { encodeFolderId } from "../../mailbox/item-ids.ts";
import { isSeriesMaster, occurrenceTimes } from "../../mailbox/series.ts";
import { resolveZone } from "../../mailbox/zones.ts";
import { writeFileAttachment } from "../attachments/file-attachments.ts";
import { WAS_INVITED } from "../meetings/invitations.ts";
import { writeMimeContent } from "../mime/calendar-writer.ts";
import { isKnownTo } from "../schema/since.ts";
import { element, text } from "../soap/xml-writer.ts";
import { formatDuration } from "../zones/durations.ts";
import { formatInstant } from "../zones/instants.ts";
import { windowsName } from "../zones/zone-definition.ts";
import { writeZoneDefinition, zoneTitle } from "../zones/zone-rules.ts";
import {
  writeImportance,
  writeKind,
  writeResponse,
  writeSensitivity,
  writeShowAs,
} from "./calendar-words.ts";
import { bodyText, writeBody } from "./item-body.ts";
import { itemClass } from "./item-class.ts";
import { itemIdAttributes, toEwsId } from "./item-references.ts";
import { type ItemView, uidOf } from "./item-view.ts";
import { MASTER_PROPERTIES } from "./master-properties.ts";
import { writeNeighbourCount, writeNeighbours } from "./neighbours.ts";

/** Writes one property; an empty text when the item has none. */
export type PropertyWriter = (view: ItemView) => string;

/** Zones as they were written: to find their rules takes a search through the year. */
const zones = new Map<string, string>();
const ZONES_LIMIT = 1_000;
const RIGHTS = ["CreateAssociated", "CreateContents", "CreateHierarchy", "Delete", "Modify", "Read"]
  .map((name) => text(`t:${name}`, true))
  .join("");
const RIGHTS_SINCE_2010 = RIGHTS + text("t:ViewPrivateItems", true);

/** Writers by property path. The order is that of the schema; extended properties come where `extended` stands. */
export const CALENDAR_PROPERTIES: ReadonlyMap<string, PropertyWriter> = new Map<string, PropertyWriter>([
  ["item:MimeContent", writeMimeContent],
  ["item:ItemId", ({ owner, instance }) => element("t:ItemId", "", { ...itemIdAttributes(owner, instance) })],
  [
    "item:ParentFolderId",
    ({ owner, instance }) =>
      element("t:ParentFolderId", "", { Id: toEwsId(encodeFolderId(owner.id, instance.event.folder)) }),
  ],
  ["item:ItemClass", ({ instance }) => text("t:ItemClass", itemClass(instance))],
  [
    "item:Subject",
    ({ instance }) => (instance.event.subject === "" ? "" : text("t:Subject", instance.event.subject)),
  ],
  ["item:Sensitivity", ({ instance }) => text("t:Sensitivity", writeSensitivity(instance.event.sensitivity))],
  ["item:Body", ({ instance, bodyWish }) => writeBody("t:Body", instance.event, bodyWish)],
  ["item:Attachments", writeAttachments],
  ["item:DateTimeReceived", (view) => time(view, "DateTimeReceived", createdAtMs(view.instance))],
  ["item:Size", ({ instance }) => text("t:Size", sizeOf(instance))],
  [
    "item:Categories",
    ({ instance: { event } }) =>
      event.categories.length === 0
        ? ""
        : element("t:Categories", event.categories.map((name) => text("t:String", name)).join("")),
  ],
  ["item:Importance", ({ instance }) => text("t:Importance", writeImportance(instance.event.importance))],
  ["item:IsSubmitted", () => text("t:IsSubmitted", false)],
  ["item:IsDraft", ({ instance }) => text("t:IsDraft", instance.event.extras?.isDraft ?? false)],
  ["item:IsFromMe", () => text("t:IsFromMe", false)],
  ["item:IsResend", () => text("t:IsResend", false)],
  ["item:IsUnmodified", () => text("t:IsUnmodified", false)],
  ["item:DateTimeSent", (view) => time(view, "DateTimeSent", createdAtMs(view.instance))],
  ["item:DateTimeCreated", (view) => time(view, "DateTimeCreated", createdAtMs(view.instance))],
  ["item:ResponseObjects", ({ instance }) => responseObjects(instance)],
  ["item:ReminderDueBy", (view) => time(view, "ReminderDueBy", view.instance.startMs)],
  ["item:ReminderIsSet", ({ instance }) => text("t:ReminderIsSet", instance.event.isReminderOn)],
  [
    "item:ReminderMinutesBeforeStart",
    ({ instance }) => text("t:ReminderMinutesBeforeStart", instance.event.reminderMinutes),
  ],
  ["item:DisplayCc", ({ instance }) => text("t:DisplayCc", names(instance, "optional"))],
  ["item:DisplayTo", ({ instance }) => text("t:DisplayTo", names(instance, "required"))],
  [
    "item:HasAttachments",
    // Pictures that stand in the body do not count.
    ({ instance: { event } }) =>
      text("t:HasAttachments", event.extras?.attachments?.some(({ isInline }) => !isInline) ?? false),
  ],
  ["extended", () => ""],
  ["item:Culture", () => text("t:Culture", "en-GB")],
  ["item:EffectiveRights", ({ call }) => effectiveRights(call.version)],
  ["item:LastModifiedName", ({ owner }) => text("t:LastModifiedName", owner.displayName)],
  ["item:LastModifiedTime", (view) => time(view, "LastModifiedTime", modifiedAtMs(view.instance))],
  ["item:IsAssociated", () => text("t:IsAssociated", false)],
  ["item:WebClientReadFormQueryString", (view) => webLink(view, "WebClientReadFormQueryString")],
  ["item:WebClientEditFormQueryString", (view) => webLink(view, "WebClientEditFormQueryString")],
  ["item:UniqueBody", ({ instance, bodyWish }) => writeBody("t:UniqueBody", instance.event, bodyWish)],
  [
    "item:NormalizedBody",
    ({ instance, bodyWish }) => writeBody("t:NormalizedBody", instance.event, bodyWish),
  ],
  ["item:Preview", ({ instance }) => text("t:Preview", bodyText(instance.event).slice(0, 255))],
  ["item:TextBody", ({ instance }) => writeBody("t:TextBody", instance.event, "Text")],
  ["calendar:UID", ({ owner, instance }) => text("t:UID", uidOf(owner, instance.event))],
  ["calendar:RecurrenceId", (view) => originalTime(view, "RecurrenceId")],
  ["calendar:DateTimeStamp", (view) => time(view, "DateTimeStamp", modifiedAtMs(view.instance))],
  ["calendar:Start", (view) => time(view, "Start", view.instance.startMs)],
  ["calendar:End", (view) => time(view, "End", view.instance.endMs)],
  ["calendar:OriginalStart", (view) => originalTime(view, "OriginalStart")],
  ["calendar:IsAllDayEvent", ({ instance }) => text("t:IsAllDayEvent", instance.event.isAllDay)],
  [
    "calendar:LegacyFreeBusyStatus",
    ({ call, instance }) => text("t:LegacyFreeBusyStatus", writeShowAs(instance.event.showAs, call.version)),
  ],
  [
    "calendar:Location",
    ({ instance }) => (instance.event.location === "" ? "" : text("t:Location", instance.event.location)),
  ],
  ["calendar:IsMeeting", ({ instance }) => text("t:IsMeeting", isMeeting(instance))],
  [
    "calendar:IsCancelled",
    ({ instance }) => text("t:IsCancelled", instance.event.extras?.isCancelled ?? false),
  ],
  [
    "calendar:IsRecurring",
    ({ instance }) => text("t:IsRecurring", instance.kind === "occurrence" || instance.kind === "exception"),
  ],
  ["calendar:MeetingRequestWasSent", ({ instance }) => text("t:MeetingRequestWasSent", wasInvited(instance))],
  [
    "calendar:IsResponseRequested",
    ({ instance }) => text("t:IsResponseRequested", instance.event.extras?.responseRequested ?? true),
  ],
  ["calendar:CalendarItemType", ({ instance }) => text("t:CalendarItemType", writeKind(instance.kind))],
  [
    "calendar:MyResponseType",
    ({ instance }) => text("t:MyResponseType", isOrganizer(instance) ? "Organizer" : ownResponse(instance)),
  ],
  ["calendar:Organizer", writeOrganizer],
  ["calendar:RequiredAttendees", (view) => writeAttendees(view, "RequiredAttendees", "required")],
  ["calendar:OptionalAttendees", (view) => writeAttendees(view, "OptionalAttendees", "optional")],
  ["calendar:Resources", (view) => writeAttendees(view, "Resources", "resource")],
  ["calendar:ConflictingMeetingCount", (view) => writeNeighbourCount(view, "conflicting")],
  ["calendar:AdjacentMeetingCount", (view) => writeNeighbourCount(view, "adjacent")],
  ["calendar:ConflictingMeetings", (view) => writeNeighbours(view, "conflicting")],
  ["calendar:AdjacentMeetings", (view) => writeNeighbours(view, "adjacent")],
  [
    "calendar:Duration",
    ({ instance }) => text("t:Duration", formatDuration(instance.endMs - instance.startMs)),
  ],
  ["calendar:TimeZone", ({ instance }) => text("t:TimeZone", zoneTitle(instance.event.startZone))],
  ["calendar:AppointmentReplyTime", (view) => maybeTime(view, "AppointmentReplyTime", repliedAtMs(view))],
  ["calendar:AppointmentSequenceNumber", () => text("t:AppointmentSequenceNumber", 0)],
  ["calendar:AppointmentState", ({ instance }) => text("t:AppointmentState", appointmentState(instance))],
  ...MASTER_PROPERTIES,
  [
    "calendar:MeetingTimeZone",
    ({ instance }) =>
      element("t:MeetingTimeZone", "", { TimeZoneName: windowsName(instance.event.startZone) }),
  ],
  ["calendar:StartTimeZone", (view) => zone(view, "StartTimeZone", view.instance.event.startZone)],
  ["calendar:EndTimeZone", (view) => zone(view, "EndTimeZone", view.instance.event.endZone)],
  ["calendar:ConferenceType", () => text("t:ConferenceType", 0)],
  [
    "calendar:AllowNewTimeProposal",
    ({ instance }) => text("t:AllowNewTimeProposal", instance.event.extras?.allowNewTimeProposals ?? true),
  ],
  [
    "calendar:IsOnlineMeeting",
    ({ instance }) => text("t:IsOnlineMeeting", instance.event.extras?.isOnlineMeeting ?? false),
  ],
  [
    "calendar:EnhancedLocation",
    ({ instance: { event } }) =>
      event.location === "" ? "" : element("t:EnhancedLocation", text("t:DisplayName", event.location)),
  ],
  [
    "calendar:StartWallClock",
    ({ instance }) => wallClock("StartWallClock", instance.startMs, instance.event.startZone),
  ],
  [
    "calendar:EndWallClock",
    ({ instance }) => wallClock("EndWallClock", instance.endMs, instance.event.endZone),
  ],
  [
    "calendar:StartTimeZoneId",
    ({ instance }) => text("t:StartTimeZoneId", windowsName(instance.event.startZone)),
  ],
  ["calendar:EndTimeZoneId", ({ instance }) => text("t:EndTimeZoneId", windowsName(instance.event.endZone))],
  ["calendar:IsOrganizer", ({ instance }) => text("t:IsOrganizer", isOrganizer(instance))],
]);

/**
 * Writes the rights of the owner, who is whom every caller acts for.
 *
 * @param version - of the request
 * @returns XML
 */
export function effectiveRights(version: string): string {
  const isYoung = isKnownTo(version, "t:EffectiveRightsType ViewPrivateItems");
  return element("t:EffectiveRights", isYoung ? RIGHTS_SINCE_2010 : RIGHTS);
}

/**
 * Tells whether somebody was invited.
 *
 * @param instance - the item
 * @returns false for appointments
 */
export function isMeeting({ event }: EventInstance): boolean {
  return (event.extras?.attendees ?? []).length > 0;
}

/**
 * Gives the names of those who were invited.
 *
 * @param instance - the item
 * @param type - which of them
 * @returns names between semicolons
 */
export function names({ event }: EventInstance, type: EventAttendee["type"]): string {
  const wanted = (event.extras?.attendees ?? []).filter((attendee) => attendee.type === type);
  return wanted.map(({ name }) => name).join("; ");
}

/**
 * Tells when an item was made.
 *
 * @param instance - the item
 * @returns milliseconds since 1970 UTC
 */
export function createdAtMs({ exception, event }: EventInstance): number {
  return exception?.createdAtMs ?? event.createdAtMs;
}

/**
 * Tells when an item was changed.
 *
 * @param instance - the item
 * @returns milliseconds since 1970 UTC
 */
export function modifiedAtMs({ exception, event }: EventInstance): number {
  return exception?.modifiedAtMs ?? event.modifiedAtMs;
}

/**
 * Estimates the size of an item.
 *
 * @param instance - the item
 * @returns bytes, as good a guess as any
 */
export function sizeOf({ event }: EventInstance): number {
  return 2_000 + (event.body ?? "").length + event.subject.length;
}

function isOrganizer({ event }: EventInstance): boolean {
  return event.extras?.organizer === undefined;
}

function ownResponse({ event }: EventInstance): string {
  return writeResponse(event.extras?.response?.status ?? "notResponded");
}

function repliedAtMs({ instance }: ItemView): number | undefined {
  return isOrganizer(instance) ? undefined : instance.event.extras?.response?.atMs;
}

/** A meeting that was saved without telling those who are invited says so; all others were sent. */
function wasInvited(instance: EventInstance): boolean {
  const stored = listExtendedProperties(instance.event.properties);
  return isMeeting(instance) && !stored.some(({ key, value }) => key === WAS_INVITED && value === "false");
}

function writeAttachments(view: ItemView): string {
  const { attachments = [] } = view.instance.event.extras ?? {};
  if (attachments.length === 0) return "";
  const files = attachments.map((attachment) => writeFileAttachment({ ...view, attachment }, false));
  return element("t:Attachments", files.join(""));
}

/** What the emulator lets the caller do with a meeting. */
function responseObjects(instance: EventInstance): string {
  const isCancelled = instance.event.extras?.isCancelled === true;
  if (isCancelled || !(isMeeting(instance) || !isOrganizer(instance))) return "";
  const names = isOrganizer(instance)
    ? ["CancelCalendarItem"]
    : ["AcceptItem", "TentativelyAcceptItem", "DeclineItem"];
  return element("t:ResponseObjects", names.map((name) => element(`t:${name}`, "")).join(""));
}

function maybeTime(view: ItemView, name: string, instantMs: number | undefined): string {
  return instantMs === undefined ? "" : time(view, name, instantMs);
}

function time({ call }: ItemView, name: string, instantMs: number): string {
  return text(`t:${name}`, formatInstant(instantMs, call.ianaZone));
}

function originalTime(view: ItemView, name: string): string {
  const { instance, owner } = view;
  if (instance.kind === "occurrence") return time(view, name, instance.startMs);
  const master = owner.mailbox.events.get(instance.event.number);
  if (instance.day === undefined || master === undefined || !isSeriesMaster(master)) return "";
  return time(view, name, occurrenceTimes(master, instance.day).startMs);
}

function wallClock(name: string, instantMs: number, zoneName: string): string {
  return text(`t:${name}`, formatInstant(instantMs, resolveZone(zoneName) ?? "UTC"));
}

function zone({ call, hasZoneRules }: ItemView, name: string, zoneName: string): string {
  const year = new Date(call.context.clock.nowMs()).getUTCFullYear();
  const key = [name, zoneName, year, hasZoneRules].join("|");
  const known = zones.get(key);
  if (known !== undefined) return known;
  const found = { windowsZone: windowsName(zoneName), ianaZone: resolveZone(zoneName) ?? "UTC" };
  const written = writeZoneDefinition(found, year, hasZoneRules, `t:${name}`);
  if (zones.size >= ZONES_LIMIT) zones.clear();
  zones.set(key, written);
  return written;
}

function webLink({ owner, instance }: ItemView, name: string): string {
  const { Id } = itemIdAttributes(owner, instance);
  return text(
    `t:${name}`,
    `https://outlook.office365.com/owa/?itemid=${encodeURIComponent(Id)}&exvsurl=1&path=/calendar/item`,
  );
}

/** 1 meeting, 2 received, 4 cancelled. */
function appointmentState(instance: EventInstance): number {
  const cancelled = instance.event.extras?.isCancelled === true ? 4 : 0;
  return (isMeeting(instance) ? 1 : 0) + (isOrganizer(instance) ? 0 : 2) + cancelled;
}

function writeOrganizer({ owner, instance }: ItemView): string {
  const { address, name } = instance.event.extras?.organizer ?? {
    address: owner.address,
    name: owner.displayName,
  };
  return element("t:Organizer", writeMailbox(name, address));
}

function writeAttendees(view: ItemView, name: string, type: EventAttendee["type"]): string {
  const { attendees = [] } = view.instance.event.extras ?? {};
  const wanted = (attendees ?? []).filter((attendee) => attendee.type === type);
  if (wanted.length === 0) return "";
  return element(
    `t:${name}`,
    wanted
      .map((attendee) =>
        element(
          "t:Attendee",
          writeMailbox(attendee.name, attendee.address) +
            text("t:ResponseType", writeResponse(attendee.response)) +
            maybeTime(view, "LastResponseTime", attendee.respondedAtMs) +
            writeProposal(view, attendee),
        ),
      )
      .join(""),
  );
}

function writeProposal(view: ItemView, { proposedNewTime }: EventAttendee): string {
  if (proposedNewTime === undefined) return "";
  if (!isKnownTo(view.call.version, "t:AttendeeType ProposedStart")) return "";
  return (
    time(view, "ProposedStart", proposedNewTime.startMs) + time(view, "ProposedEnd", proposedNewTime.endMs)
  );
}

function writeMailbox(name: string, address: string): string {
  return element(
    "t:Mailbox",
    text("t:Name", name) +
      (address === "" ? "" : text("t:EmailAddress", address)) +
      text("t:RoutingType", "SMTP") +
      text("t:MailboxType", "Mailbox"),
  );
}

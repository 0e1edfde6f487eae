/**
 * Response shapes: which properties an answer shows.
 *
 * @see https://learn.microsoft.com/exchange/client-developer/exchange-web-services/property-sets-and-response-shapes-in-ews-in-exchange
 */
import type { EventInstance, StoredEvent } from "../../mailbox/event.ts";
import type { EwsCall, MailboxOwner } from "../call.ts";
import { isKnownTo, memberOfField } from "../schema/since.ts";
import { EwsFault } from "../soap/ews-fault.ts";
import { child, childText, type XmlElement } from "../soap/xml-reader.ts";
import { element } from "../soap/xml-writer.ts";
import { CALENDAR_PROPERTIES, type PropertyWriter } from "./calendar-properties.ts";
import {
  type ExtendedField,
  extendedValue,
  readExtendedField,
  writeExtendedProperty,
} from "./extended-fields.ts";
import type { BodyWish } from "./item-body.ts";
import { type ItemView, uidOf } from "./item-view.ts";
import { repeatPath } from "./property-paths.ts";

/** A shape, ready to write items. */
export interface ItemShape {
  readonly steps: readonly ShapeStep[];
  readonly bodyWish: BodyWish;
  readonly hasZoneRules: boolean;
  /** What all regular occurrences of a series say alike, by series and step. */
  readonly alike: Map<StoredEvent, readonly string[]>;
}

/** One property of a shape. */
interface ShapeStep {
  readonly write: PropertyWriter;
  /** Whether occurrences of one series differ in it. */
  readonly differs: boolean;
}

/** Id and times; all else an occurrence has from its series. */
const DIFFERING_PROPERTIES = new Set([
  ...["extended", "item:Attachments", "item:MimeContent", "item:ItemId", "item:ReminderDueBy"],
  ...["item:WebClientReadFormQueryString", "item:WebClientEditFormQueryString"],
  ...["calendar:RecurrenceId", "calendar:Start", "calendar:End", "calendar:OriginalStart"],
  ...["calendar:Duration", "calendar:StartWallClock", "calendar:EndWallClock"],
  ...["calendar:ConflictingMeetingCount", "calendar:AdjacentMeetingCount"],
  ...["calendar:ConflictingMeetings", "calendar:AdjacentMeetings"],
]);

const DEFAULT_PROPERTIES = new Set([
  ...["item:ItemId", "item:Subject", "item:HasAttachments", "item:IsAssociated"],
  ...["calendar:Start", "calendar:End", "calendar:LegacyFreeBusyStatus", "calendar:Location"],
  ...["calendar:CalendarItemType", "calendar:Organizer"],
]);
/** Only given when they are asked for by name. */
const ON_REQUEST = new Set([
  ...["item:MimeContent", "item:UniqueBody", "item:NormalizedBody", "item:Preview", "item:TextBody"],
  ...[
    "calendar:StartWallClock",
    "calendar:EndWallClock",
    "calendar:StartTimeZoneId",
    "calendar:EndTimeZoneId",
  ],
  ...["calendar:MeetingTimeZone", "calendar:EnhancedLocation"],
]);
/** Never given by finds and synchronisation: they need the whole item. */
const ONLY_OF_GET_ITEM = new Set([
  ...[
    "item:MimeContent",
    "item:Body",
    "item:Attachments",
    "item:UniqueBody",
    "item:NormalizedBody",
    "item:TextBody",
  ],
  ...[
    "calendar:RequiredAttendees",
    "calendar:OptionalAttendees",
    "calendar:Resources",
    "calendar:Recurrence",
  ],
  ...["calendar:FirstOccurrence", "calendar:LastOccurrence"],
  ...["calendar:ConflictingMeetingCount", "calendar:AdjacentMeetingCount"],
  ...["calendar:ConflictingMeetings", "calendar:AdjacentMeetings"],
  ...["calendar:ModifiedOccurrences", "calendar:DeletedOccurrences", "calendar:MeetingTimeZone"],
]);
const KNOWN_FAMILY =
  /^(item|calendar|meeting|meetingRequest|message|contacts|task|postitem|sharingMessage|distributionlist|conversation):/;

/**
 * Reads a shape.
 *
 * @param shape - `ItemResponseShapeType`
 * @param isWhole - whether the operation gives whole items, as GetItem does
 * @param version - of the request; what is younger is left out
 * @returns the shape
 * @throws {EwsFault} ErrorInvalidPropertyRequest or ErrorInvalidExtendedProperty
 */
export function readItemShape(shape: XmlElement | undefined, isWhole: boolean, version: string): ItemShape {
  const base = childText(shape, "BaseShape");
  const wanted = new Set<string>();
  for (const name of baseProperties(base)) if (isKnownTo(version, memberOfField(name))) wanted.add(name);
  if (/^(true|1)$/.test(childText(shape, "IncludeMimeContent")?.trim() ?? "")) wanted.add("item:MimeContent");
  const fields: ExtendedField[] = [];
  for (const path of child(shape, "AdditionalProperties")?.children ?? []) {
    if (path.name === "ExtendedFieldURI") fields.push(readExtendedField(path));
    else addProperty(wanted, path);
  }
  const bodyWish = (childText(shape, "BodyType") ?? "Best") as BodyWish;
  const steps: ShapeStep[] = [];
  for (const [name, write] of CALENDAR_PROPERTIES) {
    const differs = DIFFERING_PROPERTIES.has(name);
    if (name === "extended") {
      if (fields.length > 0) steps.push({ write: writerOf(fields), differs });
    } else if (wanted.has(name) && (isWhole || !ONLY_OF_GET_ITEM.has(name))) steps.push({ write, differs });
  }
  // Clients that bind to zones want their rules; lists that name their properties are spared a thousand copies.
  return { steps, bodyWish, hasZoneRules: isWhole || base === "AllProperties", alike: new Map() };
}

/**
 * Writes an item.
 *
 * @param call - the request
 * @param owner - whose item
 * @param instance - the item
 * @param shape - how the caller wants to see it
 * @returns XML of `t:CalendarItem`
 */
export function writeItem(
  call: EwsCall,
  owner: MailboxOwner,
  instance: EventInstance,
  shape: ItemShape,
): string {
  const { bodyWish, hasZoneRules } = shape;
  const view: ItemView = { call, owner, instance, bodyWish, hasZoneRules };
  let content = "";
  if (instance.kind === "occurrence") {
    const alike = writeAlike(view, shape);
    for (const [index, { write, differs }] of shape.steps.entries())
      content += differs ? write(view) : alike[index];
  } else for (const { write } of shape.steps) content += write(view);
  return element("t:CalendarItem", content);
}

/** Runs of properties that do not differ are joined: the first of a run holds all of it. */
function writeAlike(view: ItemView, { steps, alike }: ItemShape): readonly string[] {
  const known = alike.get(view.instance.event);
  if (known !== undefined) return known;
  const written: string[] = steps.map(() => "");
  let first = 0;
  for (const [index, { write, differs }] of steps.entries()) {
    if (differs) first = index + 1;
    else written[first] += write(view);
  }
  alike.set(view.instance.event, written);
  return written;
}

function* baseProperties(base: string | undefined): Generator<string> {
  yield "item:ItemId";
  if (base === "Default") yield* DEFAULT_PROPERTIES;
  if (base === "AllProperties")
    for (const name of CALENDAR_PROPERTIES.keys()) if (!ON_REQUEST.has(name)) yield name;
}

/** Properties of other kinds of items are no fault; calendar items just have none of them. */
function addProperty(wanted: Set<string>, path: XmlElement): void {
  const name = path.attributes.get("FieldURI") ?? "";
  if (!KNOWN_FAMILY.test(name))
    throw new EwsFault("ErrorInvalidPropertyRequest", {
      messageXml: repeatPath(path),
    });
  wanted.add(name);
}

function writerOf(fields: readonly ExtendedField[]): PropertyWriter {
  return ({ owner, instance }) => {
    const uid = uidOf(owner, instance.event);
    let written = "";
    for (const field of fields) {
      const value = extendedValue(field, instance, uid);
      if (value !== undefined) written += writeExtendedProperty(field, value);
    }
    return written;
  };
}

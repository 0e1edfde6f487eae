/**
 * Reads the body of an event as a client sends it. Read-only members are passed over, as the service does; unknown
 * ones are refused by name.
 */
import { parseWallTime } from "../../mailbox/civil-days.ts";
import type {
  EventAttendee,
  EventContent,
  EventExtras,
  EventLocation,
  OpenExtension,
} from "../../mailbox/event.ts";
import { type ExtendedProperty, parseGraphPropertyId } from "../../mailbox/extended-properties.ts";
import { sharedText, sharedTexts } from "../../mailbox/shared-text.ts";
import { resolveZone, toInstantMs } from "../../mailbox/zones.ts";
import { isJsonObject, type JsonObject } from "../call.ts";
import { GraphFault } from "../errors.ts";
import { parseBoolean, parseInteger } from "../odata/primitive.ts";
import { failedValidation, invalidValue, unknownProperty, unknownZone, wrongType } from "./event-faults.ts";
import { readOpenExtension } from "./open-extensions.ts";

/** A time as it was sent. */
interface SentTime {
  readonly instantMs: number;
  /** As it was named. */
  readonly zone: string;
}

/** What a body says; absent members say nothing. */
export interface SentEvent {
  readonly content: Partial<EventContent>;
  readonly extras: EventExtras;
  readonly start: SentTime | undefined;
  readonly end: SentTime | undefined;
  readonly recurrence: JsonObject | null | undefined;
  /** A `null` value takes the property away. */
  readonly properties: readonly (Omit<ExtendedProperty, "value"> & {
    readonly value: ExtendedProperty["value"] | null;
  })[];
  readonly extensions: readonly OpenExtension[] | undefined;
  /** As they were sent. */
  readonly attachments: readonly unknown[] | undefined;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

interface Draft {
  content: Mutable<Partial<EventContent>>;
  extras: Mutable<EventExtras>;
  start: SentTime | undefined;
  end: SentTime | undefined;
  recurrence: JsonObject | null | undefined;
  properties: SentEvent["properties"][number][];
  extensions: OpenExtension[] | undefined;
  attachments: readonly unknown[] | undefined;
}

const SHOW_AS = ["unknown", "free", "tentative", "busy", "oof", "workingElsewhere"] as const;
const SENSITIVITY = ["normal", "personal", "private", "confidential"] as const;
const IMPORTANCE = ["low", "normal", "high"] as const;
const ATTENDEE_TYPES = ["required", "optional", "resource"] as const;
const PROVIDERS = ["unknown", "skypeForBusiness", "skypeForConsumer", "teamsForBusiness"] as const;
/** Longest list of invited people that the service takes. */
const ATTENDEE_LIMIT = 500;

/** Members that only the service sets. */
const READ_ONLY = new Set([
  "id",
  "changeKey",
  "createdDateTime",
  "lastModifiedDateTime",
  "iCalUId",
  "uid",
  "bodyPreview",
  "hasAttachments",
  "isCancelled",
  "isOrganizer",
  "organizer",
  "originalStart",
  "originalStartTimeZone",
  "originalEndTimeZone",
  "responseStatus",
  "seriesMasterId",
  "type",
  "webLink",
  "onlineMeeting",
  "onlineMeetingUrl",
  "occurrenceId",
  "cancelledOccurrences",
]);

const READERS: Readonly<Record<string, (draft: Draft, value: unknown) => void>> = {
  subject: (draft, value) => {
    draft.content.subject = value === null ? "" : readString("subject", value);
  },
  body: (draft, value) => {
    if (value === null) draft.content.body = undefined;
    else {
      const body = readObject("body", value);
      draft.content.bodyType = readEnum(body["contentType"] ?? "text", ["text", "html"] as const);
      draft.content.body = body["content"] === null ? "" : readString("content", body["content"] ?? "");
    }
  },
  start: (draft, value) => {
    draft.start = readTime("start", value);
  },
  end: (draft, value) => {
    draft.end = readTime("end", value);
  },
  isAllDay: (draft, value) => {
    draft.content.isAllDay = value === null ? false : readBoolean("isAllDay", value);
  },
  showAs: (draft, value) => {
    if (value !== null) draft.content.showAs = readEnum(value, SHOW_AS);
  },
  sensitivity: (draft, value) => {
    if (value !== null) draft.content.sensitivity = readEnum(value, SENSITIVITY);
  },
  importance: (draft, value) => {
    if (value !== null) draft.content.importance = readEnum(value, IMPORTANCE);
  },
  isReminderOn: (draft, value) => {
    if (value !== null) draft.content.isReminderOn = readBoolean("isReminderOn", value);
  },
  reminderMinutesBeforeStart: (draft, value) => {
    if (value === null) return;
    const minutes = parseInteger(value);
    if (minutes === undefined) throw wrongType("reminderMinutesBeforeStart", "Edm.Int32");
    draft.content.reminderMinutes = minutes;
  },
  categories: (draft, value) => {
    draft.content.categories = sharedTexts(
      readArray("categories", value ?? []).map((name) => readString("categories", name)),
    );
  },
  location: (draft, value) => {
    setLocations(draft, value === null ? [] : [readLocation(value)]);
  },
  locations: (draft, value) => {
    setLocations(draft, readArray("locations", value ?? []).map(readLocation));
  },
  attendees: (draft, value) => {
    const attendees = readArray("attendees", value ?? []).map(readAttendee);
    if (attendees.length > ATTENDEE_LIMIT) throw failedValidation("attendees");
    draft.extras.attendees = attendees.length === 0 ? undefined : attendees;
  },
  recurrence: (draft, value) => {
    draft.recurrence = value === null ? null : readObject("recurrence", value);
  },
  transactionId: (draft, value) => {
    if (value !== null) draft.extras.transactionId = readString("transactionId", value);
  },
  responseRequested: (draft, value) => {
    draft.extras.responseRequested = value === null ? undefined : readBoolean("responseRequested", value);
  },
  allowNewTimeProposals: (draft, value) => {
    draft.extras.allowNewTimeProposals =
      value === null ? undefined : readBoolean("allowNewTimeProposals", value);
  },
  hideAttendees: (draft, value) => {
    draft.extras.hideAttendees = value === null ? undefined : readBoolean("hideAttendees", value);
  },
  isOnlineMeeting: (draft, value) => {
    draft.extras.isOnlineMeeting = value === null ? undefined : readBoolean("isOnlineMeeting", value);
  },
  onlineMeetingProvider: (draft, value) => {
    draft.extras.onlineMeetingProvider = value === null ? undefined : readEnum(value, PROVIDERS);
  },
  isDraft: (draft, value) => {
    draft.extras.isDraft = value === null ? undefined : readBoolean("isDraft", value);
  },
  singleValueExtendedProperties: (draft, value) => {
    for (const item of readArray("singleValueExtendedProperties", value ?? []))
      draft.properties.push(readProperty(item, false));
  },
  multiValueExtendedProperties: (draft, value) => {
    for (const item of readArray("multiValueExtendedProperties", value ?? []))
      draft.properties.push(readProperty(item, true));
  },
  extensions: (draft, value) => {
    draft.extensions = readArray("extensions", value ?? []).map(readOpenExtension);
  },
  attachments: (draft, value) => {
    draft.attachments = readArray("attachments", value ?? []);
  },
};

/**
 * Reads an event.
 *
 * @param body - as it was sent
 * @returns what it says
 * @throws {GraphFault} RequestBodyRead, ErrorInvalidParameter or TimeZoneNotSupportedException
 */
export function readEvent(body: JsonObject): SentEvent {
  const draft: Draft = {
    content: {},
    extras: {},
    start: undefined,
    end: undefined,
    recurrence: undefined,
    properties: [],
    extensions: undefined,
    attachments: undefined,
  };
  for (const [name, value] of Object.entries(body)) {
    if (name.includes("@") || READ_ONLY.has(name)) continue;
    const read = Object.hasOwn(READERS, name) ? READERS[name] : undefined;
    if (read === undefined) throw unknownProperty(name, "microsoft.graph.event");
    read(draft, value);
  }
  return draft;
}

function readTime(name: string, value: unknown): SentTime {
  const sent = readObject(name, value);
  const zone = sent["timeZone"] ?? "UTC";
  const ianaZone = typeof zone === "string" ? resolveZone(zone) : undefined;
  if (typeof zone !== "string" || ianaZone === undefined) throw unknownZone(zone);
  const dateTime = sent["dateTime"];
  const time = typeof dateTime === "string" ? parseWallTime(dateTime) : undefined;
  if (time === undefined)
    throw new GraphFault(
      "ErrorInvalidParameter",
      `The value '${String(dateTime)}' of ${name}/dateTime is not a valid DateTime.`,
    );
  const instantMs =
    time.offsetMs === undefined ? toInstantMs(time.wallMs, ianaZone) : time.wallMs - time.offsetMs;
  return { instantMs, zone: sharedText(zone) };
}

/** `location` and `locations` are one: writing either replaces both. */
function setLocations(draft: Draft, [first, ...further]: readonly EventLocation[]): void {
  draft.content.location = sharedText(first?.displayName ?? "");
  draft.extras.locationDetails = first?.details;
  draft.extras.furtherLocations = further.length === 0 ? undefined : further;
}

function readLocation(value: unknown): EventLocation {
  const { displayName, ...rest } = readObject("location", value);
  const known = [
    "locationType",
    "uniqueId",
    "uniqueIdType",
    "address",
    "coordinates",
    "locationUri",
    "locationEmailAddress",
  ];
  for (const name of Object.keys(rest))
    if (!name.includes("@") && !known.includes(name)) throw unknownProperty(name, "microsoft.graph.location");
  const details = Object.fromEntries(Object.entries(rest).filter(([name]) => !name.includes("@")));
  return {
    displayName: displayName === null ? "" : readString("displayName", displayName ?? ""),
    ...(Object.keys(details).length === 0 ? {} : { details }),
  };
}

function readAttendee(value: unknown): EventAttendee {
  const attendee = readObject("attendees", value);
  const email = readObject("emailAddress", attendee["emailAddress"]);
  const address = readString("address", email["address"]);
  return {
    address,
    name: email["name"] === undefined || email["name"] === null ? address : readString("name", email["name"]),
    type: readEnum(attendee["type"] ?? "required", ATTENDEE_TYPES),
    response: "none",
  };
}

function readProperty(value: unknown, isMulti: boolean): SentEvent["properties"][number] {
  const property = readObject("extendedProperties", value);
  const key = typeof property["id"] === "string" ? parseGraphPropertyId(property["id"]) : undefined;
  if (key === undefined)
    throw new GraphFault(
      "ErrorInvalidRequest",
      `The extended property id '${String(property["id"])}' is not valid.`,
    );
  const sent = property["value"] ?? null;
  if (sent === null) return { key, value: null };
  if (isMulti) return { key, value: readArray("value", sent).map((item) => readString("value", item)) };
  return { key, value: readString("value", sent) };
}

function readString(name: string, value: unknown): string {
  if (typeof value !== "string") throw wrongType(name, "Edm.String");
  return value;
}

function readBoolean(name: string, value: unknown): boolean {
  const flag = parseBoolean(value);
  if (flag === undefined) throw wrongType(name, "Edm.Boolean");
  return flag;
}

function readObject(name: string, value: unknown): JsonObject {
  if (!isJsonObject(value)) throw wrongType(name, "a complex type");
  return value;
}

function readArray(name: string, value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw wrongType(name, "Collection");
  return value;
}

function readEnum<V extends string>(value: unknown, values: readonly V[]): V {
  const found =
    typeof value === "string"
      ? values.find((candidate) => candidate.toLowerCase() === value.toLowerCase())
      : undefined;
  if (found === undefined) throw invalidValue(value);
  return found;
}

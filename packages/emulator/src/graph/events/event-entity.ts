/** Events as Graph shows them. */
import { formatCivilDay, formatWallTime } from "../../mailbox/civil-days.ts";
import type { EventAttendee, EventInstance, EventLocation, OpenExtension } from "../../mailbox/event.ts";
import {
  type ExtendedProperty,
  formatGraphPropertyId,
  listExtendedProperties,
} from "../../mailbox/extended-properties.ts";
import { encodeChangeKey, encodeICalUId, encodeItemId } from "../../mailbox/item-ids.ts";
import { exceptionInstance, isSeriesMaster, occurrenceTimes } from "../../mailbox/series.ts";
import { resolveZone, toWallMs } from "../../mailbox/zones.ts";
import { ATTACHMENT_TYPE, hasAttachments } from "../attachments/attachment-entity.ts";
import { CALENDAR_TYPE } from "../calendars/calendar-entity.ts";
import type { GraphCall } from "../call.ts";
import type { MailboxOwner } from "../mailbox-owner.ts";
import { type EntityType, type RenderProperty, renderEntity } from "../odata/entity.ts";
import { matchesFilter, walk } from "../odata/filter-evaluate.ts";
import { canonicalPropertyId } from "../odata/property-id-literals.ts";
import type { ExpandItem } from "../odata/query-options.ts";
import { previewBody, renderBody } from "./event-body.ts";
import { renderOpenExtension } from "./open-extensions.ts";
import { renderRecurrence } from "./recurrence-codec.ts";

/** An event together with whose it is. */
export interface EventItem {
  readonly owner: MailboxOwner;
  readonly instance: EventInstance;
}

/** What the service writes for a time that is not set. */
const NO_TIME = "0001-01-01T00:00:00Z";

/** The entity type `event`. */
export const EVENT_TYPE: EntityType<EventItem> = {
  name: "microsoft.graph.event",
  annotations: { "@odata.etag": (item) => `W/"${changeKey(item)}"` },
  always: ["id"],
  onRequest: new Set(["cancelledOccurrences"]),
  properties: {
    id: eventId,
    createdDateTime: ({ instance }) =>
      formatInstant(instance.exception?.createdAtMs ?? instance.event.createdAtMs),
    lastModifiedDateTime: ({ instance }) =>
      formatInstant(instance.exception?.modifiedAtMs ?? instance.event.modifiedAtMs),
    changeKey,
    categories: ({ instance }) => instance.event.categories,
    transactionId: ({ instance }) => instance.event.extras?.transactionId ?? null,
    originalStartTimeZone: ({ instance }) => instance.event.startZone,
    originalEndTimeZone: ({ instance }) => instance.event.endZone,
    originalStart: renderOriginalStart,
    iCalUId,
    reminderMinutesBeforeStart: ({ instance }) => instance.event.reminderMinutes,
    isReminderOn: ({ instance }) => instance.event.isReminderOn,
    hasAttachments: ({ instance }) => hasAttachments(instance.event.extras?.attachments),
    subject: ({ instance }) => instance.event.subject,
    bodyPreview: ({ instance }, call) => (isBasicOnly(call) ? undefined : previewBody(instance.event)),
    importance: ({ instance }) => instance.event.importance,
    sensitivity: ({ instance }) => instance.event.sensitivity,
    isAllDay: ({ instance }) => instance.event.isAllDay,
    isCancelled: ({ instance }) => instance.event.extras?.isCancelled ?? false,
    isOrganizer: ({ instance }) => instance.event.extras?.organizer === undefined,
    responseRequested: ({ instance }) => instance.event.extras?.responseRequested ?? true,
    seriesMasterId: ({ owner, instance }, call) =>
      instance.day === undefined
        ? null
        : encodeItemId(owner.id, { number: instance.event.number, day: undefined }, idForm(call)),
    showAs: ({ instance }) => instance.event.showAs,
    type: ({ instance }) => instance.kind,
    webLink: (item, call) =>
      `https://outlook.office365.com/owa/?itemid=${encodeURIComponent(eventId(item, call))}&exvsurl=1&path=/calendar/item`,
    onlineMeetingUrl: () => null,
    isOnlineMeeting: ({ instance }) => instance.event.extras?.isOnlineMeeting ?? false,
    onlineMeetingProvider: ({ instance }) => instance.event.extras?.onlineMeetingProvider ?? "unknown",
    allowNewTimeProposals: ({ instance }) => instance.event.extras?.allowNewTimeProposals ?? true,
    isDraft: ({ instance }) => instance.event.extras?.isDraft ?? false,
    hideAttendees: ({ instance }) => instance.event.extras?.hideAttendees ?? false,
    responseStatus: ({ instance: { event } }) =>
      event.extras?.organizer === undefined
        ? { response: "organizer", time: NO_TIME }
        : {
            response: event.extras.response?.status ?? "notResponded",
            time: responseTime(event.extras.response?.atMs),
          },
    body: ({ instance }, call) =>
      isBasicOnly(call) ? undefined : renderBody(instance.event, call.preferences.bodyContentType),
    start: ({ instance }, call) => renderTime(instance, instance.startMs, instance.event.startZone, call),
    end: ({ instance }, call) => renderTime(instance, instance.endMs, instance.event.endZone, call),
    location: ({ instance }) => renderLocation(firstLocation(instance), furtherLocations(instance)),
    locations: ({ instance }) =>
      [firstLocation(instance), ...furtherLocations(instance)]
        .filter((location) => location.displayName !== "")
        .map((location) => renderLocation(location, [])),
    recurrence: ({ instance }) =>
      instance.kind === "seriesMaster" && isSeriesMaster(instance.event)
        ? renderRecurrence(instance.event.series)
        : null,
    attendees: ({ instance }, call) =>
      (instance.event.extras?.attendees ?? []).map((attendee) => renderAttendee(attendee, call)),
    organizer: ({ owner, instance }) => {
      const { address, name } = instance.event.extras?.organizer ?? {
        address: owner.address,
        name: owner.displayName,
      };
      return { emailAddress: { name, address } };
    },
    onlineMeeting: () => null,
    cancelledOccurrences: ({ owner, instance }, call) =>
      instance.kind === "seriesMaster"
        ? (instance.event.series?.deletedDays ?? []).map((day) =>
            formatOccurrenceId(owner, instance.event.number, day, call),
          )
        : undefined,
  },
  expansions: {
    singleValueExtendedProperties: (item, call, expand) => expandProperties(item, call, expand, false),
    multiValueExtendedProperties: (item, call, expand) => expandProperties(item, call, expand, true),
    extensions: (item, call, expand) => {
      if (isBasicOnly(call)) return undefined;
      const extensions = item.instance.event.extras?.extensions ?? [];
      const { filter } = expand;
      if (filter === undefined) return extensions.map(renderOpenExtension);
      const isWanted = (view: object): boolean => matchesFilter(filter, (path) => walk(view, path));
      return extensions.filter((extension) => filterViews(extension).some(isWanted)).map(renderOpenExtension);
    },
    exceptionOccurrences: ({ owner, instance }, call, expand) =>
      instance.kind === "seriesMaster"
        ? listExceptions(instance).map((exception) =>
            renderEntity(EVENT_TYPE, { owner, instance: exception }, call, {
              select: expand.select,
              expand: [],
            }),
          )
        : undefined,
    calendar: ({ owner, instance }, call, { select }) => {
      const folder = owner.mailbox.folders.get(instance.event.folder);
      return folder === undefined
        ? undefined
        : renderEntity(CALENDAR_TYPE, { owner, folder }, call, { select, expand: [] });
    },
    attachments: ({ instance }, call, { select }) =>
      isBasicOnly(call)
        ? undefined
        : (instance.event.extras?.attachments ?? []).map((attachment) =>
            renderEntity(ATTACHMENT_TYPE, attachment, call, { select, expand: [] }),
          ),
  },
  filterCollections: {
    singleValueExtendedProperties: (item) => propertyPairs(item, false),
    multiValueExtendedProperties: (item) => propertyPairs(item, true),
    extensions: ({ instance }) => (instance.event.extras?.extensions ?? []).flatMap(filterViews),
  },
};

/** What beta shows besides. */
const BETA_EVENT_TYPE: EntityType<EventItem> = {
  ...EVENT_TYPE,
  properties: {
    ...EVENT_TYPE.properties,
    uid: ({ owner, instance: { event } }) =>
      event.uid ?? encodeICalUId(owner.id, { number: event.number, day: undefined }, event.createdAtMs),
    occurrenceId: ({ owner, instance: { event, day } }, call) =>
      day === undefined ? null : formatOccurrenceId(owner, event.number, day, call),
  },
};

/**
 * Gives the entity type `event` of a version.
 *
 * @param call - the request
 * @returns the type
 */
export function eventType({ version }: GraphCall): EntityType<EventItem> {
  return version === "beta" ? BETA_EVENT_TYPE : EVENT_TYPE;
}

/** The calendar view, which gives the times of creation and change only to readers who select nothing. */
export const CALENDAR_VIEW_TYPE: EntityType<EventItem> = {
  ...EVENT_TYPE,
  properties: {
    ...EVENT_TYPE.properties,
    createdDateTime: unlessSelected("createdDateTime"),
    lastModifiedDateTime: unlessSelected("lastModifiedDateTime"),
  },
};

function formatOccurrenceId(owner: MailboxOwner, number: number, day: number, call: GraphCall): string {
  return `OID.${encodeItemId(owner.id, { number, day: undefined }, idForm(call))}.${formatCivilDay(day)}`;
}

/** Copies of a meeting show the organiser's UID; another one for each occurrence. */
function iCalUId({ owner, instance: { event, day } }: EventItem): string {
  const { meeting } = event.extras ?? {};
  if (event.uid !== undefined && (meeting === undefined || day === undefined)) return event.uid;
  return meeting === undefined
    ? encodeICalUId(owner.id, { number: event.number, day }, event.createdAtMs)
    : encodeICalUId(meeting.organizerId, { number: meeting.number, day }, meeting.createdAtMs);
}

function renderAttendee(
  { address, name, type, response, respondedAtMs, proposedNewTime }: EventAttendee,
  call: GraphCall,
): Record<string, unknown> {
  const zone = call.preferences.timeZone ?? "UTC";
  const render = (instantMs: number): object => ({
    dateTime: formatWallTime(toWallMs(instantMs, resolveZone(zone) ?? "UTC")),
    timeZone: zone,
  });
  return {
    type,
    status: { response, time: responseTime(respondedAtMs) },
    ...(proposedNewTime === undefined
      ? {}
      : {
          proposedNewTime: { start: render(proposedNewTime.startMs), end: render(proposedNewTime.endMs) },
        }),
    emailAddress: { name, address },
  };
}

function responseTime(instantMs: number | undefined): string {
  return instantMs === undefined ? NO_TIME : formatInstant(instantMs);
}

function unlessSelected(name: string): RenderProperty<EventItem> {
  const render = EVENT_TYPE.properties[name];
  return (item, call) => (hasSelect(call) ? undefined : render?.(item, call));
}

function hasSelect({ request }: GraphCall): boolean {
  return request.query.has("$select") || request.query.has("select");
}

/** A filter may name an extension with or without the type in front. */
function filterViews(extension: OpenExtension): Record<string, unknown>[] {
  const rendered = renderOpenExtension(extension);
  return [rendered, { ...rendered, id: extension.name }];
}

/**
 * Gives the id of an event in the form that the request prefers.
 *
 * @param item - the event
 * @param call - the request
 * @returns base64url
 */
function eventId({ owner, instance }: EventItem, call: GraphCall): string {
  const form = idForm(call);
  // Several properties of one event show its id.
  if (lastId.instance === instance && lastId.ownerId === owner.id && lastId.form === form) return lastId.id;
  const id = encodeItemId(owner.id, { number: instance.event.number, day: instance.day }, form);
  lastId = { instance, ownerId: owner.id, form, id };
  return id;
}

let lastId: {
  readonly instance: EventInstance | undefined;
  readonly ownerId: string;
  readonly form: string;
  readonly id: string;
} = { instance: undefined, ownerId: "", form: "", id: "" };

/**
 * Gives the version of an event.
 *
 * @param item - the event
 * @returns base64
 */
export function changeKey({ owner, instance }: EventItem): string {
  return encodeChangeKey(owner.id, instance.exception?.changedAtSequence ?? instance.event.changedAtSequence);
}

/**
 * Formats an instant as Graph does.
 *
 * @param instantMs - milliseconds since 1970 UTC
 * @returns `2026-11-21T09:00:00.0000000Z`
 */
export function formatInstant(instantMs: number): string {
  return `${formatWallTime(instantMs)}Z`;
}

function idForm(call: GraphCall): "default" | "immutable" {
  return call.preferences.immutableIds ? "immutable" : "default";
}

/** With no more than the basic permission, the service leaves out body and extensions. */
function isBasicOnly(call: GraphCall): boolean {
  for (const permission of call.caller.permissions)
    if (/^(Calendars\.Read(Write)?(\.Shared)?|Group\.Read(Write)?\.All)$/.test(permission)) return false;
  return true;
}

/** All-day events are midnight to midnight in every zone that a reader may prefer. */
function renderTime(
  instance: EventInstance,
  instantMs: number,
  ownZone: string,
  call: GraphCall,
): { dateTime: string; timeZone: string } {
  const timeZone = call.preferences.timeZone ?? "UTC";
  const zone = instance.event.isAllDay ? ownZone : timeZone;
  return { dateTime: formatWallTime(toWallMs(instantMs, resolveZone(zone) ?? "UTC")), timeZone };
}

function renderOriginalStart({ owner, instance }: EventItem): string | undefined {
  const master = owner.mailbox.events.get(instance.event.number);
  if (instance.day === undefined || master === undefined || !isSeriesMaster(master)) return undefined;
  return new Date(occurrenceTimes(master, instance.day).startMs).toISOString().replace(/\.\d+Z$/, "Z");
}

function firstLocation({ event }: EventInstance): EventLocation {
  return { displayName: event.location, details: event.extras?.locationDetails };
}

function furtherLocations(instance: EventInstance): readonly EventLocation[] {
  return instance.event.extras?.furtherLocations ?? [];
}

function renderLocation(location: EventLocation, further: readonly EventLocation[]): Record<string, unknown> {
  if (location.displayName === "")
    return {
      displayName: "",
      locationType: "default",
      uniqueIdType: "unknown",
      address: {},
      coordinates: {},
    };
  const displayName = [location, ...further].map((place) => place.displayName).join("; ");
  return {
    displayName,
    locationType: "default",
    uniqueId: displayName,
    uniqueIdType: "private",
    ...location.details,
  };
}

function listExceptions({ event }: EventInstance): EventInstance[] {
  return isSeriesMaster(event)
    ? event.series.exceptions.map((exception) => exceptionInstance(event, exception))
    : [];
}

/** Pairs as a filter sees them: the id in the exact form of {@link canonicalPropertyId}. */
function propertyPairs({ instance }: EventItem, isMulti: boolean): PropertyPair[] {
  return listExtendedProperties(instance.event.properties)
    .filter((property) => Array.isArray(property.value) === isMulti)
    .map(({ key, value }) => ({ id: canonicalPropertyId(key), key, value }));
}

interface PropertyPair {
  readonly id: string;
  readonly key: string;
  readonly value: ExtendedProperty["value"];
}

/** Without a filter the service gives nothing: every property has to be named. */
function expandProperties(item: EventItem, call: GraphCall, expand: ExpandItem, isMulti: boolean): unknown {
  if (isBasicOnly(call) || expand.filter === undefined) return undefined;
  const found = filterExpanded(propertyPairs(item, isMulti), expand);
  if (found.length === 0) return undefined;
  return found.map(({ key, value }) => ({ id: formatGraphPropertyId(key), value }));
}

function filterExpanded<V>(items: readonly V[], expand: ExpandItem): readonly V[] {
  const { filter } = expand;
  return filter === undefined
    ? items
    : items.filter((candidate) => matchesFilter(filter, (path) => walk(candidate, path)));
}

/** What a caller says about an item, gathered before the rules between its members are applied. */
import type { EventAttendee, EventContent, EventExtras } from "../../mailbox/event.ts";
import type { ExtendedProperty } from "../../mailbox/extended-properties.ts";
import type { EwsCall } from "../call.ts";
import type { XmlElement } from "../soap/xml-reader.ts";
import type { NamedZone } from "../zones/zone-definition.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Kind of attendee, by the element that lists them. */
export type AttendeeType = EventAttendee["type"];

/** A draft: absent members say nothing. */
export interface ItemDraft {
  readonly call: EwsCall;
  /** Everything but the times. */
  readonly content: Mutable<Partial<Omit<EventContent, "startMs" | "endMs" | "startZone" | "endZone">>>;
  readonly extras: Mutable<EventExtras>;
  /** Times as they were written. */
  start: string | undefined;
  end: string | undefined;
  startZone: NamedZone | undefined;
  endZone: NamedZone | undefined;
  meetingZone: NamedZone | undefined;
  /** `null` ends the series. */
  recurrence: XmlElement | null | undefined;
  uid: string | undefined;
  /** A `null` value takes the property away. */
  readonly properties: { readonly key: string; readonly value: ExtendedProperty["value"] | null }[];
  /** Lists that replace the stored ones of their kind. */
  readonly attendees: Map<AttendeeType, readonly EventAttendee[]>;
}

/**
 * Makes an empty draft.
 *
 * @param call - the request
 * @returns a draft that says nothing
 */
export function emptyDraft(call: EwsCall): ItemDraft {
  return {
    call,
    content: {},
    extras: {},
    start: undefined,
    end: undefined,
    startZone: undefined,
    endZone: undefined,
    meetingZone: undefined,
    recurrence: undefined,
    uid: undefined,
    properties: [],
    attendees: new Map(),
  };
}

/** What the recognisers find of calendars: iCalendar files, and events as Graph writes them. */
import type { Found } from "./origin.ts";

/** A moment in an iCalendar file, as written. */
export interface IcsTime {
  /** `20260907T090000`, `20260907T080000Z`, `20260907`. */
  readonly value: string;
  readonly zone: string | undefined;
  readonly isDate: boolean;
}

/** An event of an iCalendar file. */
export interface IcsEvent {
  readonly uid: string | undefined;
  readonly isOverride: boolean;
  readonly start: IcsTime | undefined;
  readonly repeats: boolean;
  readonly excluded: readonly IcsTime[];
  /** Line of `BEGIN:VEVENT`, counted from 1. */
  readonly line: number;
}

/** An iCalendar file, or a piece of one. */
export interface IcsCalendar extends Found {
  readonly kind: "icsCalendar";
  readonly events: readonly IcsEvent[];
  /** Zones that are used by a start, an end or an excluded date. */
  readonly usedZones: readonly string[];
  /** Zones for which there is a VTIMEZONE. */
  readonly definedZones: readonly string[];
  /** False when only a piece was pasted. */
  readonly hasBegin: boolean;
  readonly hasEnd: boolean;
  readonly isElided: boolean;
}

/** An event as Graph writes it, with what the checks look at. */
export interface GraphEvent {
  readonly id: string | undefined;
  readonly subject: string | undefined;
  readonly type: string | undefined;
  readonly seriesMasterId: string | undefined;
  readonly start: GraphMoment | undefined;
  readonly end: GraphMoment | undefined;
  readonly isAllDay: boolean;
  readonly sensitivity: string | undefined;
  /** True when `iCalUId` or `uid` is a member. */
  readonly hasUid: boolean;
  readonly recurrence: GraphRecurrence | undefined;
  /** True when the answer says which occurrences were cancelled. */
  readonly listsCancelled: boolean;
  /** Values of the extended properties, joined with their ids. */
  readonly properties: readonly string[];
}

/** A moment as Graph writes it. */
export interface GraphMoment {
  readonly dateTime: string;
  readonly timeZone: string | undefined;
}

/** The part of a recurrence from which days can be counted. */
export interface GraphRecurrence {
  readonly type: string;
  readonly interval: number;
  readonly daysOfWeek: readonly string[];
  readonly firstDayOfWeek: string | undefined;
  /** `YYYY-MM-DD`. */
  readonly startDate: string | undefined;
  /** Zone in which the days are counted, when it is written. */
  readonly timeZone: string | undefined;
}

/** Events of Graph: a page of a list, one event, or the body of a request that makes one. */
export interface GraphEvents extends Found {
  readonly kind: "graphEvents";
  readonly events: readonly GraphEvent[];
  readonly isPage: boolean;
  readonly hasNextLink: boolean;
}

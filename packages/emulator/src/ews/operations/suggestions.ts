/**
 * Suggestions of `GetUserAvailability`: when those who are asked could meet.
 *
 * The rules are: times begin every half hour; nobody with a conflict is excellent, up to the threshold of them good,
 * less than half fair, more poor; the best of a day come first, then the earliest.
 *
 * @see https://learn.microsoft.com/exchange/client-developer/web-service-reference/suggestionsviewoptions
 */
import { DAY_MS } from "../../mailbox/civil-days.ts";
import type { EventInstance, ShowAs } from "../../mailbox/event.ts";
import { listInstances } from "../../mailbox/events.ts";
import type { EwsCall, MailboxOwner } from "../call.ts";
import { EwsFault } from "../soap/ews-fault.ts";
import { success } from "../soap/response-message.ts";
import { child, childText, type XmlElement } from "../soap/xml-reader.ts";
import { element, text } from "../soap/xml-writer.ts";
import type { BiasZone } from "../zones/bias-zone.ts";
import { localTime, readTimeSpan, readZone, type TimeSpan } from "./availability-times.ts";

const HALF_HOUR_MS = 1_800_000;
const QUALITIES: readonly string[] = ["Excellent", "Good", "Fair", "Poor"];
/** Eight to five, as the working hours in the other half of the answer. */
const WORK_BEGINS_MS = 8 * 3_600_000;
const WORK_ENDS_MS = 17 * 3_600_000;
const CONFLICTS: Partial<Record<ShowAs, number>> = { tentative: 1, busy: 2, oof: 3 };
const BUSY_TYPES = ["Free", "Tentative", "Busy", "OOF"] as const;

/** Somebody who was asked for. */
export interface Asked {
  /** `undefined` for people whom the directory does not know. */
  readonly owner: MailboxOwner | undefined;
  readonly isRequired: boolean;
  /** Whether only times without a conflict of this one are wanted. */
  readonly excludesConflicts: boolean;
}

interface Wish {
  readonly zone: BiasZone;
  readonly span: TimeSpan;
  readonly durationMs: number;
  /** Largest part of those who are required that may have a conflict at a good time, in percent. */
  readonly goodThreshold: number;
  readonly mostResults: number;
  readonly mostOutsideWork: number;
  /** Index into the qualities. */
  readonly worstQuality: number;
}

interface Suggestion {
  readonly startMs: number;
  readonly isWorkTime: boolean;
  readonly quality: number;
  /** Kind of conflict of each one who was asked; `undefined` for people who are not known. */
  readonly conflicts: readonly (number | undefined)[];
}

/** Those who were asked, with what they have in the window. */
type Calendars = readonly (Asked & { readonly instances: readonly EventInstance[] | undefined })[];

/**
 * Suggests times.
 *
 * @param call - the request
 * @param options - `SuggestionsViewOptions`
 * @param asked - in the order of the request
 * @returns XML of `SuggestionsResponse`
 * @throws {EwsFault} ErrorInvalidTimeInterval, ErrorTimeIntervalTooBig, or ErrorInvalidRequest for numbers out of range
 */
export function suggest(call: EwsCall, options: XmlElement, asked: readonly Asked[]): string {
  const wish = readWish(call, options);
  const { fromMs, untilMs } = wish.span;
  const calendars = asked.map((one) => ({
    ...one,
    instances:
      one.owner === undefined
        ? undefined
        : listInstances(one.owner.mailbox, { fromMs, untilMs: untilMs + wish.durationMs }).filter(
            ({ event }) => CONFLICTS[event.showAs] !== undefined,
          ),
  }));
  let days = "";
  const firstDay = dayOf(fromMs, wish.zone);
  for (let day = firstDay; wish.zone.toInstant(day * DAY_MS) < untilMs; day++)
    days += writeDay(day, wish, calendars);
  return element(
    "m:SuggestionsResponse",
    success("ResponseMessage", "") + element("m:SuggestionDayResultArray", days),
  );
}

function readWish(call: EwsCall, options: XmlElement): Wish {
  const zone = readZone(call);
  const quality = childText(options, "MinimumSuggestionQuality") ?? "Fair";
  return {
    zone,
    span: readTimeSpan(child(options, "DetailedSuggestionsWindow"), zone),
    durationMs: readNumber(options, "MeetingDurationInMinutes", [30, 1440], 60) * 60_000,
    goodThreshold: readNumber(options, "GoodThreshold", [1, 49], 25),
    mostResults: readNumber(options, "MaximumResultsByDay", [0, 48], 10),
    mostOutsideWork: readNumber(options, "MaximumNonWorkHourResultsByDay", [0, 48], 0),
    worstQuality: QUALITIES.indexOf(quality.trim()),
  };
}

function readNumber(
  options: XmlElement,
  name: string,
  [least, largest]: readonly [number, number],
  otherwise: number,
): number {
  const value = Number(childText(options, name) ?? otherwise);
  if (value >= least && value <= largest) return value;
  throw new EwsFault("ErrorInvalidRequest", {
    text: `The value of ${name} must be ${least} to ${largest}.`,
  });
}

function dayOf(instantMs: number, zone: BiasZone): number {
  return Math.floor((instantMs + zone.offsetAt(instantMs)) / DAY_MS);
}

function writeDay(day: number, wish: Wish, calendars: Calendars): string {
  const all: Suggestion[] = [];
  for (let timeMs = 0; timeMs < DAY_MS; timeMs += HALF_HOUR_MS) {
    const startMs = wish.zone.toInstant(day * DAY_MS + timeMs);
    if (startMs < wish.span.fromMs || startMs >= wish.span.untilMs) continue;
    const suggestion = judge(startMs, isWorkTime(day, timeMs, wish.durationMs), wish, calendars);
    if (suggestion !== undefined && suggestion.quality <= wish.worstQuality) all.push(suggestion);
  }
  const best = all.sort((left, right) => left.quality - right.quality || left.startMs - right.startMs);
  const chosen = [
    ...best.filter((suggestion) => suggestion.isWorkTime),
    ...best.filter((suggestion) => !suggestion.isWorkTime).slice(0, wish.mostOutsideWork),
  ].slice(0, wish.mostResults);
  return element(
    "t:SuggestionDayResult",
    text("t:Date", new Date(day * DAY_MS).toISOString().slice(0, 19)) +
      text("t:DayQuality", QUALITIES[chosen[0]?.quality ?? 3] ?? "Poor") +
      element("t:SuggestionArray", chosen.map((suggestion) => writeSuggestion(suggestion, wish)).join("")),
  );
}

/** Monday to Friday. Day 0 was a Thursday. */
function isWorkTime(day: number, timeMs: number, durationMs: number): boolean {
  const weekday = (((day + 3) % 7) + 7) % 7;
  return weekday < 5 && timeMs >= WORK_BEGINS_MS && timeMs + durationMs <= WORK_ENDS_MS;
}

function judge(
  startMs: number,
  isWork: boolean,
  { durationMs, goodThreshold }: Wish,
  calendars: Calendars,
): Suggestion | undefined {
  const endMs = startMs + durationMs;
  const conflicts = calendars.map(({ instances }) => {
    let worst = 0;
    for (const instance of instances ?? [])
      if (instance.startMs < endMs && instance.endMs > startMs)
        worst = Math.max(worst, CONFLICTS[instance.event.showAs] ?? 0);
    return instances === undefined ? undefined : worst;
  });
  const isHindered = (index: number): boolean => (conflicts[index] ?? 0) > 0;
  if (calendars.some(({ excludesConflicts }, index) => excludesConflicts && isHindered(index)))
    return undefined;
  const required = calendars.flatMap(({ isRequired }, index) => (isRequired ? [index] : []));
  const percent = (required.filter(isHindered).length * 100) / Math.max(1, required.length);
  const quality = percent === 0 ? 0 : percent <= goodThreshold ? 1 : percent < 50 ? 2 : 3;
  return { startMs, isWorkTime: isWork, quality, conflicts };
}

function writeSuggestion(
  { startMs, isWorkTime: isWork, quality, conflicts }: Suggestion,
  { zone }: Wish,
): string {
  const data = conflicts.map((conflict) =>
    conflict === undefined
      ? "<t:UnknownAttendeeConflictData/>"
      : element("t:IndividualAttendeeConflictData", text("t:BusyType", BUSY_TYPES[conflict] ?? "Free")),
  );
  return element(
    "t:Suggestion",
    text("t:MeetingTime", localTime(startMs, zone)) +
      text("t:IsWorkTime", isWork) +
      text("t:SuggestionQuality", QUALITIES[quality] ?? "Poor") +
      element("t:AttendeeConflictDataArray", data.join("")),
  );
}

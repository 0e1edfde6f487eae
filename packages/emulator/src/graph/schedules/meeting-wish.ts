/** The parameters of `findMeetingTimes`. */
import { DAY_MS } from "../../mailbox/civil-days.ts";
import { type GraphCall, isJsonObject, type JsonObject, readActionParameters } from "../call.ts";
import { GraphFault } from "../errors.ts";
import { invalidValue, wrongType } from "../events/event-faults.ts";
import { readEvent } from "../events/event-reader.ts";
import { parseBoolean } from "../odata/primitive.ts";
import type { ActivityDomain, Span } from "./person-calendar.ts";

const HALF_HOUR_MS = 1_800_000;
const DEFAULT_CANDIDATES = 5;
const MOST_ATTENDEES = 100;
const LONGEST_SEARCH_MS = 62 * DAY_MS;

/** Where a meeting may take place. */
export interface WantedLocation {
  readonly displayName: string;
  readonly address: string | undefined;
  /** Whether the place must be free. */
  readonly resolvesAvailability: boolean;
}

/** Everything that was asked for. */
export interface MeetingWish {
  readonly attendees: readonly { readonly address: string; readonly isResource: boolean }[];
  readonly locations: readonly WantedLocation[];
  readonly needsLocation: boolean;
  readonly suggestsLocation: boolean;
  readonly isOrganizerOptional: boolean;
  readonly returnsReasons: boolean;
  readonly domain: ActivityDomain;
  /** At least one. */
  readonly slots: readonly Span[];
  readonly durationMs: number;
  readonly leastPercentage: number;
  readonly mostCandidates: number;
}

/**
 * Reads the parameters; the documentation's own example sends numbers and truth values as texts.
 *
 * @param call - the request
 * @returns the wish; without time slots the week from now on
 * @throws {GraphFault} RequestBodyRead or ErrorInvalidParameter naming what cannot be read
 */
export function readMeetingWish(call: GraphCall): MeetingWish {
  const sent = Object.fromEntries(readActionParameters(call, { mayBeEmpty: true }));
  const location = readObject(sent["locationconstraint"], "locationConstraint");
  const time = readObject(sent["timeconstraint"], "timeConstraint");
  return {
    attendees: readAttendees(sent["attendees"]),
    locations: readList(location["locations"], "locations").map(readLocation),
    needsLocation: readFlag(location["isrequired"], "isRequired"),
    suggestsLocation: readFlag(location["suggestlocation"], "suggestLocation"),
    isOrganizerOptional: readFlag(sent["isorganizeroptional"], "isOrganizerOptional"),
    returnsReasons: readFlag(sent["returnsuggestionreasons"], "returnSuggestionReasons"),
    domain: readDomain(time["activitydomain"]),
    slots: readSlots(time["timeslots"], call.context.clock.nowMs()),
    durationMs: readDuration(sent["meetingduration"]),
    leastPercentage: readNumber(sent["minimumattendeepercentage"], "minimumAttendeePercentage", 50, 100),
    mostCandidates: readNumber(sent["maxcandidates"], "maxCandidates", 0, 1000) || DEFAULT_CANDIDATES,
  };
}

function readAttendees(value: unknown): MeetingWish["attendees"] {
  const list = readList(value, "attendees");
  if (list.length > MOST_ATTENDEES)
    throw new GraphFault(
      "ErrorInvalidParameter",
      `The parameter attendees names more than ${MOST_ATTENDEES}.`,
    );
  return list.map((attendee) => {
    const { address } = readObject(attendee["emailaddress"], "emailAddress");
    if (typeof address !== "string" || address === "") throw wrongType("address", "Edm.String");
    return { address, isResource: String(attendee["type"] ?? "required").toLowerCase() === "resource" };
  });
}

function readLocation(location: JsonObject): WantedLocation {
  const { displayname: name, locationemailaddress: address } = location;
  return {
    displayName: typeof name === "string" ? name : "",
    address: typeof address === "string" && address !== "" ? address : undefined,
    resolvesAvailability: readFlag(location["resolveavailability"], "resolveAvailability"),
  };
}

function readDomain(value: unknown): ActivityDomain {
  const name = String(value ?? "work").toLowerCase();
  if (name === "unknown") return "work";
  if (name === "work" || name === "personal" || name === "unrestricted") return name;
  throw invalidValue(value);
}

function readSlots(value: unknown, nowMs: number): Span[] {
  const slots = readList(value, "timeSlots").map(({ start, end }) => {
    const times = readEvent({ start, end });
    return { fromMs: times.start?.instantMs ?? 0, untilMs: times.end?.instantMs ?? 0 };
  });
  const fromMs = Math.ceil(nowMs / HALF_HOUR_MS) * HALF_HOUR_MS;
  if (slots.length === 0) return [{ fromMs, untilMs: fromMs + 7 * DAY_MS }];
  const first = Math.min(...slots.map((slot) => slot.fromMs));
  const last = Math.max(...slots.map((slot) => slot.untilMs));
  if (slots.some((slot) => slot.untilMs <= slot.fromMs) || last - first > LONGEST_SEARCH_MS)
    throw new GraphFault(
      "ErrorInvalidParameter",
      "Time slots must end after they start, and lie within 62 days.",
    );
  return slots;
}

/** ISO 8601, up to days. */
function readDuration(value: unknown): number {
  if (value === undefined || value === null) return HALF_HOUR_MS;
  const match = /^P(?:(\d{1,3})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,5})M)?(?:(\d{1,6})(?:\.\d+)?S)?)?$/.exec(
    String(value),
  );
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = (match ?? [])
    .slice(1)
    .map((part) => Number(part ?? 0));
  const durationMs = (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
  if (durationMs > 0) return durationMs;
  throw wrongType("meetingDuration", "Edm.Duration");
}

function readNumber(value: unknown, name: string, otherwise: number, most: number): number {
  if (value === undefined || value === null) return otherwise;
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  if (typeof number === "number" && number >= 0 && number <= most) return number;
  throw new GraphFault("ErrorInvalidParameter", `The value of ${name} must be 0 to ${most}.`);
}

function readFlag(value: unknown, name: string): boolean {
  const flag = value === undefined || value === null ? false : parseBoolean(value);
  if (flag === undefined) throw wrongType(name, "Edm.Boolean");
  return flag;
}

function readList(value: unknown, name: string): JsonObject[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw wrongType(name, "a collection");
  return value.map((entry) => readObject(entry, name));
}

/** Programs spell `timeSlots` in two ways. */
function readObject(value: unknown, name: string): JsonObject {
  if (value === undefined || value === null) return {};
  if (!isJsonObject(value)) throw wrongType(name, "a complex type");
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key.toLowerCase(), entry]));
}

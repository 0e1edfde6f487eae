/**
 * Suggests when people could meet.
 *
 * The rules are: times begin every half hour of the slots that were asked for; the organiser must be free or tentative
 * unless optional; the confidence is the average chance of those invited; the most confident come first, then the
 * earliest. Whoever is outside working hours counts as absent.
 *
 * @see https://learn.microsoft.com/graph/api/user-findmeetingtimes
 */
import { formatWallTime } from "../../mailbox/civil-days.ts";
import type { ShowAs } from "../../mailbox/event.ts";
import { resolveZone, toWallMs } from "../../mailbox/zones.ts";
import type { GraphCall, GraphReply, JsonObject } from "../call.ts";
import { resolveOwner } from "../mailbox-owner.ts";
import { mailboxRoutes } from "../mailbox-paths.ts";
import { appliedPreferences } from "../odata/collection.ts";
import { PERMISSIONS } from "../permissions.ts";
import type { Route } from "../router.ts";
import { type MeetingWish, readMeetingWish, type WantedLocation } from "./meeting-wish.ts";
import { findPerson, isAtWork, listRooms, type Person, personOf, statusAt } from "./person-calendar.ts";

const STEP_MS = 1_800_000;
/** Chance that somebody comes, in percent; what is tentative counts as not known. */
const CHANCES: Readonly<Record<ShowAs, number>> = {
  free: 100,
  workingElsewhere: 100,
  tentative: 49,
  unknown: 49,
  busy: 0,
  oof: 0,
};

/** Rows of the route table. */
export const meetingTimeRoutes: readonly Route[] = mailboxRoutes(
  "POST",
  "/findMeetingTimes",
  PERMISSIONS.meetingTimesFind,
  findMeetingTimes,
);

/** Those whose calendars count. */
interface Party {
  readonly organizer: Person;
  readonly attendees: readonly { readonly person: Person; readonly isResource: boolean }[];
  readonly places: readonly { readonly location: WantedLocation; readonly room: Person | undefined }[];
  readonly rooms: readonly Person[];
}

interface Suggestion {
  readonly startMs: number;
  readonly confidence: number;
  readonly organizer: ShowAs;
  readonly attendees: readonly ShowAs[];
  readonly locations: readonly JsonObject[];
}

type Verdict = Suggestion | "organizer" | "attendees" | "attendeesOrUnknown" | "locations";

const REASONS: Readonly<Record<Exclude<Verdict, Suggestion>, string>> = {
  organizer: "OrganizerUnavailable",
  attendees: "AttendeesUnavailable",
  attendeesOrUnknown: "AttendeesUnavailableOrUnknown",
  locations: "LocationsUnavailable",
};

function findMeetingTimes(call: GraphCall): GraphReply {
  const owner = resolveOwner(call);
  const wish = readMeetingWish(call);
  const span = {
    fromMs: Math.min(...wish.slots.map(({ fromMs }) => fromMs)),
    untilMs: Math.max(...wish.slots.map(({ untilMs }) => untilMs)),
  };
  const party: Party = {
    organizer: personOf({ ...owner, settings: owner.mailbox.settings }, span),
    attendees: wish.attendees.map(({ address, isResource }) => ({
      person: findPerson(call.tenant, address, span),
      isResource,
    })),
    places: wish.locations.map((location) => ({ location, room: roomOf(call, location, span) })),
    rooms: wish.suggestsLocation ? listRooms(call.tenant, span) : [],
  };
  const verdicts = listStarts(wish).map((startMs) => judge(startMs, wish, party));
  const suggestions = verdicts
    .filter((verdict) => typeof verdict !== "string")
    .sort((left, right) => right.confidence - left.confidence || left.startMs - right.startMs)
    .slice(0, wish.mostCandidates);
  return {
    status: 200,
    headers: appliedPreferences(call),
    body: {
      "@odata.context": `${call.serviceRoot}/$metadata#microsoft.graph.meetingTimeSuggestionsResult`,
      emptySuggestionsReason: suggestions.length > 0 ? "" : reasonOf(verdicts),
      meetingTimeSuggestions: suggestions.map((suggestion, index) =>
        describe(suggestion, index + 1, wish, call),
      ),
    },
  };
}

function roomOf(
  call: GraphCall,
  { address, displayName }: WantedLocation,
  span: { readonly fromMs: number; readonly untilMs: number },
): Person | undefined {
  if (address !== undefined) return findPerson(call.tenant, address, span);
  const wanted = displayName.toLowerCase();
  return listRooms(call.tenant, span).find((room) => room.displayName.toLowerCase() === wanted);
}

function listStarts({ slots, durationMs }: MeetingWish): number[] {
  const starts = new Set<number>();
  for (const { fromMs, untilMs } of slots)
    for (let startMs = fromMs; startMs + durationMs <= untilMs; startMs += STEP_MS) starts.add(startMs);
  return [...starts].sort((left, right) => left - right);
}

function judge(startMs: number, wish: MeetingWish, party: Party): Verdict {
  const endMs = startMs + wish.durationMs;
  const organizer = statusAt(party.organizer, startMs, endMs);
  const isOrganizerThere =
    isAtWork(party.organizer, startMs, endMs, wish.domain) && organizer !== "busy" && organizer !== "oof";
  if (!wish.isOrganizerOptional && !isOrganizerThere) return "organizer";
  const attendees = party.attendees.map(({ person }) => statusAt(person, startMs, endMs));
  const chances = party.attendees.map(({ person, isResource }, index) =>
    isResource || isAtWork(person, startMs, endMs, wish.domain) ? CHANCES[attendees[index] ?? "unknown"] : 0,
  );
  const total = chances.reduce((sum, chance) => sum + chance, 0);
  const confidence = chances.length === 0 ? 100 : Math.round((total * 100) / chances.length) / 100;
  if (confidence < wish.leastPercentage)
    return attendees.includes("unknown") ? "attendeesOrUnknown" : "attendees";
  const locations = locationsAt(startMs, endMs, wish, party);
  return locations === undefined ? "locations" : { startMs, confidence, organizer, attendees, locations };
}

function locationsAt(
  startMs: number,
  endMs: number,
  wish: MeetingWish,
  { places, rooms }: Party,
): JsonObject[] | undefined {
  const isFree = (room: Person): boolean => statusAt(room, startMs, endMs) === "free";
  const open = places.filter(
    ({ location, room }) => !location.resolvesAvailability || (room !== undefined && isFree(room)),
  );
  const suggested = open.length > 0 ? undefined : rooms.find(isFree);
  const locations = open.map(({ location, room }) => ({
    displayName: location.displayName || (room?.displayName ?? ""),
    ...(location.address === undefined ? {} : { locationEmailAddress: location.address }),
  }));
  if (suggested !== undefined)
    return [{ displayName: suggested.displayName, locationEmailAddress: suggested.address }];
  return wish.needsLocation && locations.length === 0 ? undefined : locations;
}

/** What stood in the way furthest on: times that failed for the place alone came closest. */
function reasonOf(verdicts: readonly Verdict[]): string {
  for (const reason of ["locations", "attendeesOrUnknown", "attendees", "organizer"] as const)
    if (verdicts.includes(reason)) return REASONS[reason];
  return "Unknown";
}

function describe(suggestion: Suggestion, order: number, wish: MeetingWish, call: GraphCall): JsonObject {
  const timeZone = call.preferences.timeZone ?? "UTC";
  const zone = resolveZone(timeZone) ?? "UTC";
  const time = (instantMs: number): JsonObject => ({
    dateTime: formatWallTime(toWallMs(instantMs, zone)),
    timeZone,
  });
  const whoComes = suggestion.confidence === 100 ? "all attendees" : "some attendees";
  return {
    confidence: suggestion.confidence,
    order,
    organizerAvailability: suggestion.organizer,
    ...(wish.returnsReasons
      ? {
          suggestionReason: `Suggested because it is one of the nearest times when ${whoComes} are available.`,
        }
      : {}),
    attendeeAvailability: wish.attendees.map(({ address, isResource }, index) => ({
      availability: suggestion.attendees[index] ?? "unknown",
      attendee: { type: isResource ? "resource" : "required", emailAddress: { address } },
    })),
    locations: suggestion.locations,
    meetingTimeSlot: {
      start: time(suggestion.startMs),
      end: time(suggestion.startMs + wish.durationMs),
    },
  };
}

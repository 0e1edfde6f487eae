/**
 * Free/busy of several people and rooms.
 *
 * @see https://learn.microsoft.com/graph/api/calendar-getschedule
 */
import { DAY_MS, formatWallTime } from "../../mailbox/civil-days.ts";
import type { EventInstance, ShowAs } from "../../mailbox/event.ts";
import { listInstances } from "../../mailbox/events.ts";
import { resolveZone, toWallMs, toWindowsZone } from "../../mailbox/zones.ts";
import { type GraphCall, type GraphReply, type JsonObject, readActionParameters } from "../call.ts";
import { findGroup, findUser } from "../directory-lookup.ts";
import { GraphFault } from "../errors.ts";
import { readEvent } from "../events/event-reader.ts";
import { resolveOwner } from "../mailbox-owner.ts";
import { mailboxRoutes } from "../mailbox-paths.ts";
import { workingHours } from "../mailbox-settings/mailbox-settings.ts";
import { parseInteger } from "../odata/primitive.ts";
import { PERMISSIONS } from "../permissions.ts";
import type { Route } from "../router.ts";

const SHORTEST_INTERVAL_MINUTES = 5;
const LONGEST_INTERVAL_MINUTES = 1440;
const DEFAULT_INTERVAL_MINUTES = 30;
const LONGEST_WINDOW_DAYS = 62;
const SCHEDULE_LIMIT = 100;
/** Working elsewhere counts as free. */
const DIGITS: Readonly<Record<ShowAs, number>> = {
  unknown: 0,
  free: 0,
  workingElsewhere: 0,
  tentative: 1,
  busy: 2,
  oof: 3,
};

/** Rows of the route table. */
export const scheduleRoutes: readonly Route[] = mailboxRoutes(
  "POST",
  "/getSchedule",
  PERMISSIONS.calendarRead,
  getSchedule,
  { inCalendars: true },
).filter(({ path }) => /calendar/i.test(path));

interface Window {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly intervalMs: number;
}

function getSchedule(call: GraphCall): GraphReply {
  resolveOwner(call);
  const body = Object.fromEntries(readActionParameters(call));
  const { schedules } = body;
  if (!Array.isArray(schedules) || schedules.length === 0 || schedules.length > SCHEDULE_LIMIT)
    throw new GraphFault("ErrorInvalidParameter", "The parameter schedules must name 1 to 100 addresses.");
  const window = readScheduleWindow(body);
  const value = schedules.map((address) => describe(call, String(address), window));
  return {
    status: 200,
    body: {
      "@odata.context": `${call.serviceRoot}/$metadata#Collection(microsoft.graph.scheduleInformation)`,
      value,
    },
  };
}

function readScheduleWindow(body: JsonObject): Window {
  const { start, end } = readEvent({ start: body["starttime"], end: body["endtime"] });
  // The documentation's own example sends a text.
  const minutes = parseInteger(body["availabilityviewinterval"] ?? DEFAULT_INTERVAL_MINUTES);
  const isInterval =
    minutes !== undefined && minutes >= SHORTEST_INTERVAL_MINUTES && minutes <= LONGEST_INTERVAL_MINUTES;
  if (!isInterval)
    throw new GraphFault("ErrorInvalidParameter", "The availabilityViewInterval must be 5 to 1440 minutes.");
  const [fromMs, untilMs] = [start?.instantMs ?? 0, end?.instantMs ?? 0];
  if (untilMs <= fromMs)
    throw new GraphFault("ErrorInvalidParameter", "The endTime must be later than the startTime.");
  if (untilMs - fromMs > LONGEST_WINDOW_DAYS * DAY_MS)
    throw new GraphFault("ErrorInvalidParameter", "The requested time window is longer than 62 days.");
  return { fromMs, untilMs, intervalMs: minutes * 60_000 };
}

function describe(call: GraphCall, address: string, window: Window): JsonObject {
  const user = findUser(call.tenant, address);
  const mailbox = user?.mailbox;
  if (user === undefined || mailbox === undefined) {
    const isGroup = findGroup(call.tenant, address) !== undefined;
    return {
      scheduleId: address,
      availabilityView: "",
      error: {
        message: isGroup
          ? "Free/busy of a group is not available."
          : `Unable to resolve e-mail address ${address} to an Active Directory object.`,
        responseCode: "ErrorMailRecipientNotFound",
      },
    };
  }
  const instances = listInstances(mailbox, window);
  return {
    scheduleId: address,
    availabilityView: availabilityView(instances, window),
    scheduleItems: instances.map((instance) => describeItem(instance, call)),
    workingHours: workingHours(mailbox.settings, toWindowsZone(user.timeZone) ?? user.timeZone),
  };
}

function availabilityView(instances: readonly EventInstance[], window: Window): string {
  const slots = new Uint8Array(Math.ceil((window.untilMs - window.fromMs) / window.intervalMs));
  for (const { startMs, endMs, event } of instances) {
    const first = Math.max(0, Math.floor((startMs - window.fromMs) / window.intervalMs));
    const last = Math.min(slots.length, Math.ceil((endMs - window.fromMs) / window.intervalMs));
    for (let slot = first; slot < last; slot++)
      slots[slot] = Math.max(slots[slot] ?? 0, DIGITS[event.showAs]);
  }
  return slots.join("");
}

function describeItem({ event, startMs, endMs }: EventInstance, call: GraphCall): JsonObject {
  const timeZone = call.preferences.timeZone ?? "UTC";
  const zone = resolveZone(timeZone) ?? "UTC";
  const isPrivate = event.sensitivity === "private" || event.sensitivity === "confidential";
  return {
    isPrivate,
    status: event.showAs,
    ...(isPrivate ? {} : { subject: event.subject, location: event.location }),
    start: { dateTime: formatWallTime(toWallMs(startMs, zone)), timeZone },
    end: { dateTime: formatWallTime(toWallMs(endMs, zone)), timeZone },
  };
}

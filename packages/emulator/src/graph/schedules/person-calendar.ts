/** What somebody has in a window, and when that somebody works. */
import type { Tenant, User } from "../../directory/directory.ts";
import { DAY_MS } from "../../mailbox/civil-days.ts";
import type { EventInstance, ShowAs } from "../../mailbox/event.ts";
import { listInstances } from "../../mailbox/events.ts";
import type { Mailbox, MailboxSettings } from "../../mailbox/mailbox.ts";
import { resolveZone, toWallMs } from "../../mailbox/zones.ts";
import { isJsonObject } from "../call.ts";
import { findUser } from "../directory-lookup.ts";
import { workingHours } from "../mailbox-settings/mailbox-settings.ts";

/** Part of the time line. */
export interface Span {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** Hours in which meetings are wanted. */
export type ActivityDomain = "work" | "personal" | "unrestricted";

/** Somebody whose calendar counts. */
export interface Person {
  readonly address: string;
  readonly displayName: string;
  /** `undefined` for people whose calendar nobody knows. */
  readonly instances: readonly EventInstance[] | undefined;
  readonly hours: Hours | undefined;
}

interface Hours {
  readonly zone: string;
  /** 0 is Sunday. */
  readonly days: ReadonlySet<number>;
  readonly fromMs: number;
  readonly untilMs: number;
}

const DAYS = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
const RANKS: Readonly<Record<ShowAs, number>> = {
  free: 0,
  unknown: 1,
  workingElsewhere: 2,
  tentative: 3,
  busy: 4,
  oof: 5,
};

/**
 * Looks at somebody's calendar.
 *
 * @param owner - of the mailbox
 * @param span - window that will be asked about
 * @returns what lies in it, and the working hours
 */
export function personOf(
  owner: {
    readonly address: string;
    readonly displayName: string;
    readonly timeZone: string;
    readonly mailbox: Mailbox;
    readonly settings: MailboxSettings | undefined;
  },
  span: Span,
): Person {
  return {
    address: owner.address,
    displayName: owner.displayName,
    instances: listInstances(owner.mailbox, span).filter(({ event }) => event.showAs !== "free"),
    hours: readHours(workingHours(owner.settings, owner.timeZone), owner.timeZone),
  };
}

/**
 * Finds somebody by address.
 *
 * @param tenant - where to look
 * @param address - mail address or principal name
 * @param span - window that will be asked about
 * @returns the person, without calendar when nobody has that address here
 */
export function findPerson(tenant: Tenant, address: string, span: Span): Person {
  const user = findUser(tenant, address);
  return user?.mailbox === undefined
    ? { address, displayName: user?.displayName ?? address, instances: undefined, hours: undefined }
    : personOfUser(user, user.mailbox, span);
}

/**
 * Lists the rooms of a school.
 *
 * @param tenant - whose
 * @param span - window that will be asked about
 * @returns mailboxes that the directory describes as places
 */
export function listRooms(tenant: Tenant, span: Span): Person[] {
  return [...tenant.users.values()].flatMap((user) =>
    user.place === undefined || user.mailbox === undefined ? [] : [personOfUser(user, user.mailbox, span)],
  );
}

/**
 * Tells how somebody is booked.
 *
 * @param person - whose calendar
 * @param startMs - milliseconds since 1970 UTC
 * @param endMs - milliseconds since 1970 UTC
 * @returns the strongest of what lies in between, `free` when there is nothing
 */
export function statusAt({ instances }: Person, startMs: number, endMs: number): ShowAs {
  if (instances === undefined) return "unknown";
  let strongest: ShowAs = "free";
  for (const instance of instances) {
    const { showAs } = instance.event;
    if (instance.startMs < endMs && instance.endMs > startMs && RANKS[showAs] > RANKS[strongest])
      strongest = showAs;
  }
  return strongest;
}

/**
 * Tells whether somebody works.
 *
 * @param person - whose hours
 * @param startMs - milliseconds since 1970 UTC
 * @param endMs - milliseconds since 1970 UTC
 * @param domain - `personal` adds the other days of the week
 * @returns true when all of it lies in the hours, or nobody knows them
 */
export function isAtWork({ hours }: Person, startMs: number, endMs: number, domain: ActivityDomain): boolean {
  if (hours === undefined || domain === "unrestricted") return true;
  const wallMs = toWallMs(startMs, hours.zone);
  const day = Math.floor(wallMs / DAY_MS);
  const timeMs = wallMs - day * DAY_MS;
  // Day 0 was a Thursday.
  const isWorkday = domain === "personal" || hours.days.has((((day + 4) % 7) + 7) % 7);
  return isWorkday && timeMs >= hours.fromMs && timeMs + (endMs - startMs) <= hours.untilMs;
}

function personOfUser(user: User, mailbox: Mailbox, span: Span): Person {
  const { displayName, timeZone, userPrincipalName } = user;
  const address = user.mail ?? userPrincipalName;
  return personOf({ address, displayName, timeZone, mailbox, settings: mailbox.settings }, span);
}

/** Settings hold what a client sent; what cannot be read restricts nothing. */
function readHours(value: unknown, timeZone: string): Hours | undefined {
  if (!isJsonObject(value)) return undefined;
  const { daysOfWeek, startTime, endTime, timeZone: own } = value;
  const name = isJsonObject(own) ? own["name"] : undefined;
  const zone = resolveZone(typeof name === "string" ? name : timeZone) ?? resolveZone(timeZone) ?? "UTC";
  const [fromMs, untilMs] = [readTime(startTime), readTime(endTime)];
  if (!Array.isArray(daysOfWeek) || fromMs === undefined || untilMs === undefined) return undefined;
  return {
    zone,
    days: new Set(daysOfWeek.map((day) => DAYS.indexOf(String(day).toLowerCase()))),
    fromMs,
    untilMs,
  };
}

function readTime(value: unknown): number | undefined {
  const match = /^(\d{2}):(\d{2})/.exec(typeof value === "string" ? value : "");
  return match === null ? undefined : (Number(match[1]) * 60 + Number(match[2])) * 60_000;
}

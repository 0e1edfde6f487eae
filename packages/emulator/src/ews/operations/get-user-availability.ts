/** `GetUserAvailability`: free and busy times of several mailboxes, and when they could meet. */
import type { EventInstance, ShowAs } from "../../mailbox/event.ts";
import { listInstances } from "../../mailbox/events.ts";
import { encodeItemId } from "../../mailbox/item-ids.ts";
import type { EwsCall, MailboxOwner } from "../call.ts";
import { isMeeting } from "../items/calendar-properties.ts";
import { writeShowAs } from "../items/calendar-words.ts";
import { toEwsId } from "../items/item-references.ts";
import { findByAddress, findByPrincipalName, ownerOf } from "../recipients.ts";
import { EwsFault } from "../soap/ews-fault.ts";
import { failure, success } from "../soap/response-message.ts";
import { child, childText, type XmlElement } from "../soap/xml-reader.ts";
import { element, text } from "../soap/xml-writer.ts";
import type { BiasZone } from "../zones/bias-zone.ts";
import { localTime, readTimeSpan, readZone } from "./availability-times.ts";
import { suggest } from "./suggestions.ts";

const MOST_MAILBOXES = 100;
const DEFAULT_INTERVAL_MINUTES = 30;
/** 4 is working elsewhere. */
const DIGITS: Readonly<Record<ShowAs, number>> = {
  unknown: 0,
  free: 0,
  tentative: 1,
  busy: 2,
  oof: 3,
  workingElsewhere: 4,
};

interface AvailabilityWindow {
  /** `RequestServerVersion`. */
  readonly version: string;
  readonly zone: BiasZone;
  readonly fromMs: number;
  readonly untilMs: number;
  readonly intervalMs: number;
  readonly isMerged: boolean;
  readonly hasEvents: boolean;
  readonly isDetailed: boolean;
}

/**
 * Gives availability.
 *
 * @param call - the request
 * @returns XML of the answer's content
 * @see https://learn.microsoft.com/exchange/client-developer/web-service-reference/getuseravailability-operation
 */
export function getUserAvailability(call: EwsCall): string {
  const { body } = call;
  const mailboxes = child(body, "MailboxDataArray")?.children ?? [];
  if (mailboxes.length > MOST_MAILBOXES) throw new EwsFault("ErrorMailboxDataArrayTooBig");
  const freeBusy = child(body, "FreeBusyViewOptions");
  const suggestions = child(body, "SuggestionsViewOptions");
  if (freeBusy === undefined && suggestions === undefined) throw new EwsFault("ErrorInvalidRequest");
  const times = freeBusy === undefined ? "" : listTimes(call, mailboxes, readWindow(call, freeBusy));
  if (suggestions === undefined) return times;
  const asked = mailboxes.map((mailbox) => ({
    owner: findOwner(call, mailbox),
    isRequired: /^(Organizer|Required)$/.test(childText(mailbox, "AttendeeType")?.trim() ?? ""),
    excludesConflicts: /^\s*(true|1)\s*$/.test(childText(mailbox, "ExcludeConflicts") ?? ""),
  }));
  return times + suggest(call, suggestions, asked);
}

function listTimes(call: EwsCall, mailboxes: readonly XmlElement[], window: AvailabilityWindow): string {
  const responses = mailboxes.map((mailbox) => element("m:FreeBusyResponse", respond(call, mailbox, window)));
  return element("m:FreeBusyResponseArray", responses.join(""));
}

function readWindow(call: EwsCall, options: XmlElement): AvailabilityWindow {
  const zone = readZone(call);
  const { fromMs, untilMs } = readTimeSpan(child(options, "TimeWindow"), zone);
  const minutes = Number(childText(options, "MergedFreeBusyIntervalInMinutes") ?? DEFAULT_INTERVAL_MINUTES);
  if (minutes < 5 || minutes > 1440) throw new EwsFault("ErrorInvalidMergedFreeBusyInterval");
  const views = (childText(options, "RequestedView") ?? "FreeBusy").trim().split(/\s+/);
  return {
    version: call.version,
    zone,
    fromMs,
    untilMs,
    intervalMs: minutes * 60_000,
    isMerged: views.some((view) => /Merged/.test(view)),
    hasEvents: views.some((view) => /^(FreeBusy|Detailed)/.test(view)),
    isDetailed: views.some((view) => /^Detailed/.test(view)),
  };
}

function respond(call: EwsCall, mailbox: XmlElement, window: AvailabilityWindow): string {
  const owner = findOwner(call, mailbox);
  if (owner === undefined) {
    const fault = new EwsFault("ErrorMailRecipientNotFound", {
      text: `Unable to resolve e-mail address ${addressOf(mailbox)} to an Active Directory object.`,
    });
    return failure("ResponseMessage", fault) + element("m:FreeBusyView", text("t:FreeBusyViewType", "None"));
  }
  return success("ResponseMessage", "") + element("m:FreeBusyView", writeView(call, owner, window));
}

function findOwner({ tenant }: EwsCall, mailbox: XmlElement): MailboxOwner | undefined {
  const address = addressOf(mailbox);
  return ownerOf(findByAddress(tenant, address) ?? findByPrincipalName(tenant, address));
}

function addressOf(mailbox: XmlElement): string {
  return childText(child(mailbox, "Email"), "Address") ?? "";
}

function writeView(call: EwsCall, owner: MailboxOwner, window: AvailabilityWindow): string {
  const { fromMs, untilMs, isMerged, hasEvents } = window;
  const instances = listInstances(owner.mailbox, { fromMs, untilMs }).filter(
    ({ event }) => event.showAs !== "free" || hasEvents,
  );
  // Details are for those who may read the mailbox; everybody else sees when, not what.
  const isDetailed = window.isDetailed && owner.id === call.owner.id;
  const name = `${isDetailed ? "Detailed" : hasEvents ? "FreeBusy" : ""}${isMerged ? "Merged" : ""}`;
  const events = hasEvents
    ? element(
        "t:CalendarEventArray",
        instances.map((instance) => writeEvent(owner, instance, window, isDetailed)).join(""),
      )
    : "";
  return [
    text("t:FreeBusyViewType", name === "Merged" ? "MergedOnly" : name === "" ? "None" : name),
    isMerged ? text("t:MergedFreeBusy", mergedFreeBusy(instances, window)) : "",
    hasEvents && instances.length > 0 ? events : "",
    writeWorkingHours(window),
  ].join("");
}

function mergedFreeBusy(instances: readonly EventInstance[], window: AvailabilityWindow): string {
  const slots = new Uint8Array(Math.ceil((window.untilMs - window.fromMs) / window.intervalMs));
  for (const { startMs, endMs, event } of instances) {
    const first = Math.max(0, Math.floor((startMs - window.fromMs) / window.intervalMs));
    const last = Math.min(slots.length, Math.ceil((endMs - window.fromMs) / window.intervalMs));
    for (let slot = first; slot < last; slot++)
      slots[slot] = Math.max(slots[slot] ?? 0, DIGITS[event.showAs]);
  }
  return slots.join("");
}

function writeEvent(
  owner: MailboxOwner,
  instance: EventInstance,
  { zone, version }: AvailabilityWindow,
  isDetailed: boolean,
): string {
  const { startMs, endMs, event } = instance;
  return element(
    "t:CalendarEvent",
    text("t:StartTime", localTime(startMs, zone)) +
      text("t:EndTime", localTime(endMs, zone)) +
      text("t:BusyType", writeShowAs(event.showAs, version)) +
      (isDetailed ? writeDetails(owner, instance) : ""),
  );
}

function writeDetails(owner: MailboxOwner, instance: EventInstance): string {
  const { event, kind } = instance;
  const isPrivate = event.sensitivity === "private" || event.sensitivity === "confidential";
  const id = toEwsId(encodeItemId(owner.id, { number: event.number, day: instance.day }));
  return element(
    "t:CalendarEventDetails",
    [
      text("t:ID", Buffer.from(id, "base64").subarray(-70).toString("hex").toUpperCase()),
      isPrivate ? "" : text("t:Subject", event.subject) + text("t:Location", event.location),
      text("t:IsMeeting", isMeeting(instance)),
      text("t:IsRecurring", kind === "occurrence" || kind === "exception"),
      text("t:IsException", kind === "exception"),
      text("t:IsReminderSet", event.isReminderOn),
      text("t:IsPrivate", isPrivate),
    ].join(""),
  );
}

/** Monday to Friday, eight to five, in the zone of the request. */
function writeWorkingHours({ zone, fromMs }: AvailabilityWindow): string {
  const noChange =
    "<t:Bias>0</t:Bias><t:Time>00:00:00</t:Time><t:DayOrder>0</t:DayOrder><t:Month>0</t:Month><t:DayOfWeek>Sunday</t:DayOfWeek>";
  const timeZone = [
    text("t:Bias", -zone.offsetAt(fromMs) / 60_000),
    element("t:StandardTime", noChange),
    element("t:DaylightTime", noChange),
  ];
  const period = [
    text("t:DayOfWeek", "Monday Tuesday Wednesday Thursday Friday"),
    text("t:StartTimeInMinutes", 480),
    text("t:EndTimeInMinutes", 1020),
  ];
  return element(
    "t:WorkingHours",
    element("t:TimeZone", timeZone.join("")) +
      element("t:WorkingPeriodArray", element("t:WorkingPeriod", period.join(""))),
  );
}

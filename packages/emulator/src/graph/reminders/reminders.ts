/**
 * Reminders: which are due in a window, and what their owner does with them.
 *
 * @see https://learn.microsoft.com/graph/api/user-reminderview
 */
import type { EventInstance } from "../../mailbox/event.ts";
import { listInstances, updateEvent, updateOccurrence } from "../../mailbox/events.ts";
import {
  type GraphCall,
  type GraphReply,
  isJsonObject,
  param,
  readActionParameters,
  readJsonBody,
} from "../call.ts";
import { GraphFault } from "../errors.ts";
import { readWindow } from "../events/calendar-view.ts";
import { storeFault } from "../events/event-changes.ts";
import { EVENT_TYPE } from "../events/event-entity.ts";
import { readEvent } from "../events/event-reader.ts";
import { requireEvent } from "../events/events.ts";
import { type MailboxOwner, resolveOwner } from "../mailbox-owner.ts";
import { mailboxRoutes } from "../mailbox-paths.ts";
import { OUTLOOK_STYLE, replyCollection } from "../odata/collection.ts";
import type { EntityType, RenderProperty } from "../odata/entity.ts";
import { PERMISSIONS } from "../permissions.ts";
import type { Route } from "../router.ts";

interface Reminder {
  readonly owner: MailboxOwner;
  readonly instance: EventInstance;
}

const MINUTE_MS = 60_000;

/** Of the event behind a reminder, in the event's own words. */
const ofEvent = (name: string): RenderProperty<Reminder> => {
  const render = EVENT_TYPE.properties[name];
  return (item, call) => render?.(item, call);
};

const REMINDER_TYPE: EntityType<Reminder> = {
  name: "microsoft.graph.reminder",
  always: [],
  onRequest: new Set(),
  expansions: {},
  properties: {
    eventId: ofEvent("id"),
    eventStartTime: ofEvent("start"),
    eventEndTime: ofEvent("end"),
    changeKey: ofEvent("changeKey"),
    eventSubject: ofEvent("subject"),
    eventLocation: ofEvent("location"),
    eventWebLink: ofEvent("webLink"),
    reminderFireTime: ({ owner, instance }, call) => {
      const firesAtMs = fireTimeMs(instance);
      return EVENT_TYPE.properties["start"]?.({ owner, instance: { ...instance, startMs: firesAtMs } }, call);
    },
  },
};

/** Rows of the route table. */
export const reminderRoutes: readonly Route[] = [
  ...mailboxRoutes("GET", "/reminderView/{window}", PERMISSIONS.calendarContentRead, listReminders),
  ...mailboxRoutes("POST", "/events/{event}/dismissReminder", PERMISSIONS.calendarWrite, dismissReminder, {
    inCalendars: true,
  }),
  ...mailboxRoutes("POST", "/events/{event}/snoozeReminder", PERMISSIONS.calendarWrite, snoozeReminder, {
    inCalendars: true,
  }),
];

/** Those whose event lies in the window, by the time at which they fire. */
function listReminders(call: GraphCall): GraphReply {
  const owner = resolveOwner(call);
  const window = readWindow(call, readArguments(param(call, "window")));
  const items = listInstances(owner.mailbox, window)
    .filter(({ event }) => event.isReminderOn && event.extras?.reminder?.isDismissed !== true)
    .map((instance) => ({ owner, instance }))
    .sort((left, right) => fireTimeMs(left.instance) - fireTimeMs(right.instance));
  return replyCollection(REMINDER_TYPE, items, call, {
    style: OUTLOOK_STYLE,
    context: "Collection(microsoft.graph.reminder)",
  });
}

function dismissReminder(call: GraphCall): GraphReply {
  readJsonBody(call, { mayBeEmpty: true });
  keep(call, { isDismissed: true });
  return { status: 200 };
}

function snoozeReminder(call: GraphCall): GraphReply {
  const sent = readActionParameters(call).get("newremindertime");
  const { start } = readEvent(isJsonObject(sent) ? { start: sent } : {});
  if (start === undefined)
    throw new GraphFault("ErrorInvalidParameter", "The parameter NewReminderTime is missing.");
  keep(call, { isDismissed: false, snoozedUntilMs: start.instantMs });
  return { status: 200 };
}

function keep(call: GraphCall, reminder: { isDismissed: boolean; snoozedUntilMs?: number }): void {
  const owner = resolveOwner(call);
  const { instance, number, day } = requireEvent(call, owner);
  const changes = { extras: { ...instance.event.extras, reminder } };
  const nowMs = call.context.clock.nowMs();
  const result =
    day === undefined
      ? updateEvent(owner.mailbox, number, changes, { nowMs })
      : updateOccurrence(owner.mailbox, number, day, changes, nowMs);
  if (typeof result === "string") throw storeFault(result);
}

function fireTimeMs({ startMs, event }: EventInstance): number {
  return event.extras?.reminder?.snoozedUntilMs ?? startMs - event.reminderMinutes * MINUTE_MS;
}

/** `startDateTime='…',endDateTime='…'`, with or without quotes, in either order. */
function readArguments(text: string): Map<string, string> {
  return new Map(
    [...text.matchAll(/(\w+)\s*=\s*(?:'([^']*)'|([^,']+))/g)].map((match) => [
      (match[1] ?? "").toLowerCase(),
      match[2] ?? match[3] ?? "",
    ]),
  );
}

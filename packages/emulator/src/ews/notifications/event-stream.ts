/**
 * A connection that stays open and tells what happens.
 *
 * The rules are: the connection lasts as many minutes as were asked for, by the emulator's clock or by the machine's,
 * whichever is ahead, so that a clock that stands still keeps nobody waiting for ever; a subscription has one connection,
 * the latest; what happened while there was none is told first.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { EmulatorContext } from "../../host/context.ts";
import type { EwsCall } from "../call.ts";
import type { ResponseCode } from "../response-codes.ts";
import { EwsFault } from "../soap/ews-fault.ts";
import { failure, success } from "../soap/response-message.ts";
import { element, text } from "../soap/xml-writer.ts";
import { writeEvent } from "./event-writer.ts";
import { listMailboxEvents } from "./mailbox-events.ts";
import { isOpen, keepSubscription, type Subscription } from "./subscriptions.ts";

/** The service lets each caller have as many (`HangingConnectionLimit`). */
const MOST_CONNECTIONS = 10;
/** Of the service; clients give up after two that did not come. */
const HEARTBEAT_MS = 45_000;
/** How long a change may go untold. A look costs one comparison of numbers for each subscription. */
const LOOK_MS = 100;
const MINUTE_MS = 60_000;
const MESSAGE = "GetStreamingEventsResponseMessage";
const connections = new WeakMap<EmulatorContext, Map<string, number>>();

/**
 * Tells whether a caller may open another connection.
 *
 * @param call - the request
 * @returns false when it has as many as it may have
 */
export function isConnectionLeft({ context, callerId, owner }: EwsCall): boolean {
  return (connections.get(context)?.get(`${callerId} ${owner.id}`) ?? 0) < MOST_CONNECTIONS;
}

/**
 * Writes what a connection is.
 *
 * @param status - whether it stays open
 * @returns XML of `ResponseMessages`
 */
export function writeConnectionStatus(status: "OK" | "Closed"): string {
  return inMessages(success(MESSAGE, text("m:ConnectionStatus", status)));
}

/**
 * Writes which subscriptions have ended.
 *
 * @param fault - why
 * @param ids - of the subscriptions
 * @param status - whether the connection stays open for others
 * @returns XML of `ResponseMessages`
 */
export function failStream(fault: EwsFault, ids: readonly string[], status: "OK" | "Closed"): string {
  return inMessages(fail(fault, ids, text("m:ConnectionStatus", status)));
}

function fail(fault: EwsFault, ids: readonly string[], rest: string): string {
  const named = ids.map((id) => text("m:SubscriptionId", id)).join("");
  return failure(MESSAGE, fault, element("m:ErrorSubscriptionIds", named) + rest);
}

/**
 * Tells what happens.
 *
 * @param call - the request
 * @param subscriptions - at least one
 * @param minutes - how long
 * @param signal - aborted when nobody listens any more
 * @yields XML of `ResponseMessages`; the last says that the connection is closed
 */
export async function* streamEvents(
  call: EwsCall,
  subscriptions: readonly Subscription[],
  minutes: number,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const connection = Symbol("connection");
  const release = takeConnection(call);
  for (const subscription of subscriptions) subscription.connection = connection;
  const elapsedMs = startStopwatch(call.context);
  let heartbeatAtMs = HEARTBEAT_MS;
  let left = subscriptions;
  try {
    while (!signal.aborted) {
      const lost = left.filter((subscription) => endOf(call, subscription, connection) !== undefined);
      left = left.filter((subscription) => !lost.includes(subscription));
      yield* writeEnds(call, lost, connection, left.length > 0);
      if (left.length === 0) return;
      const events = writeNotifications(call, left);
      if (events !== "") yield events;
      const nowMs = elapsedMs();
      if (nowMs >= minutes * MINUTE_MS) {
        yield writeConnectionStatus("Closed");
        return;
      }
      // A clock that was put back must not keep the next one waiting.
      heartbeatAtMs = Math.min(heartbeatAtMs, nowMs + HEARTBEAT_MS);
      if (events === "" && nowMs >= heartbeatAtMs) yield writeHeartbeat(left);
      if (events !== "" || nowMs >= heartbeatAtMs) heartbeatAtMs = nowMs + HEARTBEAT_MS;
      await sleep(LOOK_MS, undefined, { signal }).catch(() => {});
    }
  } finally {
    release();
    for (const subscription of left) {
      if (subscription.connection === connection) subscription.connection = undefined;
      keepSubscription(call, subscription);
    }
  }
}

function takeConnection({ context, callerId, owner }: EwsCall): () => void {
  const counts = connections.get(context) ?? new Map<string, number>();
  connections.set(context, counts);
  const key = `${callerId} ${owner.id}`;
  counts.set(key, (counts.get(key) ?? 0) + 1);
  return () => counts.set(key, (counts.get(key) ?? 1) - 1);
}

function startStopwatch({ clock }: EmulatorContext): () => number {
  const startMs = clock.nowMs();
  const machineStartMs = performance.now();
  return () => Math.max(clock.nowMs() - startMs, performance.now() - machineStartMs);
}

/** Why a subscription is no longer this connection's. */
function endOf(call: EwsCall, subscription: Subscription, connection: symbol): ResponseCode | undefined {
  // Resetting the emulator and restoring a snapshot forget all subscriptions.
  if (call.context.world.tenants.get(call.tenant.tenantId) !== call.tenant)
    return "ErrorSubscriptionNotFound";
  if (!isOpen(subscription)) return "ErrorSubscriptionUnsubscribed";
  return subscription.connection === connection ? undefined : "ErrorNewEventStreamConnectionOpened";
}

/** One envelope for each reason; the last one closes the connection when no subscription is left. */
function writeEnds(
  call: EwsCall,
  lost: readonly Subscription[],
  connection: symbol,
  staysOpen: boolean,
): string[] {
  const codes = [...new Set(lost.map((subscription) => endOf(call, subscription, connection)))];
  return codes.flatMap((code, index) => {
    if (code === undefined) return [];
    const ids = lost.filter((subscription) => endOf(call, subscription, connection) === code);
    const isLast = !staysOpen && index === codes.length - 1;
    return failStream(
      new EwsFault(code),
      ids.map(({ id }) => id),
      isLast ? "Closed" : "OK",
    );
  });
}

/** What happened since it was last told; a subscription that has fallen behind too far is told so, and goes on. */
function writeNotifications(call: EwsCall, subscriptions: readonly Subscription[]): string {
  const nowMs = call.context.clock.nowMs();
  const missed: string[] = [];
  const notifications = subscriptions.map((subscription) => {
    const { id, owner } = subscription;
    const since = subscription.toldSequence;
    if (owner.mailbox.sequence === since) return "";
    subscription.toldSequence = owner.mailbox.sequence;
    const form = { owner, nowMs, ianaZone: call.ianaZone, hasWatermarks: false };
    const events = listEvents(subscription, since);
    if (events === "missed") missed.push(id);
    else if (events.length > 0)
      return element(
        "m:Notification",
        text("t:SubscriptionId", id) + events.map((event) => writeEvent(form, subscription, event)).join(""),
      );
    return "";
  });
  const told = notifications.join("");
  const messages =
    (missed.length === 0 ? "" : fail(new EwsFault("ErrorMissedNotificationEvents"), missed, "")) +
    (told === "" ? "" : success(MESSAGE, element("m:Notifications", told)));
  return messages === "" ? "" : inMessages(messages);
}

function listEvents(
  subscription: Subscription,
  since: number,
): ReturnType<typeof listMailboxEvents> | "missed" {
  try {
    return listMailboxEvents(subscription.owner, subscription, since);
  } catch (error) {
    if (error instanceof EwsFault) return "missed";
    throw error;
  }
}

function writeHeartbeat(subscriptions: readonly Subscription[]): string {
  const notifications = subscriptions.map(({ id }) =>
    element("m:Notification", `${text("t:SubscriptionId", id)}<t:StatusEvent/>`),
  );
  return inMessages(success(MESSAGE, element("m:Notifications", notifications.join(""))));
}

function inMessages(messages: string): string {
  return element("m:ResponseMessages", messages);
}

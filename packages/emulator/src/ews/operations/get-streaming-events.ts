/** `GetStreamingEvents`. */
import type { EwsCall, StreamedAnswer } from "../call.ts";
import {
  failStream,
  isConnectionLeft,
  streamEvents,
  writeConnectionStatus,
} from "../notifications/event-stream.ts";
import { findStreamingSubscription, type Subscription } from "../notifications/subscriptions.ts";
import { EwsFault } from "../soap/ews-fault.ts";
import { child, childText } from "../soap/xml-reader.ts";

/**
 * Tells what happens for as long as the connection may stay open.
 *
 * @param call - the request
 * @returns contents of envelopes; one alone, with the subscriptions that are none, where any is none
 * @throws {EwsFault} ErrorExceededConnectionCount
 * @see https://learn.microsoft.com/exchange/client-developer/web-service-reference/getstreamingevents-operation
 */
export function getStreamingEvents(call: EwsCall): StreamedAnswer {
  const ids = new Set((child(call.body, "SubscriptionIds")?.children ?? []).map(({ text }) => text));
  const found: Subscription[] = [];
  const lost: string[] = [];
  let fault: EwsFault | undefined;
  for (const id of ids) {
    const subscription = findStreamingSubscription(call, id);
    if (subscription instanceof EwsFault) {
      fault ??= subscription;
      lost.push(id);
    } else found.push(subscription);
  }
  // Whoever names one that is none is told nothing of the others either.
  if (fault !== undefined) return { first: failStream(fault, lost, "Closed"), rest: noFurther };
  if (!isConnectionLeft(call)) throw new EwsFault("ErrorExceededConnectionCount");
  const minutes = Number(childText(call.body, "ConnectionTimeout"));
  return { first: writeConnectionStatus("OK"), rest: (signal) => streamEvents(call, found, minutes, signal) };
}

async function* noFurther(): AsyncGenerator<string> {}

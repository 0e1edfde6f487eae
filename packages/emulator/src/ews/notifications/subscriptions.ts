/**
 * Subscriptions that are asked for what happened. They lie beside the mailbox: a restart, a reset and the restoring of
 * a snapshot forget them, as those of the service end when a mailbox moves.
 */
import { randomUUID } from "node:crypto";
import type { Mailbox } from "../../mailbox/mailbox.ts";
import type { EwsCall } from "../call.ts";
import { EwsFault } from "../soap/ews-fault.ts";
import { readSyncState, writeSyncState } from "../sync-state.ts";

/** The service allows each user as many. */
const MOST_SUBSCRIPTIONS = 20;
const MINUTE_MS = 60_000;
const registers = new WeakMap<Mailbox, Map<string, Subscription>>();

/** A subscription. */
export interface Subscription {
  readonly id: string;
  /** Numbers of the folders; `undefined` for all of them. */
  readonly folders: ReadonlySet<number> | undefined;
  /** Kinds of events, as they are called. */
  readonly eventTypes: ReadonlySet<string>;
  readonly timeoutMs: number;
  /** When it ends unless it is asked before, milliseconds since 1970 UTC. */
  expiresAtMs: number;
}

/**
 * Opens a subscription.
 *
 * @param call - the request
 * @param wanted - folders, kinds of events, and minutes that it lives without being asked
 * @returns the subscription
 * @throws {EwsFault} ErrorExceededSubscriptionCount
 */
export function openSubscription(
  call: EwsCall,
  wanted: Pick<Subscription, "folders" | "eventTypes"> & { readonly timeoutMinutes: number },
): Subscription {
  const { folders, eventTypes, timeoutMinutes } = wanted;
  const register = registers.get(call.owner.mailbox) ?? new Map<string, Subscription>();
  registers.set(call.owner.mailbox, register);
  const nowMs = call.context.clock.nowMs();
  for (const { id, expiresAtMs } of register.values()) if (expiresAtMs <= nowMs) register.delete(id);
  if (register.size >= MOST_SUBSCRIPTIONS) throw new EwsFault("ErrorExceededSubscriptionCount");
  const id = Buffer.from(`${call.owner.id} ${randomUUID()}`).toString("base64");
  const timeoutMs = timeoutMinutes * MINUTE_MS;
  const subscription = { id, folders, eventTypes, timeoutMs, expiresAtMs: nowMs + timeoutMs };
  register.set(id, subscription);
  return subscription;
}

/**
 * Finds a subscription, which lives on from now.
 *
 * @param call - the request
 * @param id - as it was given out
 * @returns the subscription
 * @throws {EwsFault} ErrorSubscriptionNotFound, ErrorSubscriptionAccessDenied or ErrorExpiredSubscription
 */
export function requireSubscription(call: EwsCall, id: string): Subscription {
  const subscription = registers.get(call.owner.mailbox)?.get(id);
  if (subscription === undefined) {
    const [ownerId = ""] = Buffer.from(id, "base64").toString().split(" ");
    const isOthers = ownerId !== call.owner.id && call.tenant.users.has(ownerId);
    throw new EwsFault(isOthers ? "ErrorSubscriptionAccessDenied" : "ErrorSubscriptionNotFound");
  }
  const nowMs = call.context.clock.nowMs();
  if (subscription.expiresAtMs <= nowMs) {
    closeSubscription(call, subscription);
    throw new EwsFault("ErrorExpiredSubscription");
  }
  subscription.expiresAtMs = nowMs + subscription.timeoutMs;
  return subscription;
}

/**
 * Ends a subscription.
 *
 * @param call - the request
 * @param subscription - of this mailbox
 */
export function closeSubscription(call: EwsCall, { id }: Subscription): void {
  registers.get(call.owner.mailbox)?.delete(id);
}

/**
 * Writes a watermark.
 *
 * @param ownerId - object id of the owner of the mailbox
 * @param sequence - number of the change up to which everything was told
 * @returns base64
 */
export function writeWatermark(ownerId: string, sequence: number): string {
  return writeSyncState("events", ownerId, [sequence]);
}

/**
 * Reads a watermark.
 *
 * @param watermark - as it was given out
 * @param ownerId - object id of the owner of the mailbox
 * @returns number of the change
 * @throws {EwsFault} ErrorInvalidWatermark
 */
export function readWatermark(watermark: string, ownerId: string): number {
  try {
    return readSyncState(watermark, "events", ownerId)[0] ?? 0;
  } catch (error) {
    if (error instanceof EwsFault) throw new EwsFault("ErrorInvalidWatermark");
    throw error;
  }
}

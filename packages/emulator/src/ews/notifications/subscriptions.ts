/**
 * Subscriptions: those that are asked for what happened (pull), and those that a connection tells (streaming). They lie beside the mailbox: a restart, a reset and the restoring of
 * a snapshot forget them, as those of the service end when a mailbox moves.
 */
import { randomUUID } from "node:crypto";
import type { Mailbox } from "../../mailbox/mailbox.ts";
import type { EwsCall, MailboxOwner } from "../call.ts";
import { ownerOf } from "../recipients.ts";
import { EwsFault } from "../soap/ews-fault.ts";
import { readSyncState, writeSyncState } from "../sync-state.ts";

/** The service allows each user as many. */
const MOST_SUBSCRIPTIONS = 20;
const MINUTE_MS = 60_000;
/** How long a streaming subscription lives without a connection. */
const STREAMING_MINUTES = 30;
const GUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";
const IDENTITY = new RegExp(`^(${GUID}) ${GUID}$`);
const registers = new WeakMap<Mailbox, Map<string, Subscription>>();

/** A subscription. */
export interface Subscription {
  readonly id: string;
  readonly kind: "pull" | "streaming";
  /** Whose mailbox. */
  readonly owner: MailboxOwner;
  /** Who opened it. */
  readonly callerId: string;
  /** Numbers of the folders; `undefined` for all of them. */
  readonly folders: ReadonlySet<number> | undefined;
  /** Kinds of events, as they are called. */
  readonly eventTypes: ReadonlySet<string>;
  readonly timeoutMs: number;
  /** When it ends unless it is asked before, milliseconds since 1970 UTC. */
  expiresAtMs: number;
  /** Number of the change up to which the connections of a streaming subscription told everything. */
  toldSequence: number;
  /** The connection that tells; it keeps the subscription alive. */
  connection: symbol | undefined;
}

/**
 * Opens a subscription.
 *
 * @param call - the request
 * @param wanted - folders, kinds of events, and minutes that a pull subscription lives without being asked; a streaming
 *   one lives for half an hour without a connection
 * @returns the subscription
 * @throws {EwsFault} ErrorExceededSubscriptionCount
 */
export function openSubscription(
  call: EwsCall,
  wanted: Pick<Subscription, "folders" | "eventTypes" | "kind"> & { readonly timeoutMinutes?: number },
): Subscription {
  const { owner, callerId } = call;
  const { timeoutMinutes = STREAMING_MINUTES, ...kept } = wanted;
  const register = registers.get(owner.mailbox) ?? new Map<string, Subscription>();
  registers.set(owner.mailbox, register);
  const nowMs = call.context.clock.nowMs();
  for (const old of register.values()) if (isExpired(old, nowMs)) register.delete(old.id);
  if (register.size >= MOST_SUBSCRIPTIONS) throw new EwsFault("ErrorExceededSubscriptionCount");
  const timeoutMs = timeoutMinutes * MINUTE_MS;
  const subscription: Subscription = {
    ...kept,
    id: Buffer.from(`${owner.id} ${randomUUID()}`).toString("base64"),
    owner,
    callerId,
    timeoutMs,
    expiresAtMs: nowMs + timeoutMs,
    toldSequence: owner.mailbox.sequence,
    connection: undefined,
  };
  register.set(subscription.id, subscription);
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
  if (isExpired(subscription, call.context.clock.nowMs())) {
    closeSubscription(call, subscription);
    throw new EwsFault("ErrorExpiredSubscription");
  }
  keepSubscription(call, subscription);
  return subscription;
}

/**
 * Finds a subscription that is asked for what happened, which lives on from now.
 *
 * @param call - the request
 * @param id - as it was given out
 * @returns the subscription
 * @throws {EwsFault} as {@link requireSubscription}, or ErrorInvalidPullSubscriptionId for a streaming one
 */
export function requirePullSubscription(call: EwsCall, id: string): Subscription {
  const subscription = requireSubscription(call, id);
  if (subscription.kind !== "pull") throw new EwsFault("ErrorInvalidPullSubscriptionId");
  return subscription;
}

/**
 * Finds a streaming subscription. One connection may tell of several mailboxes to who subscribed to each.
 *
 * @param call - the request
 * @param id - as it was given out
 * @returns the subscription, or why it is none
 */
export function findStreamingSubscription(call: EwsCall, id: string): Subscription | EwsFault {
  const ownerId = IDENTITY.exec(Buffer.from(id, "base64").toString())?.[1];
  if (ownerId === undefined) return new EwsFault("ErrorInvalidSubscription");
  const mailbox = ownerOf(call.tenant.users.get(ownerId))?.mailbox;
  const subscription = mailbox === undefined ? undefined : registers.get(mailbox)?.get(id);
  if (subscription === undefined) return new EwsFault("ErrorSubscriptionNotFound");
  if (subscription.callerId !== call.callerId) return new EwsFault("ErrorSubscriptionAccessDenied");
  if (subscription.kind !== "streaming") return new EwsFault("ErrorInvalidSubscription");
  if (!isExpired(subscription, call.context.clock.nowMs())) return subscription;
  registers.get(subscription.owner.mailbox)?.delete(id);
  return new EwsFault("ErrorExpiredSubscription");
}

/**
 * Lets a subscription live on from now.
 *
 * @param call - the request
 * @param subscription - any
 */
export function keepSubscription({ context }: EwsCall, subscription: Subscription): void {
  subscription.expiresAtMs = context.clock.nowMs() + subscription.timeoutMs;
}

/**
 * Tells whether a subscription has not ended.
 *
 * @param subscription - any
 * @returns false after {@link closeSubscription}
 */
export function isOpen({ id, owner }: Subscription): boolean {
  return registers.get(owner.mailbox)?.has(id) === true;
}

function isExpired({ expiresAtMs, connection }: Subscription, nowMs: number): boolean {
  return connection === undefined && expiresAtMs <= nowMs;
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

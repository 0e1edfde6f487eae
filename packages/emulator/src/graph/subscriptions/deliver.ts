/**
 * Delivers notifications: whatever changed in a mailbox since the last delivery, through whichever surface.
 *
 * Deliveries do not hold up answers. An endpoint that fails is tried again a few times and then given up.
 */
import type { Tenant } from "../../directory/directory.ts";
import type { EmulatorContext } from "../../host/context.ts";
import { listChanges } from "../../mailbox/changes.ts";
import { encodeChangeKey, encodeItemId } from "../../mailbox/item-ids.ts";
import type { Mailbox } from "../../mailbox/mailbox.ts";
import { formatInstant } from "../events/event-entity.ts";
import { peekDirectoryState } from "../tenant-state.ts";
import { parseLoopbackUrl, postToEndpoint } from "./notification-endpoint.ts";
import type { Subscription } from "./subscription.ts";

const DELIVERY_TIMEOUT_MS = 10_000;
/** Waits before further attempts; the service goes on for about four hours. */
const RETRY_AFTER_MS = [200, 1_000, 5_000];

/**
 * Sends what is due. Cheap when nobody subscribed; call it after anything that may have changed a mailbox.
 *
 * @param context - the emulator
 */
export function deliverNotifications(context: EmulatorContext): void {
  for (const tenant of context.world.tenants.values()) {
    const state = peekDirectoryState(tenant);
    if (state === undefined || state.subscriptions.size === 0) continue;
    for (const subscription of state.subscriptions.values()) deliverOne(context, tenant, subscription);
  }
}

function deliverOne(context: EmulatorContext, tenant: Tenant, subscription: Subscription): void {
  const mailbox = tenant.users.get(subscription.ownerId)?.mailbox;
  if (mailbox === undefined || mailbox.sequence === subscription.deliveredSequence) return;
  const value =
    subscription.expiresAtMs > context.clock.nowMs() ? listNotifications(tenant, mailbox, subscription) : [];
  subscription.deliveredSequence = mailbox.sequence;
  if (value.length > 0) send(context, subscription, JSON.stringify({ value }), 0);
}

function listNotifications(tenant: Tenant, mailbox: Mailbox, subscription: Subscription): unknown[] {
  const since = subscription.deliveredSequence;
  const changes = listChanges(mailbox, since);
  if (changes === "tooOld") return [];
  const notes: { changeType: string; number: number; sequence: number }[] = [
    ...changes.changed.map((event) => ({
      changeType: event.createdAtSequence > since ? "created" : "updated",
      number: event.number,
      sequence: event.changedAtSequence,
    })),
    ...changes.deleted.map(({ number, sequence }) => ({ changeType: "deleted", number, sequence })),
  ];
  const form = subscription.includesImmutableIds ? "immutable" : "default";
  return notes
    .filter(({ changeType }) => subscription.changeTypes.includes(changeType))
    .sort((left, right) => left.sequence - right.sequence)
    .map(({ changeType, number, sequence }) => {
      const id = encodeItemId(subscription.ownerId, { number, day: undefined }, form);
      const resource = `Users/${subscription.ownerId}/Events/${id}`;
      return {
        subscriptionId: subscription.id,
        subscriptionExpirationDateTime: formatInstant(subscription.expiresAtMs),
        changeType,
        resource,
        resourceData: {
          "@odata.type": "#Microsoft.Graph.Event",
          "@odata.id": resource,
          "@odata.etag": `W/"${encodeChangeKey(subscription.ownerId, sequence)}"`,
          id,
        },
        clientState: subscription.clientState ?? null,
        tenantId: tenant.tenantId,
      };
    });
}

function send(context: EmulatorContext, subscription: Subscription, body: string, attempt: number): void {
  const address = parseLoopbackUrl(subscription.notificationUrl);
  if (address === undefined) return;
  const retry = (reason: string): void => {
    const waitMs = RETRY_AFTER_MS[attempt];
    if (waitMs === undefined) {
      context.note(`notification of ${subscription.id} given up: ${reason}`);
      return;
    }
    setTimeout(() => send(context, subscription, body, attempt + 1), waitMs).unref();
  };
  postToEndpoint(address, body, DELIVERY_TIMEOUT_MS).then(
    (answer) => {
      if (answer.status < 200 || answer.status >= 300) retry(`the endpoint answered ${answer.status}`);
    },
    (error: unknown) => retry(error instanceof Error ? error.message : String(error)),
  );
}

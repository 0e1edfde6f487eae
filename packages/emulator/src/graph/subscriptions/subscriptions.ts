/**
 * Subscriptions to changes of events.
 *
 * @see https://learn.microsoft.com/graph/api/resources/subscription
 */
import { randomUUID } from "node:crypto";
import { authorise } from "../authorise.ts";
import { type GraphCall, type GraphReply, param, readJsonBody } from "../call.ts";
import { findUser } from "../directory-lookup.ts";
import { GraphFault } from "../errors.ts";
import { formatInstant } from "../events/event-entity.ts";
import { notFound } from "../not-found.ts";
import { PLAIN_STYLE, replyCollection, replyEntity } from "../odata/collection.ts";
import type { EntityType } from "../odata/entity.ts";
import { PERMISSIONS } from "../permissions.ts";
import type { Route } from "../router.ts";
import { splitPath } from "../router.ts";
import { directoryState } from "../tenant-state.ts";
import { validateEndpoint } from "./notification-endpoint.ts";
import type { Subscription } from "./subscription.ts";

const CHANGE_TYPES = ["created", "updated", "deleted"];
const LONGEST_CLIENT_STATE = 128;
const SHORTEST_LIFE_MINUTES = 45;
/** Seven days, as for Outlook resources without data in the notification. */
const LONGEST_LIFE_MINUTES = 10_080;
/** Active subscriptions of one mailbox, over all applications. */
const LIMIT_PER_MAILBOX = 1000;

const SUBSCRIPTION_TYPE: EntityType<Subscription> = {
  name: "microsoft.graph.subscription",
  always: [],
  onRequest: new Set(),
  expansions: {},
  properties: {
    id: ({ id }) => id,
    resource: ({ resource }) => resource,
    applicationId: ({ applicationId }) => applicationId,
    changeType: ({ changeTypes }) => changeTypes.join(","),
    clientState: ({ clientState }) => clientState ?? null,
    notificationUrl: ({ notificationUrl }) => notificationUrl,
    notificationQueryOptions: () => null,
    lifecycleNotificationUrl: ({ lifecycleNotificationUrl }) => lifecycleNotificationUrl ?? null,
    expirationDateTime: ({ expiresAtMs }) => formatInstant(expiresAtMs),
    creatorId: ({ creatorId }) => creatorId,
    includeResourceData: () => null,
    latestSupportedTlsVersion: ({ latestSupportedTlsVersion }) => latestSupportedTlsVersion,
    encryptionCertificate: () => null,
    encryptionCertificateId: () => null,
    notificationUrlAppId: () => null,
  },
};

/** Rows of the route table. */
export const subscriptionRoutes: readonly Route[] = [
  { method: "GET", path: "/subscriptions", permission: PERMISSIONS.anyToken, handle: listSubscriptions },
  { method: "POST", path: "/subscriptions", permission: PERMISSIONS.anyToken, handle: postSubscription },
  {
    method: "GET",
    path: "/subscriptions/{subscription}",
    permission: PERMISSIONS.anyToken,
    handle: getSubscription,
  },
  {
    method: "PATCH",
    path: "/subscriptions/{subscription}",
    permission: PERMISSIONS.anyToken,
    handle: patchSubscription,
  },
  {
    method: "POST",
    path: "/subscriptions/{subscription}/reauthorize",
    permission: PERMISSIONS.anyToken,
    handle: (call) => {
      requireSubscription(call);
      return { status: 204 };
    },
  },
  {
    method: "DELETE",
    path: "/subscriptions/{subscription}",
    permission: PERMISSIONS.anyToken,
    handle: (call) => {
      directoryState(call.tenant).subscriptions.delete(requireSubscription(call).id);
      return { status: 204 };
    },
  },
];

/** An application sees its own; what has expired is gone. */
function ownSubscriptions(call: GraphCall): Subscription[] {
  const { subscriptions } = directoryState(call.tenant);
  const nowMs = call.context.clock.nowMs();
  for (const { id, expiresAtMs } of [...subscriptions.values()])
    if (expiresAtMs <= nowMs) subscriptions.delete(id);
  return [...subscriptions.values()].filter(({ applicationId }) => applicationId === call.caller.appId);
}

function requireSubscription(call: GraphCall): Subscription {
  const id = param(call, "subscription");
  const found = ownSubscriptions(call).find((subscription) => subscription.id === id.toLowerCase());
  if (found === undefined)
    throw new GraphFault("ResourceNotFound", "The object was not found.", { status: 404 });
  return found;
}

function listSubscriptions(call: GraphCall): GraphReply {
  return replyCollection(SUBSCRIPTION_TYPE, ownSubscriptions(call), call, {
    style: PLAIN_STYLE,
    context: "subscriptions",
  });
}

function getSubscription(call: GraphCall): GraphReply {
  return replyEntity(SUBSCRIPTION_TYPE, requireSubscription(call), call, { context: "subscriptions" });
}

async function postSubscription(call: GraphCall): Promise<GraphReply> {
  const body = readJsonBody(call);
  const resource = requireText(body["resource"], "resource");
  const owner = findOwner(call, resource);
  const changeTypes = readChangeTypes(body["changeType"]);
  const notificationUrl = requireText(body["notificationUrl"], "notificationUrl");
  const lifecycleUrl = body["lifecycleNotificationUrl"] ?? undefined;
  const lifecycleNotificationUrl =
    lifecycleUrl === undefined ? undefined : requireText(lifecycleUrl, "lifecycleNotificationUrl");
  const clientState = body["clientState"] ?? undefined;
  if (
    clientState !== undefined &&
    (typeof clientState !== "string" || clientState.length > LONGEST_CLIENT_STATE)
  )
    throw invalid(`clientState must be a text of at most ${LONGEST_CLIENT_STATE} characters.`);
  const expiresAtMs = readExpiration(call, body["expirationDateTime"]);
  const { subscriptions } = directoryState(call.tenant);
  const ofMailbox = [...subscriptions.values()].filter(({ ownerId }) => ownerId === owner.id);
  if (ofMailbox.length >= LIMIT_PER_MAILBOX) throw invalid("The mailbox has too many subscriptions.");
  for (const url of new Set([notificationUrl, lifecycleNotificationUrl ?? notificationUrl]))
    await validateEndpoint(url, call.context);
  const subscription: Subscription = {
    id: randomUUID(),
    applicationId: call.caller.appId,
    creatorId: call.caller.objectId,
    resource,
    ownerId: owner.id,
    changeTypes,
    notificationUrl,
    lifecycleNotificationUrl,
    clientState,
    latestSupportedTlsVersion: String(body["latestSupportedTlsVersion"] ?? "v1_2"),
    includesImmutableIds: call.preferences.immutableIds,
    expiresAtMs,
    deliveredSequence: owner.sequence,
  };
  directoryState(call.tenant).subscriptions.set(subscription.id, subscription);
  return replyEntity(SUBSCRIPTION_TYPE, subscription, call, { status: 201, context: "subscriptions" });
}

async function patchSubscription(call: GraphCall): Promise<GraphReply> {
  const subscription = requireSubscription(call);
  const body = readJsonBody(call);
  const url = body["notificationUrl"];
  if (url !== undefined) await validateEndpoint(requireText(url, "notificationUrl"), call.context);
  const changed: Subscription = {
    ...subscription,
    ...(body["expirationDateTime"] === undefined
      ? {}
      : { expiresAtMs: readExpiration(call, body["expirationDateTime"]) }),
    ...(typeof url === "string" ? { notificationUrl: url } : {}),
  };
  directoryState(call.tenant).subscriptions.set(changed.id, changed);
  return replyEntity(SUBSCRIPTION_TYPE, changed, call, { context: "subscriptions" });
}

/** Only events of users are resources here; events of groups are none in the service either. */
function findOwner(call: GraphCall, resource: string): { id: string; sequence: number } {
  const path = splitPath(`/${resource.replace(/^\//, "").split("?")[0] ?? ""}`);
  const [first = "", ...rest] = path.map((segment, index) => (index === 1 ? segment : segment.toLowerCase()));
  const [name, tail] = first === "me" ? [call.caller.objectId, rest] : [rest[0] ?? "", rest.slice(1)];
  const isEvents = ["events", "calendar/events"].includes(tail.join("/"));
  if ((first !== "me" && first !== "users") || !isEvents) {
    call.context.note(`miss: subscription to ${resource}`);
    throw invalid(`Resource '${resource}' cannot be subscribed to.`);
  }
  authorise(call.caller, PERMISSIONS.calendarRead);
  const user = findUser(call.tenant, name);
  if (user === undefined) throw notFound(name);
  if (!call.caller.isApplication && user.id !== call.caller.objectId)
    throw new GraphFault("ErrorAccessDenied");
  if (user.mailbox === undefined) throw new GraphFault("MailboxNotEnabledForRESTAPI");
  return { id: user.id, sequence: user.mailbox.sequence };
}

function readChangeTypes(value: unknown): string[] {
  const types = requireText(value, "changeType")
    .split(",")
    .map((type) => type.trim().toLowerCase());
  if (types.some((type) => !CHANGE_TYPES.includes(type)))
    throw invalid(`The changeType '${String(value)}' is not valid.`);
  return [...new Set(types)];
}

/** Less than 45 minutes is raised, more than the maximum refused. */
function readExpiration(call: GraphCall, value: unknown): number {
  const nowMs = call.context.clock.nowMs();
  const wantedMs = typeof value === "string" ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(wantedMs)) throw invalid("expirationDateTime is missing or is no date.");
  if (wantedMs <= nowMs) throw invalid("Subscription expiration can only be in the future.");
  if (wantedMs > nowMs + LONGEST_LIFE_MINUTES * 60_000)
    throw invalid(`Subscription expiration can only be ${LONGEST_LIFE_MINUTES} minutes in the future.`);
  return Math.max(wantedMs, nowMs + SHORTEST_LIFE_MINUTES * 60_000);
}

function requireText(value: unknown, name: string): string {
  if (typeof value !== "string" || value === "") throw invalid(`${name} is required.`);
  return value;
}

function invalid(message: string): GraphFault {
  return new GraphFault("InvalidRequest", message);
}

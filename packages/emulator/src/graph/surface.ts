/**
 * Microsoft Graph, v1.0 and beta, as one surface: token, route, permission, handler, answer.
 *
 * @see https://learn.microsoft.com/graph/use-the-api
 */
import type { EmulatorContext } from "../host/context.ts";
import { type EmulatorRequest, type EmulatorResponse, json, type Surface } from "../host/http.ts";
import { applicationRoutes } from "./applications/applications.ts";
import { federatedCredentialRoutes } from "./applications/federated-credentials.ts";
import { ownerRoutes } from "./applications/owners.ts";
import { attachmentRoutes } from "./attachments/attachments.ts";
import { authenticate, authorise, readCaller } from "./authorise.ts";
import { runBatch } from "./batch/batch.ts";
import { calendarPermissionRoutes } from "./calendars/calendar-permissions.ts";
import { calendarRoutes } from "./calendars/calendars.ts";
import type { GraphCall, GraphReply } from "./call.ts";
import { requireContinuedAccess } from "./continuous-access.ts";
import { answerPreflight, withCorsHeaders } from "./cors.ts";
import { calendarDeltaRoutes } from "./delta/calendar-delta.ts";
import { calendarListDeltaRoutes } from "./delta/calendar-list-delta.ts";
import { directoryDeltaRoutes } from "./delta/directory-delta.ts";
import { deletedItemRoutes } from "./directory/deleted-items.ts";
import { directoryRoutes } from "./directory/directory-objects.ts";
import { membershipRoutes } from "./directory/memberships.ts";
import { objectActionRoutes } from "./directory/object-actions.ts";
import { formatFault, GraphFault } from "./errors.ts";
import { calendarViewRoutes } from "./events/calendar-view.ts";
import { eventRoutes } from "./events/events.ts";
import { extensionRoutes } from "./extensions/event-extensions.ts";
import { groupRoutes } from "./groups/groups.ts";
import { readIdentifiers, readPreferences, withGraphHeaders } from "./headers.ts";
import { mailboxSettingsRoutes } from "./mailbox-settings/mailbox-settings.ts";
import { outlookRoutes } from "./mailbox-settings/outlook.ts";
import { meetingRoutes } from "./meetings/responses.ts";
import { countingRoute } from "./odata/count-segment.ts";
import { withoutMetadata } from "./odata/metadata-level.ts";
import { placeRoutes } from "./places/places.ts";
import { assignedPolicyRoutes } from "./policies/assigned-policies.ts";
import { tokenLifetimePolicyRoutes } from "./policies/token-lifetime-policies.ts";
import { reminderRoutes } from "./reminders/reminders.ts";
import { createRouter, type Route, splitPath } from "./router.ts";
import { meetingTimeRoutes } from "./schedules/find-meeting-times.ts";
import { scheduleRoutes } from "./schedules/get-schedule.ts";
import { appRoleAssignmentRoutes } from "./service-principals/app-role-assignments.ts";
import { servicePrincipalRoutes } from "./service-principals/service-principals.ts";
import { deliverNotifications } from "./subscriptions/deliver.ts";
import { subscriptionRoutes } from "./subscriptions/subscriptions.ts";
import { withThrottle } from "./throttle.ts";
import { managerRoutes } from "./users/manager.ts";
import { revokeSessionsRoutes } from "./users/revoke-sessions.ts";
import { userWriteRoutes } from "./users/user-writes.ts";
import { userRoutes } from "./users/users.ts";

const router = createRouter([
  ...userRoutes,
  ...userWriteRoutes,
  ...managerRoutes,
  ...revokeSessionsRoutes,
  ...calendarRoutes,
  ...calendarPermissionRoutes,
  ...eventRoutes,
  ...calendarViewRoutes,
  ...calendarDeltaRoutes,
  ...calendarListDeltaRoutes,
  ...scheduleRoutes,
  ...meetingTimeRoutes,
  ...extensionRoutes,
  ...attachmentRoutes,
  ...meetingRoutes,
  ...reminderRoutes,
  ...placeRoutes,
  ...mailboxSettingsRoutes,
  ...outlookRoutes,
  ...groupRoutes,
  ...membershipRoutes,
  ...directoryRoutes,
  ...deletedItemRoutes,
  ...objectActionRoutes,
  ...directoryDeltaRoutes,
  ...applicationRoutes,
  ...federatedCredentialRoutes,
  ...ownerRoutes,
  ...servicePrincipalRoutes,
  ...appRoleAssignmentRoutes,
  ...subscriptionRoutes,
  ...tokenLifetimePolicyRoutes,
  ...assignedPolicyRoutes,
]);

/**
 * Makes the surface of one emulator.
 *
 * @param context - its directory, clock, keys and switches
 * @returns a surface that answers every path under `/v1.0` and `/beta`, and `undefined` for others
 */
export function createGraphSurface(context: EmulatorContext): Surface {
  return async (request) => {
    const version = /^\/(v1\.0|beta)(?=\/|$)/i.exec(request.path)?.[1]?.toLowerCase();
    if (version !== "v1.0" && version !== "beta") return undefined;
    // Pages ask first whether they may call; the answer needs no token.
    if (request.method === "OPTIONS" && request.headers["access-control-request-method"] !== undefined)
      return answerPreflight(request);
    return withCorsHeaders(request, await answer(request, version, context));
  };
}

async function answer(
  request: EmulatorRequest,
  version: "v1.0" | "beta",
  context: EmulatorContext,
): Promise<EmulatorResponse> {
  const identifiers = readIdentifiers(request);
  try {
    const reply = await dispatch(request, version, context);
    return withGraphHeaders(formatReply(withoutMetadata(request, reply)), identifiers);
  } catch (error) {
    const fault = error instanceof GraphFault ? error : unexpected(error, request, context);
    return withGraphHeaders(formatFault(fault, identifiers, context.clock.nowMs()), identifiers);
  }
}

async function dispatch(
  request: EmulatorRequest,
  version: "v1.0" | "beta",
  context: EmulatorContext,
): Promise<GraphReply> {
  const claims = authenticate(request, context);
  const tenant = context.world.tenants.get(claims.tid);
  if (tenant === undefined)
    throw new GraphFault("InvalidAuthenticationToken", "Access token validation failure.");
  if (claims["xms_cc"] !== undefined) requireContinuedAccess(claims, tenant, context.clock.nowMs());
  const call: GraphCall = {
    request,
    context,
    tenant,
    claims,
    caller: readCaller(claims),
    version,
    params: {},
    preferences: readPreferences(request.headers["prefer"]),
    serviceRoot: `${request.origin}/${version}`,
  };
  const segments = splitPath(request.path.slice(version.length + 1));
  if (segments.length === 1 && segments[0]?.toLowerCase() === "$batch" && request.method === "POST")
    return runBatch(call, (step) => answer(step, version, context));
  const { route, params } = findRoute(call, segments);
  if (route.path.startsWith("/me") && call.caller.isApplication)
    throw new GraphFault("BadRequest", "/me request is only valid with delegated authentication flow.");
  authorise(call.caller, route.permission);
  const run = (): GraphReply | Promise<GraphReply> => route.handle({ ...call, params });
  const mailbox = params["user"] ?? params["group"] ?? claims.oid;
  const reply =
    route.permission.plane === "mailbox"
      ? await withThrottle(context, `${call.caller.appId} ${mailbox.toLowerCase()}`, run)
      : await run();
  if (request.method !== "GET") deliverNotifications(context);
  return reply;
}

function findRoute(
  call: GraphCall,
  segments: readonly string[],
): { readonly route: Route; readonly params: Readonly<Record<string, string>> } {
  const { request, context } = call;
  const match = router(request.method, segments);
  const isCounted = request.method === "GET" && segments.at(-1)?.toLowerCase() === "$count";
  if (isCounted && !(match.kind === "found" && match.route.path.endsWith("/$count"))) {
    // Not a thing whose id is "$count".
    const listed = router("GET", segments.slice(0, -1));
    if (listed.kind === "found") return { ...listed, route: countingRoute(listed.route) };
  }
  // Nothing is called so: where a collection has no change tracking here, the last segment is not one of its things.
  const isDelta = segments.at(-1)?.toLowerCase() === "delta";
  if (match.kind === "found" && !(isDelta && match.route.path.endsWith("}"))) return match;
  context.note(`miss: ${request.method} ${request.path}`);
  if (match.kind === "found")
    throw new GraphFault("ResourceNotFound", "Resource not found for the segment 'delta'.");
  if (match.kind === "unknown")
    throw new GraphFault("ResourceNotFound", `Resource not found for the segment '${match.segment}'.`);
  throw new GraphFault("Request_BadRequest", "Specified HTTP method is not allowed for the request target.", {
    status: 405,
    headers: { Allow: match.allowed.join(", ") },
  });
}

function formatReply(reply: GraphReply): EmulatorResponse {
  if (reply.content !== undefined) {
    const { type, bytes } = reply.content;
    return { status: reply.status, headers: { ...reply.headers, "Content-Type": type }, body: bytes };
  }
  if (reply.body === undefined) return { status: reply.status, headers: reply.headers ?? {} };
  if (reply.headers?.["Content-Type"] === "text/plain")
    return { status: reply.status, headers: reply.headers, body: String(reply.body) };
  return json(reply.status, reply.body, reply.headers);
}

/** Whatever goes wrong inside, the caller sees what the service would show: no stack, no path. */
function unexpected(error: unknown, request: EmulatorRequest, context: EmulatorContext): GraphFault {
  const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  context.note(`error: ${request.method} ${request.path}: ${reason}`);
  return new GraphFault("UnknownError");
}

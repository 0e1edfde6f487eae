/**
 * Ending a user's sessions.
 *
 * @see https://learn.microsoft.com/graph/api/user-revokesigninsessions
 */
import { type GraphCall, type GraphReply, param } from "../call.ts";
import { findUser } from "../directory-lookup.ts";
import { notFound } from "../not-found.ts";
import { PERMISSIONS } from "../permissions.ts";
import type { Route } from "../router.ts";

/** Rows of the route table. */
export const revokeSessionsRoutes: readonly Route[] = [
  {
    method: "POST",
    path: "/users/{user}/revokeSignInSessions",
    permission: PERMISSIONS.sessionsRevoke,
    handle: (call) => revokeSessions(call, param(call, "user")),
  },
  {
    method: "POST",
    path: "/me/revokeSignInSessions",
    permission: PERMISSIONS.ownSessionsRevoke,
    handle: (call) => revokeSessions(call, call.claims.oid),
  },
];

/** Refresh tokens that were issued before are void; access tokens of clients that handle revocation are challenged. */
function revokeSessions(call: GraphCall, name: string): GraphReply {
  const user = findUser(call.tenant, name);
  if (user === undefined) throw notFound(name);
  user.properties["signInSessionsValidFromDateTime"] = new Date(call.context.clock.nowMs()).toISOString();
  return {
    status: 200,
    body: { "@odata.context": `${call.serviceRoot}/$metadata#Edm.Boolean`, value: true },
  };
}

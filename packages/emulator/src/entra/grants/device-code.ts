/** The device-code grant: a device polls while a person signs in elsewhere. */
import { refused } from "../aadsts.ts";
import { authenticateClient, readPresentedClient } from "../client-authentication.ts";
import { readDelegatedResource, readDelegatedScopes } from "../delegated-scopes.ts";
import { requireLiveUser } from "../sign-in-grants.ts";
import { issueUserTokens } from "../user-tokens.ts";
import type { Grant } from "./grant.ts";

/**
 * Answers a poll.
 *
 * @see RFC 8628 §3.4
 */
export const deviceCode: Grant = async (grant) => {
  const { request, form, segment, context } = grant;
  const presented = readPresentedClient(form, request);
  // The v1 endpoint calls it `code`.
  const code = form["device_code"] ?? form["code"];
  if (code === undefined) throw refused(900144, { name: "device_code" });
  const flow = context.signIns.deviceFlows.get(code);
  if (flow === undefined) throw refused(7000014);
  if (flow.clientId !== presented.clientId.toLowerCase()) throw refused(700007);
  const nowMs = context.clock.nowMs();
  if (nowMs > flow.expiresAtMs) throw refused(70020);
  if (flow.isDeclined) throw refused(65004, undefined, { oauthError: "authorization_declined" });
  const tenant = context.world.tenants.get(flow.tenantId ?? "");
  if (flow.userId === undefined || tenant === undefined) throw refused(70016);
  const client = await authenticateClient(presented, tenant, segment, request, context);
  const { application } = client;
  const mayBePublic =
    application.isFallbackPublicClient ||
    application.redirectUris.some(({ type }) => type === "InstalledClient");
  if (client.strength === "0" && !mayBePublic) throw refused(7000218);
  const user = requireLiveUser(tenant.users.get(flow.userId), nowMs);
  const scopes =
    grant.endpointVersion === 1
      ? readDelegatedResource(flow.resource, client)
      : readDelegatedScopes(flow.scope, client);
  const members = await issueUserTokens({
    grant,
    client,
    user,
    scopes,
    requestedScope: flow.scope,
    platform: client.strength === "0" ? "InstalledClient" : "Web",
    signedInAtMs: nowMs,
    mayRefresh: true,
  });
  context.signIns.deviceFlows.delete(code);
  return members;
};

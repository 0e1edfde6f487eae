/** The userinfo endpoint, which the service keeps on Graph's host. */
import { GRAPH_APP_ID } from "../directory/well-known-applications.ts";
import { type EmulatorRequest, type EmulatorResponse, json } from "../host/http.ts";
import { verifyAccessToken } from "./access-token.ts";
import type { EntraContext } from "./entra-context.ts";
import { traceIdOf } from "./error-response.ts";
import { pairwiseSubject } from "./issue-token.ts";

const AUDIENCES = [
  GRAPH_APP_ID,
  "https://graph.microsoft.com",
  "https://graph.microsoft.us",
  "https://dod-graph.microsoft.us",
  "https://microsoftgraph.chinacloudapi.cn",
];

/**
 * Tells who a token speaks for.
 *
 * @param request - GET or POST with a bearer token for Graph
 * @param context - the emulator
 * @returns claims of the user, or 401
 * @see OpenID Connect Core 1.0 §5.3
 */
export function userInfo(request: EmulatorRequest, context: EntraContext): EmulatorResponse {
  const token = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? "")?.[1] ?? "";
  const verdict = verifyAccessToken(token, AUDIENCES, context);
  if (!verdict.ok || verdict.claims.scp === undefined) return refuse(request);
  const { claims } = verdict;
  const user = context.world.tenants.get(claims.tid)?.users.get(claims.oid);
  if (user === undefined) return refuse(request);
  return json(200, {
    // The subject of the id token, which OpenID Connect makes clients compare; the token's own is Graph's.
    sub: pairwiseSubject(user, claims.appid ?? claims.azp ?? ""),
    name: user.displayName,
    ...(typeof user.properties["surname"] === "string" ? { family_name: user.properties["surname"] } : {}),
    ...(typeof user.properties["givenName"] === "string" ? { given_name: user.properties["givenName"] } : {}),
    picture: `${request.origin}/v1.0/me/photo/$value`,
    ...(user.mail === undefined ? {} : { email: user.mail }),
  });
}

function refuse(request: EmulatorRequest): EmulatorResponse {
  return json(
    401,
    {
      error: {
        code: "InvalidAuthenticationToken",
        message: "Access token is empty.",
        innerError: { "request-id": traceIdOf(request) },
      },
    },
    { "WWW-Authenticate": 'Bearer error="invalid_token"' },
  );
}

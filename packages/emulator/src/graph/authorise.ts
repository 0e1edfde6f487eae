/** Who may ask Graph for what: the bearer token, then the permission rule of the route. */
import { type AccessTokenClaims, type TokenFault, verifyAccessToken } from "../entra/access-token.ts";
import type { EmulatorContext } from "../host/context.ts";
import type { EmulatorRequest } from "../host/http.ts";
import type { Caller } from "./call.ts";
import { GraphFault } from "./errors.ts";
import type { PermissionRule } from "./permissions.ts";

/** Names under which Graph is asked for in a token. */
const GRAPH_AUDIENCES = [
  "https://graph.microsoft.com",
  "00000003-0000-0000-c000-000000000000",
  "https://graph.microsoft.us",
  "https://dod-graph.microsoft.us",
  "https://microsoftgraph.chinacloudapi.cn",
];

const TOKEN_FAULT_MESSAGES: Readonly<Record<TokenFault, string>> = {
  malformed: "CompactToken parsing failed with error code: 80049217",
  unknownIssuer: "CompactToken validation failed with reason code: 8004920A",
  signature: "CompactToken validation failed with reason code: 8004920A",
  audience: "Access token validation failure. Invalid audience.",
  expired: "CompactToken validation failed with reason code: 80049228",
  notYetValid: "CompactToken validation failed with reason code: 80049229",
  unknownTenant: "Access token validation failure.",
};

const CHALLENGE =
  'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", client_id="00000003-0000-0000-c000-000000000000"';

/**
 * Checks the bearer token of a request.
 *
 * @param request - as it arrived
 * @param context - the emulator
 * @returns the claims
 * @throws {GraphFault} InvalidAuthenticationToken
 */
export function authenticate(request: EmulatorRequest, context: EmulatorContext): AccessTokenClaims {
  const header = request.headers.authorization;
  if (header === undefined || header.trim() === "") throw tokenFault("Access token is empty.");
  const token = /^bearer\s+(\S+)$/i.exec(header.trim())?.[1];
  if (token === undefined) throw tokenFault(TOKEN_FAULT_MESSAGES.malformed);
  const verdict = verifyAccessToken(token, GRAPH_AUDIENCES, context);
  if (verdict.ok) return verdict.claims;
  throw tokenFault(TOKEN_FAULT_MESSAGES[verdict.fault]);
}

/**
 * Reads from the claims who asks.
 *
 * @param claims - of a valid token
 * @returns the caller; a token with `scp` stands for a user
 */
export function readCaller(claims: AccessTokenClaims): Caller {
  const isApplication = claims.scp === undefined;
  const permissions = isApplication ? (claims.roles ?? []) : (claims.scp ?? "").split(" ");
  return {
    isApplication,
    appId: claims.appid ?? claims.azp ?? "",
    objectId: claims.oid,
    permissions: new Set(permissions),
  };
}

/**
 * Applies the rule of a route.
 *
 * @param caller - who asks
 * @param rule - what the operation needs
 * @throws {GraphFault} ErrorAccessDenied for mailbox data, Authorization_RequestDenied for directory objects
 */
export function authorise(caller: Caller, rule: PermissionRule): void {
  const groups = caller.isApplication ? rule.application : rule.delegated;
  const isAllowed = groups?.every((group) => group.some((permission) => caller.permissions.has(permission)));
  if (isAllowed !== true) throw denied(rule.plane);
}

/**
 * Makes the refusal of a plane.
 *
 * @param plane - mailbox data or directory objects
 * @returns the fault, to be thrown
 */
export function denied(plane: PermissionRule["plane"]): GraphFault {
  return new GraphFault(plane === "mailbox" ? "ErrorAccessDenied" : "Authorization_RequestDenied");
}

function tokenFault(message: string): GraphFault {
  return new GraphFault("InvalidAuthenticationToken", message, {
    headers: { "WWW-Authenticate": CHALLENGE },
  });
}

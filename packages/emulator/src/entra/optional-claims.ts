/**
 * Optional claims and the groups claim: what a registration asks for in the tokens of its users.
 *
 * @see learn.microsoft.com/entra/identity-platform/optional-claims-reference
 */
import type { Application, Group, ServicePrincipal, Tenant, User } from "../directory/directory.ts";
import type { EmulatorRequest } from "../host/http.ts";

/** The user whose token it is. */
export interface ClaimSubject {
  readonly user: User;
  readonly tenant: Tenant;
  readonly request: EmulatorRequest;
  /** Seconds since 1970 UTC. */
  readonly signedInSeconds: number;
}

/** What kind of token. */
export type OptionalClaimsKind = "accessToken" | "idToken";

/** More groups than this are left out of a token and must be read from Graph. */
const GROUP_LIMIT = 200;

/** What tokens say instead of too many groups; the retired directory API, as the service still names it. */
const OVERAGE_HOST = "https://graph.windows.net";

/**
 * Optional claims of a user's token.
 *
 * @param kind - which token
 * @param application - the registration that reads it: the API, or the client of an id token
 * @param principal - its account in the tenant
 * @param subject - the user
 * @returns the claims that were asked for and are known; `groups` when `groupMembershipClaims` asks for them
 */
export function optionalClaims(
  kind: OptionalClaimsKind,
  application: Application,
  principal: ServicePrincipal,
  subject: ClaimSubject,
): Record<string, unknown> {
  const { properties } = application;
  const names = optionalClaimNames(properties["optionalClaims"], kind);
  const membership = readMembership(properties["groupMembershipClaims"]);
  const claims: Record<string, unknown> = {};
  for (const name of names) {
    const value = claimOf(name, subject);
    if (value !== undefined) claims[name] = value;
  }
  if (names.includes("idtyp") && includesUserTokens(properties["optionalClaims"], kind))
    claims["idtyp"] = "user";
  if (membership.size > 0 || names.includes("groups"))
    Object.assign(claims, groupClaims(membership, principal, subject));
  return claims;
}

/**
 * Names of optional claims.
 *
 * @param claims - `optionalClaims` of a registration
 * @param kind - which token
 * @returns the names
 */
export function optionalClaimNames(claims: unknown, kind: OptionalClaimsKind): string[] {
  return entriesOf(claims, kind).flatMap(({ name }) => (typeof name === "string" ? [name] : []));
}

function entriesOf(claims: unknown, kind: OptionalClaimsKind): Record<string, unknown>[] {
  const list = (claims as Record<string, unknown> | null | undefined)?.[kind];
  return Array.isArray(list) ? list.filter((entry) => typeof entry === "object" && entry !== null) : [];
}

/** `idtyp` is for applications, unless the registration wants it in users' tokens as well. */
function includesUserTokens(claims: unknown, kind: OptionalClaimsKind): boolean {
  return entriesOf(claims, kind).some(
    ({ name, additionalProperties }) =>
      name === "idtyp" &&
      Array.isArray(additionalProperties) &&
      additionalProperties.includes("include_user_token"),
  );
}

function claimOf(name: string, { user, request, signedInSeconds }: ClaimSubject): unknown {
  switch (name) {
    case "acct":
      return 0;
    case "auth_time":
      return signedInSeconds;
    case "ctry":
      return user.properties["country"];
    case "email":
      return user.mail;
    case "family_name":
      return user.properties["surname"];
    case "given_name":
      return user.properties["givenName"];
    case "ipaddr":
      return request.headers["x-forwarded-for"] ?? "127.0.0.1";
    case "login_hint":
      return `O.${Buffer.from(user.userPrincipalName).toString("base64url")}`;
    case "preferred_username":
    case "upn":
      return user.userPrincipalName;
    case "tenant_ctry":
      return "GB";
    case "verified_primary_email":
      return user.mail === undefined ? undefined : [user.mail];
    default:
      return undefined;
  }
}

/** `groupMembershipClaims`: names separated by commas; `None` and an absent value ask for nothing. */
function readMembership(value: unknown): ReadonlySet<string> {
  if (typeof value !== "string") return new Set();
  const names = value.split(",").map((name) => name.trim());
  return new Set(names.filter((name) => name !== "" && name !== "None"));
}

function groupClaims(
  membership: ReadonlySet<string>,
  principal: ServicePrincipal,
  { user, tenant }: ClaimSubject,
): Record<string, unknown> {
  const ids = [...tenant.groups.values()]
    .filter((group) => group.deletedAtMs === undefined && group.members.includes(user.id))
    .filter((group) => isWanted(group, membership, principal, tenant))
    .map(({ id }) => id);
  if (ids.length === 0) return {};
  if (ids.length <= GROUP_LIMIT) return { groups: ids };
  const endpoint = `${OVERAGE_HOST}/${tenant.tenantId}/users/${user.id}/getMemberObjects`;
  return { _claim_names: { groups: "src1" }, _claim_sources: { src1: { endpoint } } };
}

function isWanted(
  group: Group,
  membership: ReadonlySet<string>,
  principal: ServicePrincipal,
  tenant: Tenant,
): boolean {
  if (membership.size === 0 || membership.has("All")) return true;
  if (membership.has("SecurityGroup") && !group.groupTypes.includes("Unified")) return true;
  if (!membership.has("ApplicationGroup")) return false;
  for (const { principalId, resourceId } of tenant.appRoleAssignments.values())
    if (principalId === group.id && resourceId === principal.id) return true;
  return false;
}

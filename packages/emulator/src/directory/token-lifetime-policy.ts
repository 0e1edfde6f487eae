/**
 * Token lifetime policies: their definition, and which one applies.
 *
 * @see learn.microsoft.com/entra/identity-platform/configurable-token-lifetimes
 */
import type { ServicePrincipal, Tenant, TokenLifetimePolicy, World } from "./directory.ts";
import { findApplicationAnywhere } from "./lookup.ts";
import { isMicrosofts } from "./well-known-applications.ts";

const SHORTEST_SECONDS = 600;
const LONGEST_SECONDS = 86_400;

/**
 * Reads the definition of a policy.
 *
 * @param definition - one text that holds JSON:
 *   `{"TokenLifetimePolicy":{"Version":1,"AccessTokenLifetime":"02:00:00"}}`
 * @returns life of access and id tokens in seconds; `undefined` when the definition sets none (older policies set lives
 *   of refresh tokens only, which the service no longer honours)
 * @throws {RangeError} when it is not such JSON, or the life is not between ten minutes and a day
 */
export function readLifetimeDefinition(definition: readonly string[]): number | undefined {
  if (definition.length !== 1) throw new RangeError("must hold exactly one text");
  const policy = parseDefinition(definition[0] ?? "");
  if (policy["Version"] !== 1) throw new RangeError("must have Version 1");
  const life = policy["AccessTokenLifetime"];
  if (life === undefined) return undefined;
  const seconds = typeof life === "string" ? readTimeSpan(life) : undefined;
  if (seconds === undefined || seconds < SHORTEST_SECONDS || seconds > LONGEST_SECONDS)
    throw new RangeError("must have an AccessTokenLifetime between 00:10:00 and 1.00:00:00");
  return seconds;
}

/**
 * The life that policies give to the tokens for an application.
 *
 * The policy of the service principal comes first, then the organisation's default, then the policy of the registration,
 * which stands in the application's home tenant.
 *
 * @param principal - account of the application that the token is for: the API, or the client of an id token
 * @param tenant - where the token is issued
 * @param world - all tenants
 * @returns seconds; `undefined` when no policy applies
 */
export function policyLifetimeSeconds(
  principal: ServicePrincipal,
  tenant: Tenant,
  world: World,
): number | undefined {
  const own =
    tenant.tokenLifetimePolicies === undefined || tenant.tokenLifetimePolicies.size === 0
      ? undefined
      : (assignedTo(principal.id, tenant) ?? organizationDefault(tenant));
  if (own !== undefined || isMicrosofts(principal.appId)) return own?.accessTokenLifetimeSeconds;
  const home = findApplicationAnywhere(world, principal.appId);
  return home === undefined
    ? undefined
    : assignedTo(home.application.id, home.homeTenant)?.accessTokenLifetimeSeconds;
}

/**
 * Finds the policy that is assigned to an object.
 *
 * @param objectId - of an application or service principal
 * @param tenant - where to look
 * @returns the policy; an object has at most one
 */
export function assignedTo(objectId: string, tenant: Tenant): TokenLifetimePolicy | undefined {
  for (const policy of tenant.tokenLifetimePolicies?.values() ?? [])
    if (policy.appliesTo.includes(objectId)) return policy;
  return undefined;
}

function organizationDefault(tenant: Tenant): TokenLifetimePolicy | undefined {
  for (const policy of tenant.tokenLifetimePolicies?.values() ?? [])
    if (policy.isOrganizationDefault) return policy;
  return undefined;
}

function parseDefinition(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new RangeError("must be JSON");
  }
  const policy = (value as { TokenLifetimePolicy?: unknown } | null)?.TokenLifetimePolicy;
  if (typeof policy !== "object" || policy === null || Array.isArray(policy))
    throw new RangeError("must have a TokenLifetimePolicy");
  return policy as Record<string, unknown>;
}

/** `D.HH:MM:SS`; the days may be left out. */
function readTimeSpan(text: string): number | undefined {
  const match = /^(?:(\d{1,8})\.)?(\d{1,2}):(\d{2}):(\d{2})$/.exec(text);
  if (match === null) return undefined;
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = match.slice(1).map((part) => Number(part ?? 0));
  return ((days * 24 + hours) * 60 + minutes) * 60 + seconds;
}

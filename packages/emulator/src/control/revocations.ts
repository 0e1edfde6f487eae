/** Revoking tokens from outside: what an administrator's act or a risk brings about in the service. */
import type { ServicePrincipal, Tenant, TokenRevocation, User, World } from "../directory/directory.ts";
import { type JsonObject, JsonPlaceError } from "../directory/json-reader.ts";
import { findServicePrincipal, findTenant, findUser } from "../directory/lookup.ts";
import { EmulatorError } from "../errors.ts";
import type { EmulatorContext } from "../host/context.ts";

/** Whose tokens are to be refused. */
export interface RevocationWish {
  /** GUID or domain. @defaultValue the first tenant */
  readonly tenantId?: string | undefined;
  /** Client id: its app-only tokens are meant. */
  readonly appId?: string | undefined;
  /** User principal name or object id, instead of `appId`. */
  readonly user?: string | undefined;
  /** @defaultValue "revoked" */
  readonly reason?: TokenRevocation["reason"] | undefined;
  /** Tokens issued up to this instant are refused. @defaultValue now */
  readonly at?: Date | undefined;
}

/** What is refused. */
export interface IssuedRevocation {
  readonly tenantId: string;
  readonly kind: "application" | "user";
  /** Client id, or user principal name. */
  readonly name: string;
  readonly reason: TokenRevocation["reason"];
  /** ISO 8601. */
  readonly at: string;
}

const REASONS: readonly TokenRevocation["reason"][] = ["revoked", "outdatedPolicies", "location"];

/**
 * Reads a wish from a request to the control API.
 *
 * @param body - its JSON
 * @returns the wish
 * @throws {JsonPlaceError} naming the member that cannot be used
 */
export function readRevocationWish(body: JsonObject): RevocationWish {
  body.allowOnly("tenantId", "appId", "user", "reason", "at");
  const reason = body.text("reason") ?? "revoked";
  const known = REASONS.find((one) => one === reason);
  if (known === undefined)
    throw new JsonPlaceError(body.at("reason"), `must be one of ${REASONS.join(", ")}, not "${reason}"`);
  const atMs = body.instantMs("at");
  return {
    tenantId: body.text("tenantId"),
    appId: body.text("appId"),
    user: body.text("user"),
    reason: known,
    at: atMs === undefined ? undefined : new Date(atMs),
  };
}

/**
 * Revokes tokens. With reason `revoked` a user's refresh tokens are void as well.
 *
 * @param wish - whose tokens, and why
 * @param context - the emulator
 * @returns what is refused from now on
 * @throws {EmulatorError} `EMULATOR_CONTROL_INVALID` for an unknown tenant, application or user
 */
export function revokeTokens(wish: RevocationWish, context: EmulatorContext): IssuedRevocation {
  const { reason = "revoked" } = wish;
  const [first] = context.world.tenants.values();
  const tenant = wish.tenantId === undefined ? first : findTenant(context.world, wish.tenantId);
  const found = tenant === undefined ? undefined : findSubject(wish, tenant);
  if (tenant === undefined || found === undefined)
    throw new EmulatorError("EMULATOR_CONTROL_INVALID", `Nobody to revoke tokens of: ${describe(wish)}`, {
      hint: "Give the appId or the user of a tenant of the seed",
    });
  const atMs = wish.at?.getTime() ?? context.clock.nowMs();
  found.revocation = { reason, atMs };
  if ("userPrincipalName" in found && reason === "revoked")
    found.properties["signInSessionsValidFromDateTime"] = new Date(atMs).toISOString();
  return { tenantId: tenant.tenantId, ...nameOf(found), reason, at: new Date(atMs).toISOString() };
}

/**
 * Lists what is refused.
 *
 * @param world - all tenants
 * @returns the revocations
 */
export function listRevocations(world: World): { readonly revocations: readonly IssuedRevocation[] } {
  const revocations = [...world.tenants.values()].flatMap((tenant) =>
    subjectsOf(tenant).flatMap((subject) => {
      if (subject.revocation === undefined) return [];
      const { reason, atMs } = subject.revocation;
      return [{ tenantId: tenant.tenantId, ...nameOf(subject), reason, at: new Date(atMs).toISOString() }];
    }),
  );
  return { revocations };
}

/**
 * Lifts every revocation. Refresh tokens that became void stay so.
 *
 * @param world - changed in place
 */
export function liftRevocations(world: World): void {
  for (const tenant of world.tenants.values())
    for (const subject of subjectsOf(tenant)) subject.revocation = undefined;
}

function findSubject({ appId, user }: RevocationWish, tenant: Tenant): ServicePrincipal | User | undefined {
  if ((appId === undefined) === (user === undefined)) return undefined;
  return appId === undefined ? findUser(tenant, user ?? "") : findServicePrincipal(tenant, appId);
}

function subjectsOf(tenant: Tenant): (ServicePrincipal | User)[] {
  return [...tenant.servicePrincipals.values(), ...tenant.users.values()];
}

function nameOf(subject: ServicePrincipal | User): Pick<IssuedRevocation, "kind" | "name"> {
  return "userPrincipalName" in subject
    ? { kind: "user", name: subject.userPrincipalName }
    : { kind: "application", name: subject.appId };
}

function describe({ tenantId, appId, user }: RevocationWish): string {
  return JSON.stringify({ tenantId, appId, user });
}

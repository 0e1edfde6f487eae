/** The client of a request: its registration, its account in the tenant, and whether it may sign in. */
import type { Application, ServicePrincipal, Tenant } from "../directory/directory.ts";
import { findApplication, findApplicationAnywhere, findServicePrincipal } from "../directory/lookup.ts";
import { refused } from "./aadsts.ts";
import type { EntraContext } from "./entra-context.ts";
import type { TenantSegment } from "./tenant-segment.ts";

/** A client in the tenant it signs in to. */
export interface Client {
  readonly tenant: Tenant;
  readonly application: Application;
  readonly servicePrincipal: ServicePrincipal;
}

const ZERO_GUID = "00000000-0000-0000-0000-000000000000";

/**
 * Finds the client of a token request.
 *
 * @param clientId - as sent
 * @param tenant - the tenant of the path
 * @param context - the emulator
 * @returns registration and account
 * @throws {RefusedError} 700038, 700016, 7000229, 7000112 or 7000116
 */
export function findClient(clientId: string, tenant: Tenant, context: EntraContext): Client {
  const application = findRegistration(clientId, tenant, context);
  const servicePrincipal = findServicePrincipal(tenant, application.appId);
  if (servicePrincipal === undefined) {
    if (findApplication(tenant, application.appId) === undefined) throw notFound(clientId, tenant);
    throw refused(7000229, { appId: application.appId, tenantId: tenant.tenantId });
  }
  refuseDisabled(application, servicePrincipal, tenant);
  return { tenant, application, servicePrincipal };
}

/**
 * Finds a registration that may be used in a tenant, with an account there or not.
 *
 * @param clientId - as sent
 * @param tenant - the tenant of the path
 * @param context - the emulator
 * @returns the registration, of this tenant or of a multi-tenant application of another
 * @throws {RefusedError} 700038 or 700016
 */
export function findRegistration(clientId: string, tenant: Tenant, context: EntraContext): Application {
  if (clientId === ZERO_GUID) throw refused(700038, { guid: clientId });
  const own = findApplication(tenant, clientId);
  const application = own ?? foreignRegistration(clientId, context);
  if (
    application === undefined ||
    !context.faults.isReplicated(application.createdAtMs, context.clock.nowMs())
  )
    throw notFound(clientId, tenant);
  return application;
}

/**
 * Tells whether users of other tenants may use an application.
 *
 * @param application - the registration
 * @returns true for multi-tenant applications
 */
export function isMultiTenant(application: Application): boolean {
  return (
    application.signInAudience === "AzureADMultipleOrgs" ||
    application.signInAudience === "AzureADandPersonalMicrosoftAccount"
  );
}

/**
 * Refuses applications that a shared segment does not serve.
 *
 * @param application - the registration
 * @param kind - what the first segment of the path means
 * @throws {RefusedError} 9002332 for `consumers`, 50194 for applications of a single tenant on the other two
 */
export function refuseSharedSegment(application: Application, kind: TenantSegment["kind"]): void {
  const { appId, displayName } = application;
  if (kind === "consumers") throw refused(9002332, { principalId: appId, principalName: displayName });
  if (kind === "tenant" || isMultiTenant(application)) return;
  throw refused(50194, { appId, appName: displayName, time: "10/15/2018" });
}

function foreignRegistration(clientId: string, context: EntraContext): Application | undefined {
  const found = findApplicationAnywhere(context.world, clientId);
  return found !== undefined && isMultiTenant(found.application) ? found.application : undefined;
}

function notFound(clientId: string, tenant: Tenant): Error {
  return refused(700016, { appIdentifier: clientId, tenantName: tenant.displayName });
}

function refuseDisabled(application: Application, principal: ServicePrincipal, tenant: Tenant): void {
  const values = {
    appIdentifier: application.appId,
    appName: application.displayName,
    tenant: tenant.displayName,
  };
  const isDisabledByMicrosoft =
    typeof application.properties["disabledByMicrosoftStatus"] === "string" &&
    application.properties["disabledByMicrosoftStatus"] !== "NotDisabled";
  if (isDisabledByMicrosoft) throw refused(7000112, values);
  if (principal.accountEnabled) return;
  const isAtHome = findApplication(tenant, application.appId) !== undefined;
  throw refused(isAtHome ? 7000112 : 7000116, values);
}

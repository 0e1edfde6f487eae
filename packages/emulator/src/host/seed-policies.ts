/** Policies of a seed file: token lifetimes and Conditional Access. */
import type { ConditionalAccessPolicy, Selection } from "../directory/conditional-access.ts";
import type { Tenant, TokenLifetimePolicy } from "../directory/directory.ts";
import { type JsonObject, JsonPlaceError } from "../directory/json-reader.ts";
import { findApplication, findResource } from "../directory/lookup.ts";
import { stableId } from "../directory/stable-id.ts";
import { readLifetimeDefinition } from "../directory/token-lifetime-policy.ts";

/**
 * Reads `tokenLifetimePolicies` and `conditionalAccessPolicies` of a tenant, when its applications are there.
 *
 * @param entry - the tenant in the seed file
 * @param tenant - changed in place
 * @throws {JsonPlaceError} naming the JSON path of a value that cannot be used
 */
export function readPolicies(entry: JsonObject, tenant: Tenant): void {
  readTokenLifetimePolicies(entry, tenant);
  const policies = entry
    .objects("conditionalAccessPolicies")
    .flatMap((item) => readConditionalAccessPolicy(item, tenant));
  if (policies.length > 0) tenant.conditionalAccessPolicies = policies;
}

/** As Graph shows them; conditions that are not evaluated are refused, so that no policy seems to work. */
function readConditionalAccessPolicy(item: JsonObject, tenant: Tenant): ConditionalAccessPolicy[] {
  item.allowOnly("id", "displayName", "state", "conditions", "grantControls");
  const conditions = requiredObject(item, "conditions");
  conditions.allowOnly("users", "clientApplications", "applications");
  const [control, ...more] = requiredObject(item, "grantControls").texts("builtInControls");
  if ((control !== "block" && control !== "mfa") || more.length > 0)
    throw new JsonPlaceError(item.at("grantControls.builtInControls"), 'must be ["block"] or ["mfa"]');
  const state = item.text("state") ?? "enabled";
  if (!["enabled", "disabled", "enabledForReportingButNotEnforced"].includes(state))
    throw new JsonPlaceError(
      item.at("state"),
      `must be enabled, disabled or enabledForReportingButNotEnforced`,
    );
  const policy: ConditionalAccessPolicy = {
    id: item.guid("id") ?? stableId("conditionalAccessPolicy", tenant.tenantId, item.path),
    displayName: item.text("displayName") ?? "Conditional Access",
    servicePrincipals: readSelection(conditions.object("clientApplications"), "ServicePrincipals"),
    users: readSelection(conditions.object("users"), "Users"),
    applications: readSelection(conditions.object("applications"), "Applications") ?? {
      include: ["All"],
      exclude: [],
    },
    control,
  };
  return state === "enabled" ? [policy] : [];
}

function requiredObject(item: JsonObject, name: string): JsonObject {
  const object = item.object(name);
  if (object === undefined) throw new JsonPlaceError(item.at(name), "is missing");
  return object;
}

function readSelection(object: JsonObject | undefined, of: string): Selection | undefined {
  if (object === undefined) return undefined;
  object.allowOnly(`include${of}`, `exclude${of}`);
  return { include: object.texts(`include${of}`), exclude: object.texts(`exclude${of}`) };
}

/**
 * Reads `tokenLifetimePolicies` of a tenant, when its applications are there.
 *
 * Each has `displayName` and `definition` as Graph shows them, `isOrganizationDefault`, and what it is assigned to:
 * `applications` by client id, `servicePrincipals` by client id or identifier URI.
 *
 * @param entry - the tenant in the seed file
 * @param tenant - changed in place
 * @throws {JsonPlaceError} naming the JSON path of a value that cannot be used
 */
function readTokenLifetimePolicies(entry: JsonObject, tenant: Tenant): void {
  const assigned = new Set<string>();
  for (const item of entry.objects("tokenLifetimePolicies")) {
    item.allowOnly(
      ...["id", "displayName", "description", "definition", "isOrganizationDefault"],
      ...["applications", "servicePrincipals"],
    );
    const policy = readPolicy(item, tenant);
    for (const id of policy.appliesTo) {
      if (assigned.has(id))
        throw new JsonPlaceError(item.path, "is assigned to what already has a token lifetime policy");
      assigned.add(id);
    }
    tenant.tokenLifetimePolicies ??= new Map();
    tenant.tokenLifetimePolicies.set(policy.id, policy);
  }
}

function readPolicy(item: JsonObject, tenant: Tenant): TokenLifetimePolicy {
  const definition = item.texts("definition");
  return {
    id: item.guid("id") ?? stableId("tokenLifetimePolicy", tenant.tenantId, item.path),
    displayName: item.text("displayName") ?? "Token lifetime",
    description: item.text("description"),
    definition,
    isOrganizationDefault: item.flag("isOrganizationDefault") ?? false,
    accessTokenLifetimeSeconds: readLifetime(item, definition),
    appliesTo: [
      ...targets(item, "applications", (name) => findApplication(tenant, name)),
      ...targets(item, "servicePrincipals", (name) => findResource(tenant, name)),
    ],
  };
}

function readLifetime(item: JsonObject, definition: readonly string[]): number | undefined {
  try {
    return readLifetimeDefinition(definition);
  } catch (error) {
    if (error instanceof RangeError) throw new JsonPlaceError(item.at("definition"), error.message);
    throw error;
  }
}

function targets(
  item: JsonObject,
  member: string,
  find: (name: string) => { readonly id: string } | undefined,
): string[] {
  return item.texts(member).map((name, index) => {
    const found = find(name);
    if (found === undefined)
      throw new JsonPlaceError(
        `${item.at(member)}[${index}]`,
        `names "${name}", which this tenant does not know`,
      );
    return found.id;
  });
}

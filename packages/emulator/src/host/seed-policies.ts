/** Token lifetime policies of a seed file. */
import type { Tenant, TokenLifetimePolicy } from "../directory/directory.ts";
import { type JsonObject, JsonPlaceError } from "../directory/json-reader.ts";
import { findApplication, findResource } from "../directory/lookup.ts";
import { stableId } from "../directory/stable-id.ts";
import { readLifetimeDefinition } from "../directory/token-lifetime-policy.ts";

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
export function readTokenLifetimePolicies(entry: JsonObject, tenant: Tenant): void {
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

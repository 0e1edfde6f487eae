/**
 * Token lifetime policies and the applications and service principals that they are assigned to.
 *
 * @see https://learn.microsoft.com/graph/api/resources/tokenlifetimepolicy
 */
import { randomUUID } from "node:crypto";
import type { Tenant, TokenLifetimePolicy } from "../../directory/directory.ts";
import { readLifetimeDefinition } from "../../directory/token-lifetime-policy.ts";
import { type GraphCall, type GraphReply, type JsonObject, param, readJsonBody } from "../call.ts";
import {
  invalidProperty,
  missingProperty,
  readDirectoryBody,
  refuseUnknownProperties,
} from "../directory-body.ts";
import { GraphFault } from "../errors.ts";
import { notFound } from "../not-found.ts";
import { DIRECTORY_STYLE, replyCollection, replyEntity } from "../odata/collection.ts";
import type { EntityType } from "../odata/entity.ts";
import { PERMISSIONS } from "../permissions.ts";
import type { Route } from "../router.ts";

const RESOURCE = "TokenLifetimePolicy";
const ALL = "/policies/tokenLifetimePolicies";
const ONE = `${ALL}/{policy}`;
const CONTEXT = "policies/tokenLifetimePolicies";
const WRITABLE = new Set(["displayName", "description", "definition", "isOrganizationDefault"]);

/** The entity type `tokenLifetimePolicy`. */
const TOKEN_LIFETIME_POLICY_TYPE: EntityType<TokenLifetimePolicy> = {
  name: "microsoft.graph.tokenLifetimePolicy",
  always: [],
  onRequest: new Set(),
  expansions: {},
  properties: {
    id: (policy) => policy.id,
    deletedDateTime: () => null,
    definition: (policy) => policy.definition,
    description: (policy) => policy.description ?? null,
    displayName: (policy) => policy.displayName,
    isOrganizationDefault: (policy) => policy.isOrganizationDefault,
  },
};

/** Rows of the route table. */
export const tokenLifetimePolicyRoutes: readonly Route[] = [
  {
    method: "GET",
    path: ALL,
    permission: PERMISSIONS.policyRead,
    handle: (call) => replyPolicies(call, [...policiesOf(call.tenant).values()]),
  },
  { method: "POST", path: ALL, permission: PERMISSIONS.policyWrite, handle: createPolicy },
  {
    method: "GET",
    path: ONE,
    permission: PERMISSIONS.policyRead,
    handle: (call) =>
      replyEntity(TOKEN_LIFETIME_POLICY_TYPE, requirePolicy(call.tenant, param(call, "policy")), call, {
        context: CONTEXT,
      }),
  },
  { method: "PATCH", path: ONE, permission: PERMISSIONS.policyWrite, handle: updatePolicy },
  { method: "DELETE", path: ONE, permission: PERMISSIONS.policyWrite, handle: removePolicy },
];

/**
 * Answers with a page of policies.
 *
 * @param call - the request
 * @param policies - all of them
 * @returns 200 with `value`
 */
export function replyPolicies(call: GraphCall, policies: readonly TokenLifetimePolicy[]): GraphReply {
  return replyCollection(TOKEN_LIFETIME_POLICY_TYPE, policies, call, {
    style: DIRECTORY_STYLE,
    context: CONTEXT,
  });
}

/**
 * Finds a policy.
 *
 * @param tenant - where to look
 * @param id - of the policy
 * @returns the policy
 * @throws {GraphFault} Request_ResourceNotFound
 */
export function requirePolicy(tenant: Tenant, id: string): TokenLifetimePolicy {
  const policy = tenant.tokenLifetimePolicies?.get(id.toLowerCase());
  if (policy === undefined) throw notFound(id);
  return policy;
}

/**
 * The policies of a tenant, to be changed.
 *
 * @param tenant - gets the map when it has none
 * @returns policies by id
 */
export function policiesOf(tenant: Tenant): Map<string, TokenLifetimePolicy> {
  tenant.tokenLifetimePolicies ??= new Map();
  return tenant.tokenLifetimePolicies;
}

function createPolicy(call: GraphCall): GraphReply {
  const body = readJsonBody(call);
  for (const name of ["definition", "displayName"])
    if (body[name] === undefined || body[name] === null) throw missingProperty(name, RESOURCE);
  const policy = readPolicy(body, {
    id: randomUUID(),
    displayName: "",
    description: undefined,
    definition: [],
    isOrganizationDefault: false,
    accessTokenLifetimeSeconds: undefined,
    appliesTo: [],
  });
  keepOneDefault(policy, call.tenant);
  policiesOf(call.tenant).set(policy.id, policy);
  return replyEntity(TOKEN_LIFETIME_POLICY_TYPE, policy, call, { status: 201, context: CONTEXT });
}

function updatePolicy(call: GraphCall): GraphReply {
  const policy = readPolicy(readJsonBody(call), requirePolicy(call.tenant, param(call, "policy")));
  keepOneDefault(policy, call.tenant);
  policiesOf(call.tenant).set(policy.id, policy);
  return { status: 204 };
}

function removePolicy(call: GraphCall): GraphReply {
  const { id } = requirePolicy(call.tenant, param(call, "policy"));
  policiesOf(call.tenant).delete(id);
  return { status: 204 };
}

function readPolicy(body: JsonObject, before: TokenLifetimePolicy): TokenLifetimePolicy {
  refuseUnknownProperties(body, WRITABLE, RESOURCE);
  return readDirectoryBody(body, RESOURCE, (members) => {
    const definition = members.has("definition") ? members.texts("definition") : before.definition;
    return {
      ...before,
      displayName: members.text("displayName") ?? before.displayName,
      description: members.text("description") ?? before.description,
      definition,
      isOrganizationDefault: members.flag("isOrganizationDefault") ?? before.isOrganizationDefault,
      accessTokenLifetimeSeconds: lifetimeOf(definition),
    };
  });
}

function lifetimeOf(definition: readonly string[]): number | undefined {
  try {
    return readLifetimeDefinition(definition);
  } catch (error) {
    if (error instanceof RangeError) throw invalidProperty("definition", RESOURCE);
    throw error;
  }
}

/** Only one policy of a type can be the organisation's default. */
function keepOneDefault(policy: TokenLifetimePolicy, tenant: Tenant): void {
  if (!policy.isOrganizationDefault) return;
  for (const other of policiesOf(tenant).values())
    if (other.isOrganizationDefault && other.id !== policy.id)
      throw new GraphFault(
        "Request_BadRequest",
        `Another policy of type '${RESOURCE}' is the default of the organization.`,
      );
}

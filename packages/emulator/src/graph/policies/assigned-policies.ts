/**
 * Assigning token lifetime policies.
 *
 * @see https://learn.microsoft.com/graph/api/application-post-tokenlifetimepolicies
 * @see https://learn.microsoft.com/graph/api/tokenlifetimepolicy-list-appliesto
 */
import type { Application, ServicePrincipal } from "../../directory/directory.ts";
import { assignedTo } from "../../directory/token-lifetime-policy.ts";
import { APPLICATION_TYPE } from "../applications/application-entity.ts";
import { requireOwnership } from "../applications/ownership.ts";
import { type GraphCall, type GraphReply, param, readJsonBody } from "../call.ts";
import { requireApplication, requireServicePrincipal } from "../directory-lookup.ts";
import { GraphFault } from "../errors.ts";
import { notFound } from "../not-found.ts";
import { DIRECTORY_STYLE, replyCollection } from "../odata/collection.ts";
import type { EntityType, RenderProperty } from "../odata/entity.ts";
import { PERMISSIONS } from "../permissions.ts";
import type { Route } from "../router.ts";
import { SERVICE_PRINCIPAL_TYPE } from "../service-principals/service-principal-entity.ts";
import { policiesOf, replyPolicies, requirePolicy } from "./token-lifetime-policies.ts";

type Target =
  | { readonly kind: "application"; readonly object: Application }
  | { readonly kind: "servicePrincipal"; readonly object: ServicePrincipal };

const TYPES = { application: APPLICATION_TYPE, servicePrincipal: SERVICE_PRINCIPAL_TYPE } as const;

const NAMES = new Set([
  ...Object.keys(APPLICATION_TYPE.properties),
  ...Object.keys(SERVICE_PRINCIPAL_TYPE.properties),
]);

const TARGET_TYPE: EntityType<Target> = {
  name: "microsoft.graph.directoryObject",
  always: [],
  onRequest: new Set(),
  expansions: {},
  annotations: { "@odata.type": ({ kind }) => `#microsoft.graph.${kind}` },
  properties: Object.fromEntries(
    [...NAMES].map((name): [string, RenderProperty<Target>] => [
      name,
      ({ kind, object }, call) => (TYPES[kind] as EntityType<unknown>).properties[name]?.(object, call),
    ]),
  ),
};

/** Rows of the route table. */
export const assignedPolicyRoutes: readonly Route[] = [
  ...routesOf("/applications/{application}", (call) =>
    requireApplication(call.tenant, param(call, "application")),
  ),
  ...routesOf("/servicePrincipals/{servicePrincipal}", (call) =>
    requireServicePrincipal(call.tenant, param(call, "servicePrincipal")),
  ),
  {
    method: "GET",
    path: "/policies/tokenLifetimePolicies/{policy}/appliesTo",
    permission: PERMISSIONS.policyTargetsRead,
    handle: (call) =>
      replyCollection(TARGET_TYPE, targetsOf(call), call, {
        style: DIRECTORY_STYLE,
        context: "directoryObjects",
      }),
  },
];

function routesOf(one: string, find: (call: GraphCall) => Application | ServicePrincipal): Route[] {
  const path = `${one}/tokenLifetimePolicies`;
  return [
    {
      method: "GET",
      path,
      permission: PERMISSIONS.policyAssign,
      handle: (call) => {
        const policy = assignedTo(find(call).id, call.tenant);
        return replyPolicies(call, policy === undefined ? [] : [policy]);
      },
    },
    {
      method: "POST",
      path: `${path}/$ref`,
      permission: PERMISSIONS.policyAssign,
      handle: (call) => assign(call, find(call)),
    },
    {
      method: "DELETE",
      path: `${path}/{policy}/$ref`,
      permission: PERMISSIONS.policyAssign,
      handle: (call) => unassign(call, find(call)),
    },
  ];
}

function assign(call: GraphCall, target: Application | ServicePrincipal): GraphReply {
  requireOwnership(call, target as object);
  const address = readJsonBody(call)["@odata.id"];
  const id =
    typeof address === "string"
      ? /\/tokenLifetimePolicies(?:\/|\(')([^/'()]+)(?:'\))?\/?$/i.exec(address)?.[1]
      : undefined;
  if (id === undefined)
    throw new GraphFault(
      "Request_BadRequest",
      "Invalid URL format specified in @odata.id for resource reference.",
    );
  const policy = requirePolicy(call.tenant, id);
  if (assignedTo(target.id, call.tenant) !== undefined)
    throw new GraphFault(
      "Request_BadRequest",
      "One or more added object references already exist for the following modified properties: 'policies'.",
    );
  policiesOf(call.tenant).set(policy.id, { ...policy, appliesTo: [...policy.appliesTo, target.id] });
  return { status: 204 };
}

function unassign(call: GraphCall, target: Application | ServicePrincipal): GraphReply {
  requireOwnership(call, target as object);
  const policy = requirePolicy(call.tenant, param(call, "policy"));
  if (!policy.appliesTo.includes(target.id)) throw notFound(policy.id);
  policiesOf(call.tenant).set(policy.id, {
    ...policy,
    appliesTo: policy.appliesTo.filter((id) => id !== target.id),
  });
  return { status: 204 };
}

/** Objects that were deleted since are passed over. */
function targetsOf(call: GraphCall): Target[] {
  const { tenant } = call;
  return requirePolicy(tenant, param(call, "policy")).appliesTo.flatMap((id): Target[] => {
    const application = tenant.applications.get(id);
    if (application !== undefined) return [{ kind: "application", object: application }];
    const principal = tenant.servicePrincipals.get(id);
    return principal === undefined ? [] : [{ kind: "servicePrincipal", object: principal }];
  });
}

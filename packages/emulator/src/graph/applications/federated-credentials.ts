/**
 * Federated identity credentials of applications.
 *
 * @see https://learn.microsoft.com/graph/api/resources/federatedidentitycredential
 */
import { randomUUID } from "node:crypto";
import type { Application } from "../../directory/directory.ts";
import {
  type GraphCall,
  type GraphReply,
  isJsonObject,
  type JsonObject,
  param,
  readJsonBody,
} from "../call.ts";
import { invalidProperty, missingProperty } from "../directory-body.ts";
import { requireApplication } from "../directory-lookup.ts";
import { GraphFault } from "../errors.ts";
import { notFound } from "../not-found.ts";
import { DIRECTORY_STYLE, replyCollection, replyEntity } from "../odata/collection.ts";
import type { EntityType } from "../odata/entity.ts";
import { PERMISSIONS } from "../permissions.ts";
import type { Route } from "../router.ts";
import { requireOwnership } from "./ownership.ts";

const RESOURCE = "FederatedIdentityCredential";
const ALL = "/applications/{application}/federatedIdentityCredentials";
const ONE = `${ALL}/{credential}`;
/** Most credentials of one application. */
const LIMIT = 20;
const CONTEXT = "applications/federatedIdentityCredentials";
const MEMBERS = ["name", "issuer", "subject", "description", "audiences"];

const FEDERATED_CREDENTIAL_TYPE: EntityType<JsonObject> = {
  name: "microsoft.graph.federatedIdentityCredential",
  always: [],
  onRequest: new Set(),
  expansions: {},
  properties: Object.fromEntries(
    ["id", ...MEMBERS].map((name) => [name, (credential: JsonObject) => credential[name] ?? null]),
  ),
};

/** Rows of the route table. */
export const federatedCredentialRoutes: readonly Route[] = [
  {
    method: "GET",
    path: ALL,
    permission: PERMISSIONS.applicationRead,
    handle: (call) =>
      replyCollection(FEDERATED_CREDENTIAL_TYPE, listCredentials(requireOwned(call)), call, {
        style: DIRECTORY_STYLE,
        context: CONTEXT,
      }),
  },
  { method: "POST", path: ALL, permission: PERMISSIONS.applicationWrite, handle: postCredential },
  {
    method: "GET",
    path: ONE,
    permission: PERMISSIONS.applicationRead,
    handle: (call) =>
      replyEntity(FEDERATED_CREDENTIAL_TYPE, requireCredential(call, requireOwned(call)), call, {
        context: CONTEXT,
      }),
  },
  { method: "PATCH", path: ONE, permission: PERMISSIONS.applicationWrite, handle: patchCredential },
  { method: "DELETE", path: ONE, permission: PERMISSIONS.applicationWrite, handle: removeCredential },
];

function requireOwned(call: GraphCall): Application {
  const application = requireApplication(call.tenant, param(call, "application"));
  if (call.request.method !== "GET") requireOwnership(call, application as object);
  return application;
}

function listCredentials(application: Application): JsonObject[] {
  const kept = application.properties["federatedIdentityCredentials"];
  return Array.isArray(kept) ? kept.filter(isJsonObject) : [];
}

function requireCredential(call: GraphCall, application: Application): JsonObject {
  const key = param(call, "credential").replace(/^name='(.*)'$/, "$1");
  const found = listCredentials(application).find(({ id, name }) => id === key || name === key);
  if (found === undefined) throw notFound(key);
  return found;
}

function postCredential(call: GraphCall): GraphReply {
  const application = requireOwned(call);
  const known = listCredentials(application);
  const body = readJsonBody(call);
  for (const name of ["name", "issuer", "subject", "audiences"])
    if (body[name] === undefined || body[name] === null) throw missingProperty(name, RESOURCE);
  const credential = { id: randomUUID(), ...readMembers(body) };
  if (known.length >= LIMIT)
    throw new GraphFault(
      "Request_BadRequest",
      `An application can have at most ${LIMIT} federated credentials.`,
    );
  for (const other of known)
    if (
      other["name"] === body["name"] ||
      (other["issuer"] === body["issuer"] && other["subject"] === body["subject"])
    )
      throw new GraphFault(
        "Request_MultipleObjectsWithSameKeyValue",
        "FederatedIdentityCredential with the same name, or issuer and subject, already exists.",
        { status: 409 },
      );
  application.properties["federatedIdentityCredentials"] = [...known, credential];
  return replyEntity(FEDERATED_CREDENTIAL_TYPE, credential, call, { status: 201, context: CONTEXT });
}

function patchCredential(call: GraphCall): GraphReply {
  const application = requireOwned(call);
  const credential = requireCredential(call, application);
  const changed = { ...credential, ...readMembers(readJsonBody(call)), name: credential["name"] };
  application.properties["federatedIdentityCredentials"] = listCredentials(application).map((other) =>
    other["id"] === credential["id"] ? changed : other,
  );
  return { status: 204 };
}

function removeCredential(call: GraphCall): GraphReply {
  const application = requireOwned(call);
  const credential = requireCredential(call, application);
  application.properties["federatedIdentityCredentials"] = listCredentials(application).filter(
    (other) => other["id"] !== credential["id"],
  );
  return { status: 204 };
}

function readMembers(body: JsonObject): JsonObject {
  const members = Object.fromEntries(Object.entries(body).filter(([name]) => MEMBERS.includes(name)));
  for (const name of ["name", "issuer", "subject"])
    if (members[name] !== undefined && typeof members[name] !== "string")
      throw invalidProperty(name, RESOURCE);
  const { audiences } = members;
  if (audiences !== undefined && (!Array.isArray(audiences) || audiences.length !== 1))
    throw invalidProperty("audiences", RESOURCE);
  return members;
}

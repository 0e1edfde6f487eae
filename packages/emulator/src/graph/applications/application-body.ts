/** Reads the body of an application, on creation and as a change of what is there. */
import { readManifest } from "../../directory/application-manifest.ts";
import type { Application, AppRole } from "../../directory/directory.ts";
import { type GraphCall, isJsonObject, type JsonObject } from "../call.ts";
import {
  invalidProperty,
  missingProperty,
  readDirectoryBody,
  refuseUnknownProperties,
} from "../directory-body.ts";
import { GraphFault } from "../errors.ts";
import { NO_OPTIONS } from "../odata/collection.ts";
import { renderEntity } from "../odata/entity.ts";
import { APPLICATION_TYPE } from "./application-entity.ts";
import { readKeyCredentials } from "./key-credentials.ts";

const RESOURCE = "Application";
const LONGEST_NAME = 256;
const COMPLEX = ["web", "spa", "publicClient", "api", "info"];
const READ_ONLY = ["id", "appId", "createdDateTime", "deletedDateTime"];
const KNOWN = new Set([...Object.keys(APPLICATION_TYPE.properties), "owners"]);
const NOBODY = "00000000-0000-0000-0000-000000000000";

/**
 * Reads a new application.
 *
 * @param call - the request
 * @param body - as it was sent
 * @param ids - fresh object id and application id
 * @returns the application, without secrets
 * @throws {GraphFault} Request_BadRequest, or a code of its credentials
 */
export function readNewApplication(
  call: GraphCall,
  body: JsonObject,
  ids: { readonly id: string; readonly appId: string },
): Application {
  if (body["displayName"] === undefined || body["displayName"] === null || body["displayName"] === "")
    throw missingProperty("displayName", RESOURCE);
  return build(call, body, body, ids, []);
}

/**
 * Applies a change.
 *
 * @param call - the request
 * @param application - changed in place
 * @param body - as it was sent; collections are replaced as a whole
 * @throws {GraphFault} Request_BadRequest, or a code of its credentials
 */
export function changeApplication(call: GraphCall, application: Application, body: JsonObject): void {
  if (body["passwordCredentials"] !== undefined)
    throw new GraphFault(
      "Request_BadRequest",
      "Update to 'passwordCredentials' is not allowed; use addPassword and removePassword.",
    );
  const current = renderEntity(APPLICATION_TYPE, application, call, NO_OPTIONS);
  const merged: Record<string, unknown> = { ...application.properties, ...current };
  for (const [name, value] of Object.entries(body)) {
    const before = merged[name];
    merged[name] =
      COMPLEX.includes(name) && isJsonObject(value) && isJsonObject(before) ? { ...before, ...value } : value;
  }
  const next = build(call, merged, body, application, application.keyCredentials);
  refuseLostRoles(application.appRoles, next.appRoles);
  const { displayName, signInAudience, identifierUris, redirectUris, isFallbackPublicClient } = next;
  const { requestedAccessTokenVersion, requiredResourceAccess, appRoles, permissionScopes, properties } =
    next;
  Object.assign(application, { displayName, signInAudience, identifierUris, redirectUris });
  Object.assign(application, { isFallbackPublicClient, requestedAccessTokenVersion });
  Object.assign(application, { requiredResourceAccess, appRoles, permissionScopes, properties });
  if (body["keyCredentials"] !== undefined) application.keyCredentials = next.keyCredentials;
}

function build(
  call: GraphCall,
  source: JsonObject,
  sent: JsonObject,
  ids: { readonly id: string; readonly appId: string },
  storedKeys: Application["keyCredentials"],
): Application {
  refuseUnknownProperties(sent, KNOWN, RESOURCE);
  const { displayName } = sent;
  if (displayName !== undefined && (typeof displayName !== "string" || displayName.length > LONGEST_NAME))
    throw invalidProperty("displayName", RESOURCE);
  const manifest = Object.fromEntries(
    Object.entries(source).filter(
      ([name]) =>
        !name.includes("@") &&
        ![...READ_ONLY, "keyCredentials", "passwordCredentials", "owners"].includes(name),
    ),
  );
  const keyCredentials =
    sent["keyCredentials"] === undefined
      ? [...storedKeys]
      : readKeyCredentials(sent["keyCredentials"], storedKeys);
  const application = readDirectoryBody(
    { ...manifest, id: ids.id === "" ? NOBODY : ids.id, appId: ids.appId },
    RESOURCE,
    (placed) => readManifest(placed, call.tenant.tenantId, call.context.clock.nowMs()),
  );
  refuseForeignUris(call, application);
  refuseTokenVersion(application, sent);
  return { ...application, keyCredentials };
}

/** Applications for personal accounts get tokens of version 2. Seeds are believed. */
function refuseTokenVersion(application: Application, sent: JsonObject): void {
  if (sent["signInAudience"] === undefined && sent["api"] === undefined) return;
  const isForPersons = application.signInAudience.endsWith("PersonalMicrosoftAccount");
  if (isForPersons && application.requestedAccessTokenVersion !== 2)
    throw new GraphFault("InvalidAccessTokenVersion");
}

/** Since 2021 an identifier URI names the application, the tenant, or a verified domain. */
function refuseForeignUris(call: GraphCall, application: Application): void {
  const { tenant } = call;
  for (const uri of application.identifierUris) {
    const match = /^(api|https|http):\/\/([^/?#]+)/i.exec(uri);
    const host = match?.[2]?.toLowerCase() ?? "";
    const isOwnDomain = tenant.domains.some((domain) => host === domain || host.endsWith(`.${domain}`));
    const isOwnId =
      match?.[1]?.toLowerCase() === "api" &&
      (uri.toLowerCase().includes(application.appId) || uri.toLowerCase().includes(tenant.tenantId));
    if (!isOwnDomain && !isOwnId) throw new GraphFault("HostNameNotOnVerifiedDomain");
    const isTaken = [...tenant.applications.values()].some(
      (other) => other.id !== application.id && other.identifierUris.includes(uri),
    );
    if (isTaken) throw new GraphFault("Request_MultipleObjectsWithSameKeyValue");
  }
}

function refuseLostRoles(before: readonly AppRole[], after: readonly AppRole[]): void {
  for (const role of before)
    if (role.isEnabled && !after.some(({ id }) => id === role.id))
      throw new GraphFault("CannotDeleteOrUpdateEnabledEntitlement");
}

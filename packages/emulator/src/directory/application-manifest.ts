/**
 * Reads an application manifest as the portal or Graph shows it, in either format or the one from before 2019.
 *
 * @see learn.microsoft.com/entra/identity-platform/azure-active-directory-graph-app-manifest-deprecation
 */
import type { Application, AppRole, PermissionScope, RequiredResourceAccess } from "./directory.ts";
import { type JsonObject, JsonPlaceError } from "./json-reader.ts";
import { readKeyCredential, readPasswordCredential } from "./manifest-credentials.ts";
import { stableId } from "./stable-id.ts";

/**
 * Builds an application from a manifest.
 *
 * A snippet that holds nothing but `keyCredentials` is taken as well; ids that it lacks are derived from `place`.
 *
 * @param manifest - parsed JSON with its path
 * @param tenantId - home tenant
 * @param createdAtMs - milliseconds since 1970 UTC
 * @returns the application; members without a meaning here stay in `properties` as they came
 * @throws {JsonPlaceError} naming the JSON path of a value that cannot be used
 */
export function readManifest(manifest: JsonObject, tenantId: string, createdAtMs: number): Application {
  const appId = manifest.guid("appId") ?? stableId("application", tenantId, manifest.path);
  const api = manifest.object("api");
  const displayName = manifest.text("displayName") ?? manifest.text("name") ?? appId;
  const id =
    manifest.guid("id") ?? manifest.guid("objectId") ?? stableId("applicationObject", tenantId, appId);
  return {
    id,
    appId,
    displayName,
    signInAudience: readSignInAudience(manifest),
    identifierUris: manifest.texts("identifierUris"),
    redirectUris: readRedirectUris(manifest),
    isFallbackPublicClient:
      manifest.flag("isFallbackPublicClient") ??
      manifest.flag("allowPublicClient") ??
      manifest.flag("publicClient") ??
      false,
    requestedAccessTokenVersion: readTokenVersion(manifest, api),
    requiredResourceAccess: manifest.objects("requiredResourceAccess").map(readRequiredResourceAccess),
    appRoles: manifest.objects("appRoles").map(readAppRole),
    permissionScopes: (api?.objects("oauth2PermissionScopes") ?? manifest.objects("oauth2Permissions")).map(
      readScope,
    ),
    keyCredentials: manifest.objects("keyCredentials").flatMap((entry) => readKeyCredential(entry) ?? []),
    passwordCredentials: manifest
      .objects("passwordCredentials")
      .flatMap((entry) => readPasswordCredential(entry, createdAtMs) ?? []),
    createdAtMs,
    properties: keptProperties(manifest),
  };
}

function readSignInAudience(manifest: JsonObject): string {
  const known = [
    "AzureADMyOrg",
    "AzureADMultipleOrgs",
    "AzureADandPersonalMicrosoftAccount",
    "PersonalMicrosoftAccount",
  ];
  const audience = manifest.text("signInAudience");
  if (audience === undefined)
    return manifest.flag("availableToOtherTenants") ? "AzureADMultipleOrgs" : "AzureADMyOrg";
  if (!known.includes(audience))
    throw new JsonPlaceError(
      manifest.at("signInAudience"),
      `must be one of ${known.join(", ")}, not "${audience}"`,
    );
  return audience;
}

function readRedirectUris(manifest: JsonObject): Application["redirectUris"] {
  const platforms = [
    ["web", "Web"],
    ["spa", "Spa"],
    ["publicClient", "InstalledClient"],
  ] as const;
  const found: Application["redirectUris"] = [];
  for (const [member, type] of platforms) {
    // Before 2019 `publicClient` was a flag.
    if (typeof manifest.value[member] === "boolean") continue;
    for (const uri of manifest.object(member)?.texts("redirectUris") ?? []) found.push({ uri, type });
  }
  for (const entry of manifest.objects("replyUrlsWithType")) {
    const type = entry.text("type") ?? "Web";
    if (type !== "Web" && type !== "Spa" && type !== "InstalledClient")
      throw new JsonPlaceError(entry.at("type"), `must be Web, Spa or InstalledClient, not "${type}"`);
    found.push({ uri: entry.requiredText("url"), type });
  }
  const isPublicClient = manifest.value["publicClient"] === true;
  for (const uri of manifest.texts("replyUrls"))
    found.push({ uri, type: isPublicClient ? "InstalledClient" : "Web" });
  return found;
}

function readTokenVersion(manifest: JsonObject, api: JsonObject | undefined): 1 | 2 | null {
  const version =
    api?.number("requestedAccessTokenVersion") ?? manifest.number("accessTokenAcceptedVersion") ?? null;
  if (version === null || version === 1 || version === 2) return version;
  throw new JsonPlaceError(
    api?.has("requestedAccessTokenVersion")
      ? api.at("requestedAccessTokenVersion")
      : manifest.at("accessTokenAcceptedVersion"),
    `must be 1, 2 or null, not ${version}`,
  );
}

function readRequiredResourceAccess(entry: JsonObject): RequiredResourceAccess {
  return {
    resourceAppId: requiredGuid(entry, "resourceAppId"),
    resourceAccess: entry.objects("resourceAccess").map((access) => {
      const type = access.requiredText("type");
      if (type !== "Role" && type !== "Scope")
        throw new JsonPlaceError(access.at("type"), `must be Role (without a user) or Scope, not "${type}"`);
      return { id: requiredGuid(access, "id"), type };
    }),
  };
}

function readAppRole(entry: JsonObject): AppRole {
  return {
    id: requiredGuid(entry, "id"),
    value: entry.text("value") ?? "",
    displayName: entry.text("displayName") ?? entry.text("value") ?? "",
    description: entry.text("description") ?? "",
    allowedMemberTypes: entry.texts("allowedMemberTypes"),
    isEnabled: entry.flag("isEnabled") ?? true,
  };
}

function readScope(entry: JsonObject): PermissionScope {
  const value = entry.text("value") ?? "";
  return {
    id: requiredGuid(entry, "id"),
    value,
    adminConsentDisplayName: entry.text("adminConsentDisplayName") ?? value,
    isEnabled: entry.flag("isEnabled") ?? true,
    type: entry.text("type") === "Admin" ? "Admin" : "User",
  };
}

function requiredGuid(entry: JsonObject, name: string): string {
  const id = entry.guid(name);
  if (id === undefined) throw new JsonPlaceError(entry.at(name), "is missing");
  return id;
}

const READ_MEMBERS = new Set([
  ...[
    "id",
    "objectId",
    "appId",
    "displayName",
    "name",
    "signInAudience",
    "availableToOtherTenants",
    "identifierUris",
  ],
  ...["replyUrlsWithType", "replyUrls", "isFallbackPublicClient", "allowPublicClient", "publicClient"],
  ...["requiredResourceAccess", "appRoles", "oauth2Permissions", "keyCredentials", "passwordCredentials"],
  ...["accessTokenAcceptedVersion", "createdDateTime"],
]);

/** Whatever has no field of its own, under the name that Graph gives it. */
function keptProperties(manifest: JsonObject): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(manifest.value)) if (!READ_MEMBERS.has(name)) kept[name] = value;
  const implicit = {
    enableIdTokenIssuance: manifest.flag("oauth2AllowIdTokenImplicitFlow"),
    enableAccessTokenIssuance: manifest.flag("oauth2AllowImplicitFlow"),
  };
  const web = manifest.object("web")?.value ?? {};
  if (implicit.enableIdTokenIssuance !== undefined || implicit.enableAccessTokenIssuance !== undefined)
    kept["web"] = { ...web, implicitGrantSettings: implicit };
  const logoutUrl = manifest.text("logoutUrl");
  if (logoutUrl !== undefined) kept["web"] = { ...(kept["web"] as object | undefined), logoutUrl };
  const federated = manifest.value["federatedIdentityCredentials"];
  if (federated !== undefined) kept["federatedIdentityCredentials"] = federated;
  return kept;
}

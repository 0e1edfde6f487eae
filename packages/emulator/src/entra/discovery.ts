/** Documents that clients read before they ask for a token: metadata, keys, instances, user realms. */
import { type EmulatorRequest, type EmulatorResponse, json } from "../host/http.ts";
import { CLOUDS, type Cloud, cloudOf, findRealHost } from "../host/real-hosts.ts";
import { RefusedError, refused } from "./aadsts.ts";
import { authorityOf } from "./authority.ts";
import type { EntraContext } from "./entra-context.ts";
import { errorResponse, traceIdOf } from "./error-response.ts";
import { readTenantSegment, requireTenant } from "./tenant-segment.ts";

const DISCOVERY_HEADERS = {
  "Access-Control-Allow-Origin": "*",
  "Access-Control-Allow-Methods": "GET, OPTIONS",
  "Cache-Control": "max-age=86400, private",
  "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
  "X-Content-Type-Options": "nosniff",
} as const;

const PERSONAL_TENANT_ID = "9188040d-6c67-4c5b-b112-36a304b66dad";

/**
 * `/{tenant}[/v2.0]/.well-known/openid-configuration`.
 *
 * @param request - the request
 * @param segment - tenant segment, percent-decoded
 * @param version - 1 or 2
 * @param context - the emulator
 * @returns the metadata; AADSTS90002 as `invalid_tenant` for an unknown tenant
 * @see OpenID Connect Discovery 1.0 §4
 */
export function openidConfiguration(
  request: EmulatorRequest,
  segment: string,
  version: 1 | 2,
  context: EntraContext,
): EmulatorResponse {
  return answer(request, context, () => {
    const found = readTenantSegment(segment, context);
    if (found.kind === "refused") {
      const { code, values } = found.refusal;
      throw refused(code, values, code === 90002 ? { oauthError: "invalid_tenant" } : {});
    }
    const path = found.kind === "tenant" ? found.tenant.tenantId : found.kind;
    const issuerTenant =
      found.kind === "tenant"
        ? found.tenant.tenantId
        : found.kind === "consumers"
          ? PERSONAL_TENANT_ID
          : "{tenantid}";
    const document = version === 2 ? metadataV2 : metadataV1;
    const region = found.kind === "tenant" ? "EU" : null;
    return document(request, path, issuerTenant, region);
  });
}

/**
 * `/{tenant}/discovery[/v2.0]/keys`.
 *
 * @param request - the request
 * @param version - 1 or 2
 * @param context - the emulator
 * @returns all keys that verify, the current one first
 * @see RFC 7517 §5
 */
export function jwks(request: EmulatorRequest, version: 1 | 2, context: EntraContext): EmulatorResponse {
  return answer(request, context, () => ({
    keys: context.keys.all.map(({ kid, n, e, certificateDer }) => ({
      kty: "RSA",
      use: "sig",
      kid,
      x5t: kid,
      n,
      e,
      x5c: [Buffer.from(certificateDer).toString("base64")],
      ...(version === 2 ? { issuer: `${authorityOf(request)}/{tenantid}/v2.0` } : {}),
    })),
  }));
}

/**
 * `/common/discovery/instance`.
 *
 * @param request - the request, with `api-version` and `authorization_endpoint` in its query
 * @param context - the emulator
 * @returns the tenant's metadata address and, from version 1.1 on, the hosts of all clouds; 50049 for an unknown host
 */
export function instanceDiscovery(request: EmulatorRequest, context: EntraContext): EmulatorResponse {
  return answer(request, context, () => {
    const version = request.query.get("api-version") ?? "1.0";
    if (version !== "1.0" && version !== "1.1") throw refused(50050, { name: "api-version" });
    const endpoint = request.query.get("authorization_endpoint");
    if (endpoint === null) throw refused(50050, { name: "authorization_endpoint" });
    const match = /^https:\/\/([^/?#]+)\/([^/?#]+)(\/.*)?$/i.exec(endpoint);
    if (match === null) throw refused(50050, { name: "authorization_endpoint" });
    const [, host = "", tenant = "", rest = ""] = match;
    const cloud = cloudOfAuthority(host.toLowerCase().replace(/:443$/, ""), request);
    if (cloud === undefined) throw refused(50049);
    const suffix = rest.startsWith("/oauth2/v2.0") || rest.startsWith("/v2.0") ? "/v2.0" : "";
    const discovered = `https://${host}/${tenant}${suffix}/.well-known/openid-configuration`;
    if (version === "1.0") return { tenant_discovery_endpoint: discovered };
    return {
      tenant_discovery_endpoint: discovered,
      "api-version": "1.1",
      metadata: instanceMetadata(request),
    };
  });
}

/**
 * `/common/userrealm/{user}`.
 *
 * @param request - the request
 * @param segment - tenant segment, percent-decoded
 * @param user - user principal name, percent-decoded
 * @param context - the emulator
 * @returns `Managed` for a domain of a tenant, `Unknown` otherwise
 */
export function userRealm(
  request: EmulatorRequest,
  segment: string,
  user: string,
  context: EntraContext,
): EmulatorResponse {
  return answer(request, context, () => {
    if (readTenantSegment(segment, context).kind === "refused") requireTenant(segment, context);
    const domain = user.slice(user.lastIndexOf("@") + 1).toLowerCase();
    const isOurs = [...context.world.tenants.values()].some(({ domains }) => domains.includes(domain));
    if (!isOurs) return { ver: "1.0", account_type: "Unknown" };
    const { instanceName } = cloudOf(request.host);
    return {
      ver: "1.0",
      account_type: "Managed",
      domain_name: domain,
      cloud_instance_name: instanceName,
      cloud_audience_urn: "urn:federation:MicrosoftOnline",
    };
  });
}

function answer(request: EmulatorRequest, context: EntraContext, make: () => unknown): EmulatorResponse {
  if (request.method === "OPTIONS") return { status: 200, headers: DISCOVERY_HEADERS };
  try {
    if (request.method !== "GET" && request.method !== "HEAD")
      throw refused(900561, { valid_verbs: "GET, OPTIONS", invalid_verb: request.method });
    return json(200, make(), { ...DISCOVERY_HEADERS, "x-ms-request-id": traceIdOf(request) });
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    return errorResponse(request, error.refusal, context);
  }
}

function cloudOfAuthority(host: string, request: EmulatorRequest): Cloud | undefined {
  const real = findRealHost(host);
  if (real !== undefined) return real.role === "login" ? real.cloud : undefined;
  return `https://${host}` === request.origin ? cloudOf(request.host) : undefined;
}

function instanceMetadata(request: EmulatorRequest): unknown[] {
  const clouds = CLOUDS.filter(({ loginHosts }) => loginHosts.length > 0).map(({ name, loginHosts }) => {
    const [network = ""] = loginHosts;
    const aliases = loginHosts.filter((host) => host !== "mtlsauth.microsoft.com");
    return {
      preferred_network: network,
      preferred_cache: name === "global" ? "login.windows.net" : network,
      aliases,
    };
  });
  const further = ["login.microsoftonline.de", "login-us.microsoftonline.com"].map((host) => ({
    preferred_network: host,
    preferred_cache: host,
    aliases: [host],
  }));
  const own = findRealHost(request.host) === undefined ? [request.origin.replace("https://", "")] : [];
  return [
    ...clouds,
    ...further,
    ...own.map((host) => ({ preferred_network: host, preferred_cache: host, aliases: [host] })),
  ];
}

function metadataV2(
  request: EmulatorRequest,
  path: string,
  issuerTenant: string,
  region: string | null,
): unknown {
  const authority = authorityOf(request);
  const base = `${authority}/${path}`;
  const isReal = findRealHost(request.host) !== undefined;
  return {
    token_endpoint: `${base}/oauth2/v2.0/token`,
    token_endpoint_auth_methods_supported: ["client_secret_post", "private_key_jwt", "client_secret_basic"],
    jwks_uri: `${base}/discovery/v2.0/keys`,
    response_modes_supported: ["query", "fragment", "form_post"],
    subject_types_supported: ["pairwise"],
    id_token_signing_alg_values_supported: ["RS256"],
    response_types_supported: ["code", "id_token", "code id_token", "id_token token"],
    scopes_supported: ["openid", "profile", "email", "offline_access"],
    issuer: `${authority}/${issuerTenant}/v2.0`,
    request_uri_parameter_supported: false,
    userinfo_endpoint: isReal
      ? `https://${graphHostOf(request)}/oidc/userinfo`
      : `${authority}/oidc/userinfo`,
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    device_authorization_endpoint: `${base}/oauth2/v2.0/devicecode`,
    http_logout_supported: true,
    frontchannel_logout_supported: true,
    end_session_endpoint: `${base}/oauth2/v2.0/logout`,
    claims_supported: [
      ...["sub", "iss", "cloud_instance_name", "cloud_instance_host_name", "cloud_graph_host_name"],
      ...[
        "msgraph_host",
        "aud",
        "exp",
        "iat",
        "auth_time",
        "acr",
        "nonce",
        "preferred_username",
        "name",
        "tid",
      ],
      ...["ver", "at_hash", "c_hash", "email"],
    ],
    kerberos_endpoint: `${base}/kerberos`,
    tenant_region_scope: region,
    ...cloudMembers(request),
  };
}

function metadataV1(
  request: EmulatorRequest,
  path: string,
  issuerTenant: string,
  region: string | null,
): unknown {
  const base = `${authorityOf(request)}/${path}`;
  return {
    token_endpoint: `${base}/oauth2/token`,
    token_endpoint_auth_methods_supported: ["client_secret_post", "private_key_jwt", "client_secret_basic"],
    jwks_uri: `${authorityOf(request)}/${path}/discovery/keys`,
    response_modes_supported: ["query", "fragment", "form_post"],
    subject_types_supported: ["pairwise"],
    id_token_signing_alg_values_supported: ["RS256"],
    response_types_supported: ["code", "id_token", "code id_token", "token id_token", "token"],
    scopes_supported: ["openid"],
    issuer: `https://${cloudOf(request.host).stsHost}/${issuerTenant}/`,
    microsoft_multi_refresh_token: true,
    authorization_endpoint: `${base}/oauth2/authorize`,
    device_authorization_endpoint: `${base}/oauth2/devicecode`,
    http_logout_supported: true,
    frontchannel_logout_supported: true,
    end_session_endpoint: `${base}/oauth2/logout`,
    claims_supported: [
      ...["sub", "iss", "cloud_instance_name", "cloud_instance_host_name", "cloud_graph_host_name"],
      ...["msgraph_host", "aud", "exp", "iat", "auth_time", "acr", "amr", "nonce", "email", "given_name"],
      ...["family_name", "nickname"],
    ],
    check_session_iframe: `${base}/oauth2/checksession`,
    userinfo_endpoint: `${base}/openid/userinfo`,
    kerberos_endpoint: `${base}/kerberos`,
    tenant_region_scope: region,
    ...cloudMembers(request),
  };
}

function cloudMembers(request: EmulatorRequest): Record<string, string> {
  const cloud = cloudOf(request.host);
  return {
    cloud_instance_name: cloud.instanceName,
    cloud_graph_host_name: cloud.azureAdGraphHost,
    msgraph_host: graphHostOf(request),
    rbac_url: "https://pas.windows.net",
  };
}

/** On localhost Graph answers on the same listener. */
function graphHostOf(request: EmulatorRequest): string {
  const real = findRealHost(request.host);
  return real?.cloud.graphHosts[0] ?? request.origin.replace("https://", "");
}

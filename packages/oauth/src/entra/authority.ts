/**
 * Authority: the host and tenant tokens come from, and every endpoint under it. Nothing is discovered: the
 * endpoints of Entra ID follow from host and tenant, so that the first token costs one request.
 */
import { oauthError } from "../errors.ts";
import { CLOUDS, type CloudName, findCloud } from "./clouds.ts";

/** Endpoints of one tenant. All are https addresses without trailing slash. */
export interface Authority {
  /** https origin. */
  readonly host: string;
  /** As given: a GUID, a domain, or `common`, `organizations`, `consumers`. */
  readonly tenantId: string;
  /** Name of the cloud, `undefined` for an emulator or another host. */
  readonly cloud: CloudName | undefined;
  /** Takes `scope`. It is also the audience of a client assertion sent to it. */
  readonly tokenEndpointV2: string;
  /** Takes `resource`. It is also the audience of a client assertion sent to it. */
  readonly tokenEndpointV1: string;
  readonly authorizeEndpointV2: string;
  readonly authorizeEndpointV1: string;
  /** `iss` of v2.0 tokens; only exact when `tenantId` is a GUID. */
  readonly issuerV2: string;
  /** Audience of client assertions for the v2.0 token endpoint. */
  readonly audienceV2: string;
  /** Audience of client assertions for the v1 token endpoint. */
  readonly audienceV1: string;
  readonly jwksUri: string;
  readonly logoutEndpoint: string;
  readonly adminConsentEndpoint: string;
}

/** What {@link resolveAuthority} takes. */
export interface AuthorityOptions {
  /** GUID or domain of the tenant. */
  readonly tenantId: string;
  /** Cloud name, host or https origin, with or without trailing slash. @defaultValue `global` */
  readonly authorityHost?: string | undefined;
}

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const DOMAIN =
  /^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i;
const SHARED = new Set(["common", "organizations", "consumers"]);

/**
 * Works out the endpoints of a tenant without a request.
 *
 * @param options - tenant and authority host
 * @returns the endpoints
 * @throws {NightlatchError} `OAUTH_TENANT_UNFIT`: neither GUID nor domain; `OAUTH_AUTHORITY_UNFIT`: not an https origin
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { resolveAuthority } from "@nightlatch/oauth";
 *
 * const authority = resolveAuthority({ tenantId: "school.example", authorityHost: "https://localhost:8443/" });
 * assert.equal(authority.tokenEndpointV2, "https://localhost:8443/school.example/oauth2/v2.0/token");
 * ```
 * @see https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc
 */
export function resolveAuthority(options: AuthorityOptions): Authority {
  const host = normalizeAuthorityHost(options.authorityHost ?? "global");
  const tenantId = normalizeTenant(options.tenantId);
  const tenant = `${host}/${tenantId}`;
  return {
    host,
    tenantId,
    cloud: findCloud(host),
    tokenEndpointV2: `${tenant}/oauth2/v2.0/token`,
    tokenEndpointV1: `${tenant}/oauth2/token`,
    authorizeEndpointV2: `${tenant}/oauth2/v2.0/authorize`,
    authorizeEndpointV1: `${tenant}/oauth2/authorize`,
    issuerV2: `${tenant}/v2.0`,
    audienceV2: `${tenant}/oauth2/v2.0/token`,
    audienceV1: `${tenant}/oauth2/token`,
    jwksUri: `${tenant}/discovery/v2.0/keys`,
    logoutEndpoint: `${tenant}/oauth2/v2.0/logout`,
    adminConsentEndpoint: `${tenant}/adminconsent`,
  };
}

/**
 * Refuses the shared endpoints, which cannot issue a token to an application for itself: the service answers
 * AADSTS50059, because nothing in the request says which tenant is meant.
 *
 * @param authority - what {@link resolveAuthority} gave
 * @throws {NightlatchError} `OAUTH_TENANT_UNFIT`: the tenant is `common`, `organizations` or `consumers`
 */
export function requireOneTenant(authority: Authority): void {
  if (!SHARED.has(authority.tenantId)) return;
  throw oauthError(
    "OAUTH_TENANT_UNFIT",
    `Cannot ask for a token of the application itself at "/${authority.tenantId}": client credentials need one tenant, and the service would answer AADSTS50059`,
    { details: { tenantId: authority.tenantId } },
  );
}

/**
 * Brings the many spellings of an authority host into one.
 *
 * @param authorityHost - cloud name, host name, or https origin with or without trailing slash
 * @returns https origin without trailing slash
 * @throws {NightlatchError} `OAUTH_AUTHORITY_UNFIT`
 */
export function normalizeAuthorityHost(authorityHost: string): string {
  const text = authorityHost.trim();
  for (const name of Object.keys(CLOUDS) as CloudName[])
    if (name.toLowerCase() === text.toLowerCase()) return CLOUDS[name].authorityHost;
  const spelled = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`;
  const unfit = (why: string, hint?: string) =>
    oauthError("OAUTH_AUTHORITY_UNFIT", `Cannot use "${withoutUserinfo(text)}" as authority host: ${why}`, {
      hint,
    });
  let url: URL;
  try {
    url = new URL(spelled);
  } catch {
    throw unfit("it is not an address");
  }
  if (url.protocol !== "https:") throw unfit(`it is ${url.protocol.slice(0, -1)}, and only https is used`);
  if (url.username !== "" || url.password !== "") throw unfit("it carries a user name");
  if ((url.pathname !== "/" && url.pathname !== "") || url.search !== "" || url.hash !== "") {
    throw unfit(
      `it has a path, "${url.pathname}"`,
      "Give the origin only, and the tenant in its own setting (tenantId, AZURE_TENANT_ID)",
    );
  }
  return url.origin;
}

function normalizeTenant(tenantId: string): string {
  const tenant = tenantId.trim();
  const lower = tenant.toLowerCase();
  if (GUID.test(tenant) || SHARED.has(lower) || DOMAIN.test(tenant)) return lower;
  const hint = /^\{[0-9a-f-]+\}$/i.test(tenant)
    ? "Give the tenant id without braces"
    : /^https?:/i.test(tenant)
      ? "Give the tenant alone; the host goes into authorityHost (AZURE_AUTHORITY_HOST)"
      : undefined;
  throw oauthError(
    "OAUTH_TENANT_UNFIT",
    `Cannot use "${tenant.slice(0, 100)}" as tenant: it is neither a GUID nor a domain name`,
    { hint, details: { tenantId: tenant.slice(0, 100) } },
  );
}

function withoutUserinfo(text: string): string {
  return text.replace(/\/\/[^/@]*@/, "//…@");
}

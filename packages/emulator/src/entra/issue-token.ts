/** Making tokens: claims as the service puts them, signed with the issuer's current key in the thread pool. */
import { createHash, sign } from "node:crypto";
import { availableParallelism } from "node:os";
import { promisify } from "node:util";
import type { Application, ServicePrincipal, Tenant, User } from "../directory/directory.ts";
import { findApplicationAnywhere } from "../directory/lookup.ts";
import { isMicrosofts } from "../directory/well-known-applications.ts";
import type { EmulatorRequest } from "../host/http.ts";
import { cloudOf } from "../host/real-hosts.ts";
import { authorityOf } from "./authority.ts";
import type { AuthenticatedClient } from "./client-authentication.ts";
import type { EntraContext } from "./entra-context.ts";
import type { PublishedKey } from "./key-ring.ts";
import { optionalClaimNames } from "./optional-claims.ts";
import { opaque } from "./random.ts";
import { isGraph, type RequestedResource } from "./resource.ts";

const signInPool = promisify(sign);

/** With one core the thread pool gains nothing and costs two changes of thread per token. */
const signRs256: (signingInput: Buffer, key: PublishedKey) => Promise<Buffer> | Buffer =
  availableParallelism() > 1
    ? (signingInput, key) => signInPool("RSA-SHA256", signingInput, key.privateKey)
    : (signingInput, key) => sign("RSA-SHA256", signingInput, key.privateKey);

/** Built-in role "Guest inviter and application"; app-only Graph tokens carry it in `wids`. */
const APP_ONLY_WIDS = ["0997a1d0-0d1d-4acb-b408-d5ca73121e90"];

/** What a token is issued for. */
export interface Issue {
  readonly request: EmulatorRequest;
  readonly client: AuthenticatedClient;
  readonly resource: RequestedResource;
  readonly lifetimeSeconds: number;
  /** Values of `xms_cc`. */
  readonly clientCapabilities?: readonly string[] | undefined;
  /** Second since 1970 UTC from which on the token is to be good at the earliest; from a claims request. */
  readonly notBeforeSeconds?: number | undefined;
  /** Values of `acrs`. */
  readonly authenticationContexts?: readonly string[] | undefined;
}

/** Seconds between the instant that tokens name as their issue and the true one. */
const BACKDATED_SECONDS = 300;

/**
 * Claims that stand in every access token.
 *
 * @param issue - what the token is for
 * @param subject - object id that `oid` names
 * @param context - the emulator
 * @returns claims of v1 or v2, as the API wants them
 */
export function accessTokenClaims(
  issue: Issue,
  subject: { readonly oid: string; readonly sub: string },
  context: EntraContext,
): Record<string, unknown> {
  const { client, resource, request } = issue;
  const { appId, displayName } = client.application;
  const version = tokenVersionOf(resource.servicePrincipal, context);
  const nowSeconds = Math.floor(context.clock.nowMs() / 1000);
  const issuedAt = nowSeconds - BACKDATED_SECONDS;
  const { notBeforeSeconds = issuedAt } = issue;
  return {
    aud: version === 2 ? resource.servicePrincipal.appId : resource.name,
    iss: issuerOf(client.tenant, version, request),
    iat: issuedAt,
    nbf: notBeforeSeconds > issuedAt ? notBeforeSeconds : issuedAt,
    exp: nowSeconds + issue.lifetimeSeconds + 1,
    aio: opaque(30),
    // Members that a version does not have stay undefined, which JSON leaves out.
    appid: version === 1 ? appId : undefined,
    appidacr: version === 1 ? client.strength : undefined,
    azp: version === 2 ? appId : undefined,
    azpacr: version === 2 ? client.strength : undefined,
    app_displayname: isGraph(resource.servicePrincipal) ? displayName : undefined,
    oid: subject.oid,
    rh: `1.A${opaque(24)}.`,
    sub: subject.sub,
    tid: client.tenant.tenantId,
    uti: opaque(16),
    ver: version === 2 ? "2.0" : "1.0",
    xms_ftd: opaque(32),
    xms_cc: issue.clientCapabilities,
    acrs: issue.authenticationContexts,
  };
}

/**
 * Claims of an app-only access token.
 *
 * @param issue - what the token is for
 * @param roles - application permissions that were granted
 * @param context - the emulator
 * @returns the claims; `roles` is absent when none were granted
 */
export function appOnlyClaims(
  issue: Issue,
  roles: readonly string[],
  context: EntraContext,
): Record<string, unknown> {
  const { id } = issue.client.servicePrincipal;
  const claims = accessTokenClaims(issue, { oid: id, sub: id }, context);
  if (claims["ver"] === "1.0") claims["idp"] = claims["iss"];
  if (roles.length > 0) claims["roles"] = roles;
  if (isGraph(issue.resource.servicePrincipal)) {
    claims["idtyp"] = "app";
    claims["tenant_region_scope"] = "EU";
    claims["wids"] = APP_ONLY_WIDS;
    claims["xms_idrel"] = "7 24";
    claims["xms_tcdt"] = 1_420_070_400;
    claims["xms_tdbr"] = "EU";
  } else if (wantsOptionalClaim(issue.resource.servicePrincipal, "idtyp", context)) {
    claims["idtyp"] = "app";
  }
  return claims;
}

/**
 * Signs an access token.
 *
 * @param claims - its payload; `ver` decides the header
 * @param context - the emulator
 * @returns compact JWS, RS256
 */
export function signAccessToken(claims: Record<string, unknown>, context: EntraContext): Promise<string> {
  const key = context.keys.current;
  return signToken(claims, claims["ver"] === "2.0" ? plainHeader(key) : thumbprintHeader(key), key);
}

/**
 * Signs an id token.
 *
 * @param claims - its payload
 * @param context - the emulator
 * @returns compact JWS, RS256
 */
export function signIdToken(claims: Record<string, unknown>, context: EntraContext): Promise<string> {
  const key = context.keys.current;
  return signToken(claims, plainHeader(key), key);
}

/**
 * The issuer that a token names.
 *
 * @param tenant - the tenant
 * @param version - of the token
 * @param request - tells the host that was addressed
 * @returns `https://sts.windows.net/<tenant>/` or `<origin>/<tenant>/v2.0`
 */
export function issuerOf(tenant: Tenant, version: 1 | 2, request: EmulatorRequest): string {
  if (version === 1) return `https://${cloudOf(request.host).stsHost}/${tenant.tenantId}/`;
  return `${authorityOf(request)}/${tenant.tenantId}/v2.0`;
}

/**
 * The pairwise subject of a user at an application.
 *
 * @param user - the user
 * @param appId - client id of the application that reads the token
 * @returns 43 characters, base64url
 */
export function pairwiseSubject(user: User, appId: string): string {
  return createHash("sha256").update(`${user.id} ${appId}`).digest("base64url");
}

/**
 * The version of the tokens that an API takes, which does not depend on the endpoint.
 *
 * @param resource - the API
 * @param context - the emulator
 * @returns 1 for Microsoft's own APIs and by default, 2 when the registration asks for it
 */
function tokenVersionOf(resource: ServicePrincipal, context: EntraContext): 1 | 2 {
  const application = registrationOf(resource, context);
  return application?.requestedAccessTokenVersion === 2 ? 2 : 1;
}

/**
 * Tells whether an API asked for an optional claim in its access tokens.
 *
 * @param resource - the API
 * @param name - claim
 * @param context - the emulator
 * @returns true when `optionalClaims.accessToken` names it
 */
export function wantsOptionalClaim(resource: ServicePrincipal, name: string, context: EntraContext): boolean {
  const application = registrationOf(resource, context);
  return optionalClaimNames(application?.properties["optionalClaims"], "accessToken").includes(name);
}

/**
 * Finds the registration of an API.
 *
 * @param resource - the API
 * @param context - the emulator
 * @returns the registration; `undefined` for Microsoft's own APIs
 */
export function registrationOf(resource: ServicePrincipal, context: EntraContext): Application | undefined {
  if (isMicrosofts(resource.appId)) return undefined;
  return findApplicationAnywhere(context.world, resource.appId)?.application;
}

const headers = new WeakMap<PublishedKey, { plain: string; thumbprint: string }>();

function plainHeader(key: PublishedKey): string {
  return headersOf(key).plain;
}

function thumbprintHeader(key: PublishedKey): string {
  return headersOf(key).thumbprint;
}

function headersOf(key: PublishedKey): { plain: string; thumbprint: string } {
  const known = headers.get(key);
  if (known !== undefined) return known;
  const encode = (header: object): string => Buffer.from(JSON.stringify(header)).toString("base64url");
  const made = {
    plain: encode({ typ: "JWT", alg: "RS256", kid: key.kid }),
    thumbprint: encode({ typ: "JWT", alg: "RS256", x5t: key.kid, kid: key.kid }),
  };
  headers.set(key, made);
  return made;
}

async function signToken(
  claims: Record<string, unknown>,
  header: string,
  key: PublishedKey,
): Promise<string> {
  const signingInput = `${header}.${Buffer.from(JSON.stringify(claims)).toString("base64url")}`;
  const signature = await signRs256(Buffer.from(signingInput, "latin1"), key);
  return `${signingInput}.${signature.toString("base64url")}`;
}

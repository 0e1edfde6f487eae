/** The settings of {@link BearerAuthentication} with every default filled in. */
import { type Authority, CLOUDS, createTransport, resolveAuthority } from "@nightlatch/oauth";
import type { JWTVerifyGetKey } from "jose";
import type { BearerAuthentication, KeyTransport } from "../options.ts";
import { createFixedKeys, createSigningKeys } from "./signing-keys.ts";

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What a token must be to be taken. */
export interface AcceptedTokens {
  readonly tenantId: string;
  readonly audiences: readonly string[];
  readonly issuers: readonly string[];
  /** Where callers exchange their credential for a token. */
  readonly tokenEndpoint: string;
  /** Scope that callers ask for. */
  readonly scope: string;
  readonly roles: { readonly read: readonly string[]; readonly write: readonly string[] };
  readonly scopes: { readonly read: readonly string[]; readonly write: readonly string[] };
  readonly clockToleranceSeconds: number;
  readonly getKey: JWTVerifyGetKey;
}

/**
 * Fills in the defaults of bearer authentication.
 *
 * @throws {TypeError} when the tenant is not a GUID or no audience is named
 * @throws {NightlatchError} `OAUTH_AUTHORITY_UNFIT`: the authority host is not an https origin
 */
export function resolveAcceptedTokens(authentication: BearerAuthentication, now: () => Date): AcceptedTokens {
  const audiences = toList(authentication.audience);
  if (!GUID.test(authentication.tenantId))
    throw new TypeError(`authentication.tenantId is "${authentication.tenantId}", wanted the tenant's GUID`);
  if (audiences.length === 0 || audiences.includes(""))
    throw new TypeError("authentication.audience names no audience");
  const authority = resolveAuthority(authentication);
  const { tenantId } = authority;
  const write = toList(authentication.writeRole ?? "Calendars.ReadWrite.All");
  const writeScopes = toList(authentication.writeScope);
  let transport = authentication.transport;
  const getTransport = (): KeyTransport => {
    transport ??= createTransport();
    return transport;
  };
  return {
    tenantId,
    audiences,
    issuers: authentication.issuers ?? issuersOf(authority),
    tokenEndpoint: authority.tokenEndpointV2,
    scope: scopeOf(audiences),
    roles: { read: [...toList(authentication.requiredRole ?? "Calendars.Read.All"), ...write], write },
    scopes: { read: [...toList(authentication.requiredScope), ...writeScopes], write: writeScopes },
    clockToleranceSeconds: authentication.clockToleranceSeconds ?? 60,
    getKey:
      authentication.keys !== undefined
        ? createFixedKeys(authentication.keys, tenantId)
        : createSigningKeys({
            jwksUri: authentication.jwksUri ?? authority.jwksUri,
            tenantId,
            transport: getTransport,
            nowMs: () => now().getTime(),
          }),
  };
}

/** Tokens of an API come in v1 or v2 shape as its registration says, wherever they were asked for. */
function issuersOf({ cloud, host, tenantId }: Authority): string[] {
  const v1Host = cloud === "china" ? "https://sts.chinacloudapi.cn" : "https://sts.windows.net";
  const v2Host = cloud === undefined ? host : CLOUDS[cloud].authorityHost;
  return [`${v1Host}/${tenantId}/`, `${v2Host}/${tenantId}/v2.0`];
}

function scopeOf(audiences: readonly string[]): string {
  const audience = audiences.find((candidate) => candidate.includes("://")) ?? audiences[0] ?? "";
  return `${audience.replace(/\/+$/, "")}/.default`;
}

function toList(value: string | readonly string[] | undefined): readonly string[] {
  if (value === undefined) return [];
  return typeof value === "string" ? [value] : value;
}

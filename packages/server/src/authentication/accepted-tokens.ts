/** The settings of {@link BearerAuthentication} with every default filled in. */
import { createTransport } from "@nightlatch/oauth";
import type { JWTVerifyGetKey } from "jose";
import type { BearerAuthentication, KeyTransport } from "../options.ts";
import { createFixedKeys, createSigningKeys } from "./signing-keys.ts";

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
 * @throws {TypeError} when tenant or audience are empty
 */
export function resolveAcceptedTokens(authentication: BearerAuthentication, now: () => Date): AcceptedTokens {
  const tenantId = authentication.tenantId.toLowerCase();
  const audiences = toList(authentication.audience);
  if (tenantId === "" || audiences.length === 0 || audiences.includes(""))
    throw new TypeError("authentication needs a tenantId and at least one audience");
  const authorityHost = (authentication.authorityHost ?? "https://login.microsoftonline.com").replace(
    /\/+$/,
    "",
  );
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
    issuers: authentication.issuers ?? [
      `https://sts.windows.net/${tenantId}/`,
      `${authorityHost}/${tenantId}/v2.0`,
    ],
    tokenEndpoint: `${authorityHost}/${tenantId}/oauth2/v2.0/token`,
    scope: `${(audiences.find((audience) => audience.includes("://")) ?? audiences[0] ?? "").replace(/\/+$/, "")}/.default`,
    roles: { read: [...toList(authentication.requiredRole ?? "Calendars.Read.All"), ...write], write },
    scopes: { read: [...toList(authentication.requiredScope), ...writeScopes], write: writeScopes },
    clockToleranceSeconds: authentication.clockToleranceSeconds ?? 60,
    getKey:
      authentication.keys !== undefined
        ? createFixedKeys(authentication.keys, tenantId)
        : createSigningKeys({
            jwksUri: authentication.jwksUri ?? `${authorityHost}/${tenantId}/discovery/v2.0/keys`,
            tenantId,
            transport: getTransport,
            nowMs: () => now().getTime(),
          }),
  };
}

function toList(value: string | readonly string[] | undefined): readonly string[] {
  if (value === undefined) return [];
  return typeof value === "string" ? [value] : value;
}

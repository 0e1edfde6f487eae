/** Authorization codes and refresh tokens: what is sealed into them, and when they are no longer good. */
import type { User } from "../directory/directory.ts";
import { refused } from "./aadsts.ts";
import type { EntraContext } from "./entra-context.ts";

/** How the redirect URI of a client was registered. */
export type Platform = "Web" | "Spa" | "InstalledClient";

/** What an authorization code stands for. */
export interface CodeGrant {
  readonly id: string;
  readonly tenantId: string;
  /** Tenant segment of the authorize request. */
  readonly segment: string;
  readonly userId: string;
  readonly clientId: string;
  readonly redirectUri: string;
  /** Whether the request named the redirect URI, which must then be repeated. */
  readonly isExplicitRedirectUri: boolean;
  readonly platform: Platform;
  readonly scope: string;
  readonly resource: string | undefined;
  readonly nonce: string | undefined;
  readonly codeChallenge: string | undefined;
  readonly codeChallengeMethod: string | undefined;
  readonly issuedAtMs: number;
}

/** What a refresh token stands for. */
export interface RefreshGrant {
  readonly tenantId: string;
  readonly userId: string;
  readonly clientId: string;
  readonly platform: Platform;
  readonly scope: string;
  readonly resource: string | undefined;
  /** When the user signed in. */
  readonly signedInAtMs: number;
  readonly issuedAtMs: number;
}

const CODE_LIFETIME_MS = 600_000;
const REFRESH_INACTIVE_MS = 90 * 86_400_000;
const SPA_REFRESH_LIFETIME_MS = 86_400_000;

/** Codes and refresh tokens begin so since 2025. */
const PREFIX = "1.A";

/**
 * Seals an authorization code.
 *
 * @param grant - what it stands for
 * @param context - the emulator
 * @returns the code
 */
export function sealCode(grant: CodeGrant, context: EntraContext): string {
  return PREFIX + context.sealer.seal("code", grant);
}

/**
 * Opens an authorization code and marks it as redeemed.
 *
 * @param code - as sent
 * @param context - the emulator
 * @returns what it stands for
 * @throws {RefusedError} 9002313 when it is garbled, 70008 when it is too old, 54005 when it was redeemed before
 */
export function redeemCode(code: string, context: EntraContext): CodeGrant {
  const grant = context.sealer.open("code", code.slice(PREFIX.length)) as CodeGrant | undefined;
  if (grant === undefined) throw refused(9002313, undefined, { oauthError: "invalid_grant" });
  const nowMs = context.clock.nowMs();
  const { redeemedCodes } = context.signIns;
  for (const [id, forgetAtMs] of redeemedCodes) {
    if (forgetAtMs > nowMs) break;
    redeemedCodes.delete(id);
  }
  if (redeemedCodes.has(grant.id)) throw refused(54005);
  if (nowMs - grant.issuedAtMs > CODE_LIFETIME_MS) throw refused(70008);
  return grant;
}

/**
 * Remembers that a code was redeemed, for as long as it would be good.
 *
 * @param grant - the code
 * @param context - the emulator
 */
export function markRedeemed(grant: CodeGrant, context: EntraContext): void {
  context.signIns.redeemedCodes.set(grant.id, grant.issuedAtMs + CODE_LIFETIME_MS + 1000);
}

/**
 * Seals a refresh token.
 *
 * @param grant - what it stands for
 * @param context - the emulator
 * @returns the token
 */
export function sealRefreshToken(grant: RefreshGrant, context: EntraContext): string {
  return PREFIX + context.sealer.seal("refresh", grant);
}

/**
 * Opens a refresh token. Using it does not spend it, as in the service.
 *
 * @param token - as sent
 * @param context - the emulator
 * @returns what it stands for
 * @throws {RefusedError} 9002313 when it is garbled, 700082 after 90 unused days, 700084 after a day of a single-page app
 */
export function openRefreshToken(token: string, context: EntraContext): RefreshGrant {
  const grant = context.sealer.open("refresh", token.slice(PREFIX.length)) as RefreshGrant | undefined;
  if (grant === undefined) throw refused(9002313, undefined, { oauthError: "invalid_grant" });
  const nowMs = context.clock.nowMs();
  const values = { issueDate: `${new Date(grant.issuedAtMs).toISOString().slice(0, -1)}0000Z` };
  if (grant.platform === "Spa" && nowMs - grant.signedInAtMs > SPA_REFRESH_LIFETIME_MS)
    throw refused(700084, { ...values, time: "1.00:00:00" });
  if (nowMs - grant.issuedAtMs > REFRESH_INACTIVE_MS)
    throw refused(700082, { ...values, time: "90.00:00:00" });
  return grant;
}

/**
 * Refuses grants of users who may no longer sign in, or whose sessions were revoked since.
 *
 * @param user - the user; `undefined` when deleted
 * @param issuedAtMs - when the grant was issued
 * @returns the user
 * @throws {RefusedError} 70000, 50057 or 50173
 */
export function requireLiveUser(user: User | undefined, issuedAtMs: number): User {
  if (user === undefined) throw refused(70000);
  if (!user.accountEnabled) throw refused(50057);
  const validFrom = user.properties["signInSessionsValidFromDateTime"];
  if (typeof validFrom === "string" && issuedAtMs < Date.parse(validFrom))
    throw refused(50173, { authTime: new Date(issuedAtMs).toISOString(), validDate: validFrom });
  return user;
}

/**
 * Tokens that only an emulator can give: signed by its issuer without any sign-in, for setting up tests and for
 * registering the first application. The service has nothing like it.
 */

import { findTenant, findUser } from "../directory/lookup.ts";
import type { EntraContext } from "../entra/entra-context.ts";
import { signAccessToken } from "../entra/issue-token.ts";
import { EmulatorError } from "../errors.ts";

/** What the token is to say. */
export interface TokenWish {
  /** GUID or domain. @defaultValue the first tenant */
  readonly tenantId?: string | undefined;
  /** Application permissions; an app-only token. */
  readonly roles?: readonly string[] | undefined;
  /** Delegated permissions, for a user. */
  readonly scopes?: readonly string[] | undefined;
  /** User principal name or object id; needed with `scopes`. */
  readonly user?: string | undefined;
  /** `aud`. @defaultValue https://graph.microsoft.com */
  readonly audience?: string | undefined;
  /** Seconds; negative for a token that is already expired. @defaultValue 3599 */
  readonly expiresInSeconds?: number | undefined;
  /** Claims that replace or join the others. */
  readonly claims?: Readonly<Record<string, unknown>> | undefined;
}

/** A token response of client credentials. */
export interface IssuedToken {
  readonly token_type: "Bearer";
  readonly expires_in: number;
  readonly access_token: string;
}

/** Client id in tokens that nobody signed in for. */
const EMULATOR_CLIENT_ID = "5c001000-ffff-4000-8000-000000000001";

/**
 * Issues a token without a sign-in.
 *
 * @param wish - what it is to say
 * @param context - the emulator
 * @returns the token
 * @throws {EmulatorError} `EMULATOR_CONTROL_INVALID` for an unknown tenant or user
 */
export async function issueAdministratorToken(wish: TokenWish, context: EntraContext): Promise<IssuedToken> {
  const [firstTenant] = context.world.tenants.values();
  const tenant = wish.tenantId === undefined ? firstTenant : findTenant(context.world, wish.tenantId);
  if (tenant === undefined)
    throw new EmulatorError(
      "EMULATOR_CONTROL_INVALID",
      `No tenant "${wish.tenantId ?? ""}" in this emulator`,
      {
        hint: "Give the tenantId that the ready line or the seed names",
      },
    );
  const user = wish.user === undefined ? undefined : findUser(tenant, wish.user);
  if (wish.user !== undefined && user === undefined)
    throw new EmulatorError(
      "EMULATOR_CONTROL_INVALID",
      `No user "${wish.user}" in tenant ${tenant.tenantId}`,
    );
  const nowSeconds = Math.floor(context.clock.nowMs() / 1000);
  const lifetimeSeconds = wish.expiresInSeconds ?? 3599;
  const subject = user?.id ?? EMULATOR_CLIENT_ID;
  const who =
    user === undefined
      ? { idtyp: "app", roles: wish.roles ?? [] }
      : {
          idtyp: "user",
          scp: (wish.scopes ?? []).join(" "),
          upn: user.userPrincipalName,
          name: user.displayName,
        };
  const claims = {
    aud: wish.audience ?? "https://graph.microsoft.com",
    iss: `https://sts.windows.net/${tenant.tenantId}/`,
    iat: nowSeconds - 300,
    nbf: nowSeconds - 300,
    exp: nowSeconds + lifetimeSeconds,
    appid: EMULATOR_CLIENT_ID,
    appidacr: "2",
    app_displayname: "Nightlatch emulator",
    oid: subject,
    sub: subject,
    tid: tenant.tenantId,
    ver: "1.0",
    ...who,
    ...wish.claims,
  };
  return {
    token_type: "Bearer",
    expires_in: lifetimeSeconds,
    access_token: await signAccessToken(claims, context),
  };
}

/** Who is signed in at the issuer, in a sealed cookie. */
import type { Tenant, User } from "../../directory/directory.ts";
import type { EmulatorRequest } from "../../host/http.ts";
import type { EntraContext } from "../entra-context.ts";

/** A signed-in user. */
export interface Session {
  readonly tenant: Tenant;
  readonly user: User;
  /** Milliseconds since 1970 UTC. */
  readonly signedInAtMs: number;
}

interface SealedSession {
  readonly tenantId: string;
  readonly userId: string;
  readonly signedInAtMs: number;
}

const COOKIE = "ESTSAUTH";
const ATTRIBUTES = "path=/; secure; HttpOnly; SameSite=None";

/**
 * Reads the session of a browser.
 *
 * @param request - its cookies are looked at
 * @param context - the emulator
 * @returns the session; `undefined` when nobody is signed in, or the user is gone or disabled
 */
export function readSession(request: EmulatorRequest, context: EntraContext): Session | undefined {
  const sealed = new RegExp(`(?:^|;\\s*)${COOKIE}=([^;]+)`).exec(request.headers.cookie ?? "")?.[1];
  if (sealed === undefined) return undefined;
  const opened = context.sealer.open("session", sealed) as SealedSession | undefined;
  const tenant = context.world.tenants.get(opened?.tenantId ?? "");
  const user = tenant?.users.get(opened?.userId ?? "");
  if (opened === undefined || tenant === undefined || user === undefined || !user.accountEnabled)
    return undefined;
  return { tenant, user, signedInAtMs: opened.signedInAtMs };
}

/**
 * The header that signs a browser in.
 *
 * @param session - who
 * @param context - the emulator
 * @returns value of Set-Cookie
 */
export function sessionCookie({ tenant, user, signedInAtMs }: Session, context: EntraContext): string {
  const value: SealedSession = { tenantId: tenant.tenantId, userId: user.id, signedInAtMs };
  return `${COOKIE}=${context.sealer.seal("session", value)}; ${ATTRIBUTES}`;
}

/** The header that signs a browser out. */
export const ENDED_SESSION_COOKIE = `${COOKIE}=; expires=Thu, 01 Jan 1970 00:00:00 GMT; ${ATTRIBUTES}`;

/** A sign-in under way: everything the pages hand on, sealed, from one to the next. */
import type { EntraContext } from "../entra-context.ts";
import type { Platform } from "../sign-in-grants.ts";
import type { ResponseMode, ResponseTypes } from "./authorization-request.ts";

/** State of a sign-in. */
export interface Flow {
  /** What comes after the sign-in. */
  readonly purpose: "authorize" | "device" | "adminConsent";
  /** Tenant segment of the path as sent. */
  readonly segment: string;
  /** The tenant of the path; absent on shared segments, where the user's own counts. */
  readonly tenantId: string | undefined;
  readonly endpointVersion: 1 | 2;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly isExplicitRedirectUri: boolean;
  readonly platform: Platform;
  readonly types: ResponseTypes;
  readonly mode: ResponseMode;
  readonly state: string | undefined;
  readonly scope: string;
  readonly resource: string | undefined;
  readonly nonce: string | undefined;
  readonly prompt: string | undefined;
  readonly loginHint: string | undefined;
  readonly codeChallenge: string | undefined;
  readonly codeChallengeMethod: string;
  readonly wantsClientInfo: boolean;
  /** Whether the user signed in, or picked the account, for this very flow. */
  readonly isSignedIn: boolean;
  /** Device flow that is to be approved. */
  readonly deviceCode?: string | undefined;
}

const LIFETIME_MS = 3_600_000;

/**
 * Seals a flow for a hidden field.
 *
 * @param flow - the state
 * @param context - the emulator
 * @returns base64url
 */
export function sealFlow(flow: Flow, context: EntraContext): string {
  return context.sealer.seal("flow", { flow, sealedAtMs: context.clock.nowMs() });
}

/**
 * Opens a flow that a page gave back.
 *
 * @param sealed - value of the hidden field
 * @param context - the emulator
 * @returns the state; `undefined` when it is not ours or an hour old
 */
export function openFlow(sealed: string, context: EntraContext): Flow | undefined {
  const opened = context.sealer.open("flow", sealed) as { flow: Flow; sealedAtMs: number } | undefined;
  if (opened === undefined || context.clock.nowMs() - opened.sealedAtMs > LIFETIME_MS) return undefined;
  return opened.flow;
}

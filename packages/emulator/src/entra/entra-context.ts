/** What the Entra surface needs beside the common context. */
import type { EmulatorContext } from "../host/context.ts";
import type { FaultRegistry } from "../host/faults.ts";
import type { KeyRing } from "./key-ring.ts";
import type { Sealer } from "./sealed.ts";

/** Choices that shape what the issuer answers. */
export interface EntraSettings {
  /** `current`: as captured since 2023. `classic`: CR LF in the trace suffix, no `error_uri`, older reason texts. */
  readonly errorStyle: "current" | "classic";
  /** `expires_in` of access tokens, seconds. @defaultValue 3599 */
  readonly accessTokenLifetimeSeconds: number;
  /** Seconds by which the clock of a client may differ. @defaultValue 300 */
  readonly clockSkewSeconds: number;
}

/** A device flow that waits for a person. */
export interface DeviceFlow {
  readonly deviceCode: string;
  readonly userCode: string;
  readonly tenantName: string;
  readonly clientId: string;
  readonly scope: string;
  readonly resource: string | undefined;
  readonly expiresAtMs: number;
  /** Set when a person signed in. */
  userId: string | undefined;
  tenantId: string | undefined;
  isDeclined: boolean;
}

/** Short-lived state of sign-ins; everything else travels sealed with the client. */
export interface SignInState {
  /** Identifiers of redeemed codes, with the instant after which they may be forgotten. */
  readonly redeemedCodes: Map<string, number>;
  readonly deviceFlows: Map<string, DeviceFlow>;
  /** `jti` values seen, with the instant after which they may be forgotten; filled only with the strict switch. */
  readonly seenJtis: Map<string, number>;
}

/** The context of the Entra surface. */
export interface EntraContext extends EmulatorContext {
  readonly keys: KeyRing;
  readonly sealer: Sealer;
  readonly settings: EntraSettings;
  readonly faults: FaultRegistry;
  readonly signIns: SignInState;
  /** Port of the HTTPS listener: its loopback names are this issuer as well. */
  readonly port: number;
}

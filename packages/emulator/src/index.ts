/** Entra ID, Microsoft Graph and Exchange on localhost: a second reading of the same specifications. */

export type { IssuedToken, TokenWish } from "./control/administrator-token.ts";
export type { IssuedRevocation, RevocationWish } from "./control/revocations.ts";
export type { EntraSettings } from "./entra/entra-context.ts";
export { EMULATOR_ERRORS, EmulatorError, type EmulatorErrorCode } from "./errors.ts";
export type { EwsSwitches } from "./ews/switches.ts";
export type { EmulatorClock } from "./host/clock.ts";
export type { EmulatorSwitches } from "./host/context.ts";
export { DEFAULT_SEED, DEFAULT_TENANT_ID } from "./host/default-seed.ts";
export type { ArmedFault, Fault, FaultAction, FaultEndpoint, FaultRegistry } from "./host/faults.ts";
export { REAL_HOST_NAMES } from "./host/real-hosts.ts";
export type { Miss, RecordedRequest } from "./host/recorder.ts";
export type { Seed } from "./host/seed.ts";
export {
  type EmulatorOptions,
  type ReadyLine,
  type RunningEmulator,
  type Snapshot,
  startEmulator,
} from "./host/start.ts";

/** What every surface is given: the directory, the clock, the issuer's keys and the switches. */
import type { World } from "../directory/directory.ts";
import type { IssuerKeys } from "../entra/issuer-keys.ts";
import type { EmulatorClock } from "./clock.ts";

/** Behaviour that may be switched; each default is what the service is known to do. */
export interface EmulatorSwitches {
  /** Serve app-only reads and changes of group calendars (the documentation disagrees). @defaultValue false */
  readonly groupCalendarsAppOnly: boolean;
  /** Refuse a client assertion whose `jti` was seen before. @defaultValue false */
  readonly strictJti: boolean;
  /** Let access tokens live between 60 and 90 minutes, drawn for each, as the service does. @defaultValue false */
  readonly drawTokenLifetimes?: boolean | undefined;
  /** Throttle Graph per application and mailbox; limits as `GraphThrottleSwitch` names them. @defaultValue false */
  readonly graphThrottle?: boolean | Readonly<Record<string, number>> | undefined;
  /** Behaviour of Exchange, as `EwsSwitches` names it. @defaultValue none */
  readonly ews?: Readonly<Record<string, unknown>> | undefined;
}

/** One emulator's state; several may live in one process and share nothing. */
export interface EmulatorContext {
  /** Replaced as a whole by reset and restore: read it at each use, never keep it. */
  world: World;
  readonly clock: EmulatorClock;
  readonly keys: IssuerKeys;
  readonly switches: EmulatorSwitches;
  /** Notes something for whoever runs the emulator (why a proof was refused, which option is missing). */
  readonly note: (text: string) => void;
}

/** Behaviour of Exchange that may be switched, read from the switches of the emulator when they are there. */
import type { EmulatorContext } from "../host/context.ts";

/** The switches, as `context.switches.ews` holds them. */
export interface EwsSwitches {
  /** `EWSEnabled` of the organisation; false refuses everybody with 403. @defaultValue true */
  readonly enabled?: boolean | undefined;
  /** `EwsAllowedAppIDs`: client ids that are let in, everybody when absent. */
  readonly allowedAppIds?: readonly string[] | undefined;
  /** Addresses of mailboxes that an access policy keeps applications out of. */
  readonly deniedMailboxes?: readonly string[] | undefined;
  /**
   * Whether app-only tokens may name the mailbox in `X-AnchorMailbox` alone, as recipes of 2016 do, or must
   * impersonate, as newer threads show. A request that names no mailbox at all is refused either way.
   * @defaultValue "anchorMailbox"
   */
  readonly impersonation?: "required" | "anchorMailbox" | undefined;
  /** Answers every request with this id of `x-ms-diagnostics`: 2000007, 2000020 or 4000000. @defaultValue none */
  readonly diagnostics?: number | undefined;
  /** Most items that one find may give. @defaultValue 1000 */
  readonly findCountLimit?: number | undefined;
  readonly throttle?: EwsThrottle | undefined;
}

/** How a caller that asks too much is put off. */
export interface EwsThrottle {
  /** Requests at a time per application and mailbox (`EWSMaxConcurrency`). @defaultValue 27 */
  readonly concurrency?: number | undefined;
  /** Requests in a minute per application and mailbox. @defaultValue no limit */
  readonly requestsPerMinute?: number | undefined;
  /** Milliseconds in `BackOffMilliseconds`. @defaultValue 1000 */
  readonly backOffMs?: number | undefined;
  /** A SOAP fault with status 500, or a bare 503. @defaultValue "fault" */
  readonly answer?: "fault" | "status503" | undefined;
  /** Milliseconds that a request takes, so that several can be under way. @defaultValue 20 */
  readonly serviceTimeMs?: number | undefined;
}

/** Most items that one find gives by default (`EWSFindCountLimit`). */
const FIND_COUNT_LIMIT = 1000;

/**
 * Reads the switches. They may come from a program of any kind: what is not of its type says nothing.
 *
 * @param context - the emulator
 * @returns the switches; empty when there are none
 */
export function readSwitches(context: EmulatorContext): EwsSwitches {
  const given = context.switches.ews;
  if (given === undefined) return { impersonation: "anchorMailbox" };
  return {
    enabled: typeof given["enabled"] === "boolean" ? given["enabled"] : undefined,
    allowedAppIds: readTexts(given["allowedAppIds"]),
    deniedMailboxes: readTexts(given["deniedMailboxes"]),
    impersonation: given["impersonation"] === "required" ? "required" : "anchorMailbox",
    diagnostics: readNumber(given["diagnostics"]),
    findCountLimit: readNumber(given["findCountLimit"]),
    throttle: readThrottle(given["throttle"]),
  };
}

/**
 * Gives the most items that one find may give.
 *
 * @param context - the emulator
 * @returns a count
 */
export function findCountLimit(context: EmulatorContext): number {
  return readSwitches(context).findCountLimit ?? FIND_COUNT_LIMIT;
}

function readThrottle(given: unknown): EwsThrottle | undefined {
  if (given === true) return {};
  if (typeof given !== "object" || given === null) return undefined;
  const members = given as Readonly<Record<string, unknown>>;
  return {
    concurrency: readNumber(members["concurrency"]),
    requestsPerMinute: readNumber(members["requestsPerMinute"]),
    backOffMs: readNumber(members["backOffMs"]),
    answer: members["answer"] === "status503" ? "status503" : undefined,
    serviceTimeMs: readNumber(members["serviceTimeMs"]),
  };
}

function readTexts(given: unknown): readonly string[] | undefined {
  return Array.isArray(given) ? given.filter((text) => typeof text === "string") : undefined;
}

function readNumber(given: unknown): number | undefined {
  return typeof given === "number" && given >= 0 ? given : undefined;
}

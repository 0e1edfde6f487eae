/**
 * The check of a client assertion: an ordered list of small functions, of which the first refusal wins.
 *
 * The service does not publish its order. This one contradicts none of the public captures.
 */
import type { Refusal } from "../aadsts.ts";
import type { Client } from "../client.ts";
import type { EntraContext } from "../entra-context.ts";
import type { Assertion } from "./assertion.ts";
import { checkAudience } from "./audience.ts";
import { checkClientIsIssuer, checkRequiredClaims, checkSubjectIsIssuer } from "./claims.ts";
import { checkAlgorithm, checkHeaderType, checkKeyReference } from "./header.ts";
import { checkReplay } from "./replay.ts";
import { checkSignature } from "./signature.ts";
import { checkTimeWindow } from "./time-window.ts";

/** Everything that a check may look at. */
export interface AssertionCase extends Assertion {
  readonly client: Client;
  /** Scheme, host and port as the client addressed the issuer. */
  readonly origin: string;
  /** Host name of the issuer as addressed, without port. */
  readonly host: string;
  /** Tenant segment of the path as sent. */
  readonly segment: string;
  readonly context: EntraContext;
}

/** One rule of the assertion. */
export type AssertionCheck = (assertion: AssertionCase) => Refusal | undefined;

/** What holds for the header of every assertion, also of one from a foreign issuer. */
export const HEADER_CHECKS: readonly AssertionCheck[] = [
  checkHeaderType,
  checkAlgorithm,
  checkKeyReference,
  checkRequiredClaims,
];

/** What holds for an assertion that the application signed itself. */
export const OWN_ASSERTION_CHECKS: readonly AssertionCheck[] = [
  checkSubjectIsIssuer,
  checkClientIsIssuer,
  checkAudience,
  checkSignature,
  checkTimeWindow,
  checkReplay,
];

/**
 * Runs checks in order.
 *
 * @param checks - the rules
 * @param assertion - the case
 * @returns the first refusal, or `undefined` when every rule is kept
 */
export function firstRefusal(
  checks: readonly AssertionCheck[],
  assertion: AssertionCase,
): Refusal | undefined {
  for (const check of checks) {
    const refusal = check(assertion);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

/** Rules for who an assertion speaks of. */
import type { AssertionCheck } from "./check.ts";

/** `iss`, `sub` and `aud` must be there (AADSTS90014) and be texts (50027: arrays are not taken). */
export const checkRequiredClaims: AssertionCheck = ({ claims }) => {
  for (const name of ["iss", "sub", "aud"]) {
    const value = claims[name];
    if (value === undefined || value === null || value === "") return { code: 90014, values: { name } };
    if (typeof value !== "string") return { code: 50027 };
  }
  return undefined;
};

/** An application vouches for itself: `iss` equals `sub` (AADSTS50048). */
export const checkSubjectIsIssuer: AssertionCheck = ({ claims }) =>
  sameIdentifier(claims["iss"], claims["sub"]) ? undefined : { code: 50048 };

/** Both equal the client id of the request (AADSTS700021). */
export const checkClientIsIssuer: AssertionCheck = ({ claims, client }) =>
  sameIdentifier(claims["iss"], client.application.appId) ? undefined : { code: 700021 };

/**
 * Compares two GUIDs.
 *
 * @param left - any value
 * @param right - any value
 * @returns true when both are texts that differ in case at most
 */
export function sameIdentifier(left: unknown, right: unknown): boolean {
  if (typeof left !== "string" || typeof right !== "string") return false;
  return left === right || left.toLowerCase() === right.toLowerCase();
}

/** Errors as data, for plans and reports. */
import { isNightlatchError } from "@nightlatch/credential";
import { SYNC_ERRORS } from "./errors.ts";
import type { ErrorRecord } from "./plan.ts";

/**
 * Gives an error as data.
 *
 * @param error - anything that was thrown while working on one mailbox
 * @returns code, message and hint; `SYNC_MAILBOX_FAILED` for an error that is none of this house
 */
export function errorRecord(error: unknown): ErrorRecord {
  if (isNightlatchError(error)) return { code: error.code, message: error.message, hint: error.hint };
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return { code: "SYNC_MAILBOX_FAILED", message, hint: SYNC_ERRORS.SYNC_MAILBOX_FAILED.hint };
}

/**
 * Tells whether an error concerns the application and not one mailbox: then there is no use in going on.
 *
 * @param error - anything that was thrown
 * @returns true when the sign-in was refused
 */
export function isSignInRefused(error: unknown): boolean {
  return isNightlatchError(error) && error.exitCode === 4;
}

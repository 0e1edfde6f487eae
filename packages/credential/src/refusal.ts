/** How this floor makes its errors: one place that knows the table, and the wording "Cannot load FILE: …". */
import { CREDENTIAL_ERRORS, type CredentialErrorCode, type ErrorOptions, NightlatchError } from "./errors.ts";

/**
 * Makes an error of this floor.
 *
 * @param code - a code of {@link CREDENTIAL_ERRORS}
 * @param message - capital, no full stop, never secret material
 * @param options - hint, details and cause
 * @returns the error, to be thrown by the caller
 */
export function refusal(
  code: CredentialErrorCode,
  message: string,
  options: ErrorOptions = {},
): NightlatchError {
  return new NightlatchError(CREDENTIAL_ERRORS, code, message, options);
}

/**
 * Makes the error for an input that cannot be loaded, naming the input first.
 *
 * @param code - a code of {@link CREDENTIAL_ERRORS}
 * @param sourceName - file name or what stands for it
 * @param mistake - what is wrong with it, small initial, no full stop
 * @param options - hint, details and cause
 * @returns the error, to be thrown by the caller
 */
export function loadRefusal(
  code: CredentialErrorCode,
  sourceName: string,
  mistake: string,
  options: ErrorOptions = {},
): NightlatchError {
  return refusal(code, `Cannot load ${sourceName}: ${mistake}`, {
    ...options,
    details: { sourceName, ...options.details },
  });
}

/** Codes of the registration of applications. */
import { type ErrorOptions, type ErrorTable, NightlatchError } from "@nightlatch/credential/assertion";

/** Codes of this part of the floor. */
export const REGISTRATION_ERRORS = {
  OAUTH_DIRECTORY_REFUSED: {
    title: "Graph refused to read or change a registration",
    hint: "Read Graph's code and message; the request id stands in the details",
    retryable: false,
    exitCode: 1,
    httpStatus: 502,
  },
  OAUTH_PERMISSION_UNKNOWN: {
    title: "An API does not offer the application permission that was asked for",
    hint: "Check the spelling against the API's list of application permissions",
    retryable: false,
    exitCode: 2,
    httpStatus: 400,
  },
  OAUTH_API_UNKNOWN: {
    title: "The tenant has no service principal for the API",
    hint: "Name the API by its application id, and consent to it or create its service principal first",
    retryable: false,
    exitCode: 1,
    httpStatus: 404,
  },
  OAUTH_NAME_TAKEN: {
    title: "An application of that name is there already, with other certificates",
    hint: "Choose another name, or add the certificate to that application with: nightlatch app rotate",
    retryable: false,
    exitCode: 1,
    httpStatus: 409,
  },
  OAUTH_OBJECT_ID_NEEDED: {
    title: "The object id of the application is not known and may not be looked up with this token",
    hint: "Pass --object-id with the Object ID of the app registration's overview page, or --access-token-file with an administrator's token",
    retryable: false,
    exitCode: 2,
    httpStatus: 400,
  },
  OAUTH_OBJECT_ID_UNFIT: {
    title: "The object id belongs to another application, or to none",
    hint: "Take the Object ID from the app registration's page: neither the client id nor the object id of the enterprise application will do",
    retryable: false,
    exitCode: 2,
    httpStatus: 400,
  },
  OAUTH_KEY_ID_NEEDED: {
    title: "The key id of the certificate to remove is not known and may not be looked up with this token",
    hint: "Pass --old-key-id with the id beside the old certificate on the page Certificates & secrets, or --access-token-file with an administrator's token",
    retryable: false,
    exitCode: 2,
    httpStatus: 400,
  },
  OAUTH_KEYS_UNREADABLE: {
    title: "Graph's answer does not hold the complete collection of keys, so it is not written back",
    hint: "Try again; if it stays so, look at the application's keys with another tool before changing anything",
    retryable: true,
    exitCode: 1,
    httpStatus: 502,
  },
  OAUTH_KEYS_LOST: {
    title: "After the collection of keys was written, a key that has not expired is missing",
    hint: "Register the missing certificate again at once: a program that uses it can no longer sign in",
    retryable: false,
    exitCode: 1,
    httpStatus: 502,
  },
  OAUTH_PROOF_REFUSED: {
    title: "Graph refused the proof that the application holds a registered key",
    hint: "Check that the object id is the application's, that the signing certificate is registered with it and valid, and that this machine's clock is right",
    retryable: false,
    exitCode: 4,
    httpStatus: 502,
  },
  OAUTH_ROTATION_NO_VALID_KEY: {
    title: "The certificate in use no longer signs in, so the application cannot prove itself to add another",
    hint: "Pass --access-token-file with the token of an administrator who may write applications",
    retryable: false,
    exitCode: 4,
    httpStatus: 401,
  },
  OAUTH_ROTATION_SAME_CERTIFICATE: {
    title: "The new certificate is the one that is in use",
    hint: "Give another certificate, or leave --new-certificate out to have one made",
    retryable: false,
    exitCode: 2,
    httpStatus: 400,
  },
  OAUTH_ROTATION_FILE_UNFIT: {
    title: "The file of the certificate cannot be exchanged as a whole",
    hint: "Keep key and certificate together in one file that this user owns",
    retryable: false,
    exitCode: 1,
    httpStatus: 500,
  },
  OAUTH_ROTATION_OF_ANOTHER: {
    title: "The state file beside the certificate is of another application",
    hint: "Check the client id and the tenant; one certificate file serves one application",
    retryable: false,
    exitCode: 2,
    httpStatus: 409,
  },
  OAUTH_ROTATION_STATE_UNFIT: {
    title: "The state file of a rotation does not fit what lies beside it",
    hint: "Look at the files beside the certificate and put back the one that is missing",
    retryable: false,
    exitCode: 1,
    httpStatus: 409,
  },
  OAUTH_ROTATION_UNDER_WAY: {
    title: "Another process is rotating this certificate",
    hint: "Wait until it has ended",
    retryable: true,
    exitCode: 1,
    httpStatus: 409,
  },
  OAUTH_ROTATION_NOT_CONFIRMED: {
    title: "No token was issued with the new key within the time allowed; the old one stays in use",
    hint: "Run the same command again: it goes on where it stopped",
    retryable: true,
    exitCode: 1,
    httpStatus: 504,
  },
} as const satisfies ErrorTable;

/** Any code of this part of the floor. */
export type RegistrationErrorCode = keyof typeof REGISTRATION_ERRORS;

/**
 * Builds an error of this part of the floor.
 *
 * @param code - a code of {@link REGISTRATION_ERRORS}
 * @param message - what failed, the value quoted, no full stop, no secret
 * @param options - facts, cause and a hint for this very case
 * @returns the error, to be thrown by the caller
 */
export function registrationError(
  code: RegistrationErrorCode,
  message: string,
  options: ErrorOptions = {},
): NightlatchError {
  return new NightlatchError(REGISTRATION_ERRORS, code, message, options);
}

/** Codes of the registration of applications. */
import type { ErrorTable } from "@nightlatch/credential";

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
} as const satisfies ErrorTable;

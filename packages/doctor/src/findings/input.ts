import type { FindingTable } from "../finding.ts";
import { SOURCES } from "./sources.ts";

/** Findings about the input itself, and about sentences of client libraries. */
export const INPUT_FINDINGS = {
  CLIENT_KEY_UNREADABLE: {
    severity: "fault",
    title: "The library could not read the private key",
    see: [SOURCES.certificateCredentials],
  },
  INPUT_NOT_RECOGNISED: {
    severity: "info",
    title: "Nothing in this input is known to the doctor",
    see: [SOURCES.errorCodes],
  },
  INPUT_CUT: { severity: "info", title: "Only the beginning of this input was read", see: [] },
  ERROR_CODE_UNKNOWN: {
    severity: "warning",
    title: "This error code is not in the table",
    see: [SOURCES.errorCodes],
  },
  CODE_READ: {
    severity: "info",
    title: "No known mistake stands in this code",
    see: [SOURCES.certificateCredentials],
  },
  CLIENT_CERTIFICATE_MISSING: {
    severity: "fault",
    title: "The file holds no PEM certificate",
    see: [SOURCES.certificateCredentials],
  },
  CLIENT_PRIVATE_KEY_MISSING: {
    severity: "fault",
    title: "The file holds a certificate without its private key",
    see: [SOURCES.certificateCredentials],
  },
  CLIENT_AUTHORITY_UNREACHABLE: {
    severity: "fault",
    title: "The library could not reach or resolve the authority",
    see: [SOURCES.nationalClouds],
  },
  CLIENT_KEY_ALGORITHM: {
    severity: "fault",
    title: "The library was given a key that is not RSA",
    see: [SOURCES.selfSigned],
  },
  CLIENT_KEY_NOT_EXPORTABLE: {
    severity: "fault",
    title: "The private key cannot leave its store",
    see: [SOURCES.certificateCredentials],
  },
  CLIENT_ANSWER_NOT_JSON: {
    severity: "fault",
    title: "The answer is a web page, not JSON",
    see: [],
  },
  CLIENT_VERSION_OLD: {
    severity: "fault",
    title: "The installed version does not know this parameter",
    see: [SOURCES.exchangeAppOnly],
  },
  CLIENT_MODULE: {
    severity: "fault",
    title: "The program's own libraries are missing or do not fit each other",
    see: [],
  },
  USER_SIGN_IN_NEEDED: {
    severity: "fault",
    title: "The library keeps no token for this user; a sign-in is due",
    see: ["https://learn.microsoft.com/entra/msal/dotnet/advanced/exceptions/msal-error-handling"],
  },
  USER_PASSWORD_FLOW: {
    severity: "fault",
    title: "The sign-in with name and password does not work for this user",
    see: ["https://learn.microsoft.com/entra/identity-platform/v2-oauth-ropc"],
  },
  CLIENT_TLS: {
    severity: "fault",
    title: "The TLS connection could not be verified",
    see: [],
  },
  CLIENT_NETWORK: { severity: "fault", title: "The host could not be reached", see: [] },
} as const satisfies FindingTable;

import type { FindingTable } from "../finding.ts";
import { SOURCES } from "./sources.ts";

/** Findings that only the live walk can make. */
export const CHECK_FINDINGS = {
  CONFIGURATION_INCOMPLETE: {
    severity: "fault",
    title: "The configuration lacks a value",
    see: [SOURCES.clientCredentials],
  },
  CONFIGURATION_MALFORMED: {
    severity: "fault",
    title: "A value of the configuration is not what it should be",
    see: [SOURCES.clientCredentials],
  },
  FILE_MISSING: { severity: "fault", title: "A file cannot be read", see: [] },
  FILE_MODE_OPEN: { severity: "warning", title: "Others can read a file that holds a private key", see: [] },
  CREDENTIAL_UNUSABLE: {
    severity: "fault",
    title: "Certificate and key cannot be loaded",
    see: [SOURCES.certificateCredentials],
  },
  ROTATION_DUE: {
    severity: "warning",
    title: "The certificate has passed two thirds of its life",
    see: [SOURCES.rollKey],
  },
  AUTHORITY_NAME: { severity: "fault", title: "The name of the authority cannot be resolved", see: [] },
  AUTHORITY_CONNECTION: { severity: "fault", title: "The authority cannot be reached", see: [] },
  AUTHORITY_TLS: {
    severity: "fault",
    title: "The TLS certificate of the authority is not trusted",
    see: [],
  },
  AUTHORITY_PROXY: {
    severity: "fault",
    title: "The proxy does not let the request through",
    see: [],
  },
  AUTHORITY_ANSWER: {
    severity: "fault",
    title: "The authority does not answer as Entra does",
    see: [],
  },
  CLOCK_SKEW: {
    severity: "fault",
    title: "This machine's clock differs from the service's",
    see: [SOURCES.certificateCredentials],
  },
  TOKEN_REFUSED: { severity: "fault", title: "No token was issued", see: [SOURCES.errorCodes] },
  TOKEN_FAILED: { severity: "fault", title: "The token request failed", see: [SOURCES.errorCodes] },
  MAILBOX_UNREACHABLE: {
    severity: "fault",
    title: "The mailbox cannot be opened",
    see: [SOURCES.graphErrors],
  },
  SCOPE_DEFEATED: {
    severity: "warning",
    title: "A consent in Entra reaches further than the scope set in Exchange",
    see: [SOURCES.exchangeRbac, SOURCES.mailboxScoping],
  },
  CONSENT_EXCESSIVE: {
    severity: "warning",
    title: "The application has more permissions than it needs",
    see: [SOURCES.graphPermissions],
  },
  CHECK_FAILED: { severity: "fault", title: "The check itself failed", see: [] },
} as const satisfies FindingTable;

import type { FindingTable } from "../finding.ts";
import { SOURCES } from "./sources.ts";

const token = [SOURCES.accessTokenClaims, SOURCES.accessTokens] as const;

/** Findings about access tokens and what was sent in their place. */
export const TOKEN_FINDINGS = {
  TOKEN_VERDICT: { severity: "info", title: "Which API takes this token", see: token },
  TOKEN_VALID: { severity: "ok", title: "The access token is in order", see: token },
  TOKEN_SELF_MADE: {
    severity: "fault",
    title: "A token of your own making was sent to the API",
    see: [SOURCES.clientCredentials, SOURCES.certificateCredentials],
  },
  TOKEN_EXPIRED: { severity: "fault", title: "The access token has expired", see: token },
  TOKEN_NOT_YET_VALID: { severity: "fault", title: "The access token is not valid yet", see: token },
  TOKEN_AUDIENCE: {
    severity: "fault",
    title: "The token is for another API than the one that was called",
    see: token,
  },
  TOKEN_ROLES_MISSING: {
    severity: "fault",
    title: "The token carries no application permission",
    see: [SOURCES.adminConsent, SOURCES.graphPermissions],
  },
  TOKEN_ROLE_INSUFFICIENT: {
    severity: "fault",
    title: "The token's permissions do not reach for this call",
    see: [SOURCES.graphPermissions],
  },
  TOKEN_ALL_MAILBOXES: {
    severity: "info",
    title: "The token's permissions hold for every mailbox of the tenant",
    see: [SOURCES.mailboxScoping, SOURCES.exchangeRbac],
  },
  TOKEN_FROM_SECRET: {
    severity: "fault",
    title: "The token was obtained with a client secret; Exchange wants a certificate",
    see: [SOURCES.ewsOauth],
  },
  TOKEN_IS_ID_TOKEN: {
    severity: "fault",
    title: "An id_token was used where an access token is needed",
    see: token,
  },
  TOKEN_DELEGATED: {
    severity: "info",
    title: "The token acts for a signed-in user, not for the application itself",
    see: token,
  },
  TOKEN_ISSUER: { severity: "fault", title: "The token's issuer is not Entra ID", see: token },
  TOKEN_MALFORMED: { severity: "fault", title: "The token cannot be read", see: token },
  TOKEN_ME_PATH: {
    severity: "fault",
    title: "/me needs a signed-in user",
    see: [SOURCES.graphPermissions],
  },
  TOKEN_GROUP_CALENDAR: {
    severity: "fault",
    title: "Group calendars cannot be used without a signed-in member",
    see: [SOURCES.graphGroupEvents],
  },
  API_ISSUER_REFUSED: {
    severity: "fault",
    title: "The API expects tokens of another issuer",
    see: [SOURCES.accessTokens, SOURCES.accessTokenClaims],
  },
  API_AUDIENCE_REFUSED: {
    severity: "fault",
    title: "The API does not find itself in the token's audience",
    see: [SOURCES.accessTokens, SOURCES.accessTokenClaims],
  },
  API_SIGNATURE_REFUSED: {
    severity: "fault",
    title: "The API cannot verify the token's signature",
    see: [SOURCES.accessTokens],
  },
} as const satisfies FindingTable;

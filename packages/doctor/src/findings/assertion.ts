import type { FindingTable } from "../finding.ts";
import { SOURCES } from "./sources.ts";

const header = [SOURCES.certificateCredentials, SOURCES.rfc7515] as const;
const claims = [SOURCES.certificateCredentials, SOURCES.rfc7523] as const;

/** Findings about a client assertion: how it names its key, its signature, its shape and its claims. */
export const ASSERTION_FINDINGS = {
  ASSERTION_VALID: { severity: "ok", title: "The client assertion is well made", see: claims },
  ASSERTION_X5T_HEX_TEXT: {
    severity: "fault",
    title: "The thumbprint's hex digits were encoded as text, not its bytes",
    see: header,
  },
  ASSERTION_X5T_HEX_AS_BASE64: {
    severity: "fault",
    title: "The thumbprint was put into the header as hex digits",
    see: header,
  },
  ASSERTION_X5T_SEPARATORS: {
    severity: "fault",
    title: "The thumbprint kept colons, blanks or an invisible mark",
    see: header,
  },
  ASSERTION_X5T_ENCODED_TWICE: {
    severity: "fault",
    title: "The thumbprint was base64 encoded twice",
    see: header,
  },
  ASSERTION_X5T_UTF16: {
    severity: "fault",
    title: "The thumbprint's digits were encoded as UTF-16 text",
    see: header,
  },
  ASSERTION_X5T_SHA256: {
    severity: "fault",
    title: "x5t holds a SHA-256 thumbprint; it must hold SHA-1",
    see: header,
  },
  ASSERTION_X5T_S256_SHA1: {
    severity: "fault",
    title: "x5t#S256 holds a SHA-1 thumbprint; it must hold SHA-256",
    see: header,
  },
  ASSERTION_X5T_S256_CASING: {
    severity: "fault",
    title: "The header member must be spelled x5t#S256 with a capital S",
    see: header,
  },
  ASSERTION_X5T_NOT_BASE64URL: {
    severity: "fault",
    title: "The thumbprint is base64, not base64url",
    see: header,
  },
  ASSERTION_X5T_PADDED: {
    severity: "warning",
    title: "The thumbprint carries base64 padding",
    see: header,
  },
  ASSERTION_X5T_UNDECODABLE: {
    severity: "fault",
    title: "The thumbprint in the header cannot be decoded",
    see: header,
  },
  ASSERTION_X5T_WRONG_LENGTH: {
    severity: "fault",
    title: "The thumbprint has the wrong length",
    see: header,
  },
  ASSERTION_X5T_WHOLE_CERTIFICATE: {
    severity: "fault",
    title: "The certificate itself stands where its thumbprint belongs",
    see: header,
  },
  ASSERTION_X5T_KEY_ID: {
    severity: "fault",
    title: "The keyId of the registration stands where the thumbprint belongs",
    see: header,
  },
  ASSERTION_X5T_OF_PEM_TEXT: {
    severity: "fault",
    title: "The thumbprint is the hash of the PEM text, not of the DER certificate",
    see: header,
  },
  ASSERTION_X5T_OF_PUBLIC_KEY: {
    severity: "fault",
    title: "The thumbprint is the hash of the public key, not of the certificate",
    see: header,
  },
  ASSERTION_X5T_REVERSED: {
    severity: "fault",
    title: "The bytes of the thumbprint are in reverse order",
    see: header,
  },
  ASSERTION_X5T_OTHER_CERTIFICATE: {
    severity: "fault",
    title: "The assertion names another certificate than the one given here",
    see: header,
  },
  ASSERTION_CERTIFICATE_NOT_REGISTERED: {
    severity: "fault",
    title: "The certificate that signed is not registered on this application",
    see: [SOURCES.addCredentials, SOURCES.certificateCredentials],
  },
  ASSERTION_KEY_REFERENCE_UNKNOWN: {
    severity: "fault",
    title: "No registered key has the name that the assertion's header gives",
    see: header,
  },
  ASSERTION_X5C_NOT_TRUSTED: {
    severity: "warning",
    title: "x5c was sent, but the application does not trust by subject name and issuer",
    see: header,
  },
  ASSERTION_X5C_MISMATCH: {
    severity: "fault",
    title: "The first certificate in x5c is not the one that the thumbprint names",
    see: header,
  },
  ASSERTION_X5C_BROKEN: {
    severity: "fault",
    title: "x5c does not hold base64 DER certificates",
    see: header,
  },
  ASSERTION_KEY_EXPIRED: {
    severity: "fault",
    title: "The registered key is outside its dates",
    see: [SOURCES.addCredentials],
  },
  ASSERTION_KEY_NOT_YET_VALID: {
    severity: "fault",
    title: "The registered key is not valid yet",
    see: [SOURCES.addCredentials],
  },
  ASSERTION_SIGNATURE_MISMATCH: {
    severity: "fault",
    title: "The signature was not made by the private key of the certificate it names",
    see: claims,
  },
  ASSERTION_SIGNATURE_PADDING: {
    severity: "fault",
    title: "The signature uses another padding or hash than alg says",
    see: header,
  },
  ASSERTION_SIGNATURE_MISSING: {
    severity: "fault",
    title: "The assertion is not signed",
    see: claims,
  },
  ASSERTION_NO_KEY_REFERENCE: {
    severity: "fault",
    title: "The assertion's header names no certificate",
    see: header,
  },
  ASSERTION_ALG_UNSUPPORTED: {
    severity: "fault",
    title: "The signature algorithm is not one that Entra accepts",
    see: header,
  },
  ASSERTION_TYP_WRONG: { severity: "fault", title: "typ in the header must be JWT", see: header },
  ASSERTION_HEADER_UNSUPPORTED: {
    severity: "fault",
    title: "The header has a member that Entra does not take",
    see: header,
  },
  ASSERTION_NOT_JWT: { severity: "fault", title: "The assertion is not a compact JWT", see: claims },
  ASSERTION_NOT_BASE64URL: {
    severity: "fault",
    title: "The assertion's parts are base64, not base64url",
    see: [SOURCES.rfc7519],
  },
  ASSERTION_PADDED: {
    severity: "fault",
    title: "The assertion's parts carry base64 padding",
    see: [SOURCES.rfc7519],
  },
  ASSERTION_WHITESPACE: {
    severity: "fault",
    title: "The assertion has blanks or line breaks inside",
    see: [SOURCES.rfc7519],
  },
  ASSERTION_HEADER_NOT_JSON: {
    severity: "fault",
    title: "The assertion's header is not JSON",
    see: [SOURCES.rfc7519],
  },
  ASSERTION_PAYLOAD_NOT_JSON: {
    severity: "fault",
    title: "The assertion's payload is not JSON",
    see: [SOURCES.rfc7519],
  },
  ASSERTION_CLAIM_TYPE: { severity: "fault", title: "A claim has the wrong JSON type", see: claims },
  ASSERTION_AUD_ARRAY: {
    severity: "fault",
    title: "aud is an array; Entra takes one string only",
    see: claims,
  },
  ASSERTION_ISS_MISSING: { severity: "fault", title: "The assertion has no iss", see: claims },
  ASSERTION_SUB_MISSING: { severity: "fault", title: "The assertion has no sub", see: claims },
  ASSERTION_AUD_MISSING: { severity: "fault", title: "The assertion has no aud", see: claims },
  ASSERTION_EXP_MISSING: { severity: "fault", title: "The assertion has no exp", see: claims },
  ASSERTION_JTI_MISSING: { severity: "info", title: "The assertion has no jti", see: claims },
  ASSERTION_ISS_SUB_DIFFER: {
    severity: "fault",
    title: "iss and sub differ; both must be the client id",
    see: claims,
  },
  ASSERTION_CLIENT_MISMATCH: {
    severity: "fault",
    title: "The assertion speaks for another application than client_id",
    see: claims,
  },
  ASSERTION_ISS_NOT_CLIENT_ID: {
    severity: "fault",
    title: "iss is not a client id",
    see: claims,
  },
  ASSERTION_AUD_WRONG: {
    severity: "fault",
    title: "aud is not the token endpoint that was called",
    see: claims,
  },
  ASSERTION_AUD_EMPTY: { severity: "fault", title: "aud is empty", see: claims },
  ASSERTION_AUD_COMMON: {
    severity: "fault",
    title: "aud names /common, /organizations or /consumers instead of the tenant",
    see: claims,
  },
  ASSERTION_AUD_AUTHORIZE: {
    severity: "fault",
    title: "aud is the authorize endpoint, not the token endpoint",
    see: claims,
  },
  ASSERTION_AUD_RESOURCE: {
    severity: "fault",
    title: "aud is the API, not the token endpoint",
    see: claims,
  },
  ASSERTION_AUD_TENANT: {
    severity: "fault",
    title: "aud names another tenant than the address that was called",
    see: claims,
  },
  ASSERTION_AUD_CLOUD: {
    severity: "fault",
    title: "aud names another cloud than the address that was called",
    see: [SOURCES.nationalClouds, ...claims],
  },
  ASSERTION_AUD_REGIONAL: {
    severity: "fault",
    title: "aud names a regional host instead of the global one",
    see: claims,
  },
  ASSERTION_AUD_SLASH: {
    severity: "fault",
    title: "aud has a slash too many",
    see: claims,
  },
  ASSERTION_AUD_HTTP: { severity: "fault", title: "aud must begin with https", see: claims },
  ASSERTION_TIME_MILLISECONDS: {
    severity: "fault",
    title: "Times are in milliseconds; a JWT counts seconds",
    see: [SOURCES.rfc7519],
  },
  ASSERTION_TIME_LOCAL: {
    severity: "fault",
    title: "Local time was passed as UTC",
    see: [SOURCES.rfc7519],
  },
  ASSERTION_CLOCK_AHEAD: {
    severity: "fault",
    title: "The signing machine's clock is ahead",
    see: claims,
  },
  ASSERTION_EXPIRED: {
    severity: "fault",
    title: "The assertion was no longer valid when it arrived",
    see: claims,
  },
  ASSERTION_OUTDATED: {
    severity: "info",
    title: "The assertion is past its time now",
    see: claims,
  },
  ASSERTION_EXP_BEFORE_NBF: {
    severity: "fault",
    title: "exp lies before nbf",
    see: claims,
  },
  ASSERTION_EXP_IS_LIFETIME: {
    severity: "fault",
    title: "exp holds a lifetime, not a point in time",
    see: [SOURCES.rfc7519],
  },
  ASSERTION_LIFETIME_LONG: {
    severity: "info",
    title: "The assertion lives longer than it needs to",
    see: claims,
  },
  ASSERTION_SCOPE_CLAIM: {
    severity: "warning",
    title: "Permissions inside the assertion have no effect",
    see: [SOURCES.clientCredentials],
  },
  ASSERTION_JTI_FIXED: {
    severity: "info",
    title: "jti is not unique for each assertion",
    see: claims,
  },
  ASSERTION_PLACEHOLDER: {
    severity: "fault",
    title: "A placeholder was left in the assertion",
    see: claims,
  },
  ASSERTION_ENTRA_TOKEN: {
    severity: "fault",
    title: "A token issued by Entra was sent as client assertion",
    see: [SOURCES.federation],
  },
  ASSERTION_FEDERATED: {
    severity: "info",
    title: "The assertion comes from another issuer (federated credential)",
    see: [SOURCES.federation],
  },
  PROOF_AUDIENCE: {
    severity: "fault",
    title: "The proof's aud must be 00000002-0000-0000-c000-000000000000",
    see: [SOURCES.rollKey],
  },
  PROOF_ISSUER_CLIENT_ID: {
    severity: "fault",
    title: "The proof's iss must be the object id, not the client id",
    see: [SOURCES.rollKey],
  },
  PROOF_LIFETIME: {
    severity: "fault",
    title: "The proof lives longer than ten minutes",
    see: [SOURCES.rollKey],
  },
  PROOF_MALFORMED: {
    severity: "fault",
    title: "addKey or removeKey could not accept the proof",
    see: [SOURCES.rollKey],
  },
} as const satisfies FindingTable;

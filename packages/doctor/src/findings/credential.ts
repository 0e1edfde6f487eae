import type { FindingTable } from "../finding.ts";
import { SOURCES } from "./sources.ts";

const entry = [SOURCES.keyCredential, SOURCES.addCertificate] as const;

/** Findings about certificates, keys, thumbprints and the manifest that registers them. */
export const CREDENTIAL_FINDINGS = {
  CERTIFICATE_VALID: {
    severity: "ok",
    title: "The certificate can be used for sign-in",
    see: [SOURCES.certificateCredentials],
  },
  CERTIFICATE_EXPIRED: {
    severity: "fault",
    title: "The certificate has expired",
    see: [SOURCES.addCredentials],
  },
  CERTIFICATE_NOT_YET_VALID: {
    severity: "fault",
    title: "The certificate is not valid yet",
    see: [SOURCES.addCredentials],
  },
  CERTIFICATE_EXPIRES_SOON: {
    severity: "warning",
    title: "The certificate expires soon",
    see: [SOURCES.rollKey],
  },
  CERTIFICATE_NOT_RSA: {
    severity: "fault",
    title: "The certificate's key is not RSA; Entra accepts RSA only",
    see: [SOURCES.selfSigned],
  },
  CERTIFICATE_KEY_SHORT: {
    severity: "fault",
    title: "The certificate's RSA key is shorter than 2048 bits",
    see: [SOURCES.selfSigned],
  },
  CERTIFICATE_SHA1_SIGNATURE: {
    severity: "warning",
    title: "The certificate itself is signed with SHA-1 or MD5",
    see: [SOURCES.selfSigned],
  },
  CERTIFICATE_WITHOUT_KEY: {
    severity: "info",
    title: "Only the public certificate is here; the private key is not in this input",
    see: [SOURCES.certificateCredentials],
  },
  CERTIFICATE_UNREADABLE: {
    severity: "fault",
    title: "The certificate cannot be read",
    see: [SOURCES.addCredentials],
  },
  CERTIFICATE_CHAIN_ORDER: {
    severity: "fault",
    title: "The issuer stands before the leaf certificate",
    see: [SOURCES.certificateCredentials],
  },
  KEY_MISMATCH: {
    severity: "fault",
    title: "The private key does not belong to the certificate",
    see: [SOURCES.certificateCredentials],
  },
  KEY_MATCHES: {
    severity: "ok",
    title: "The private key belongs to the certificate",
    see: [SOURCES.certificateCredentials],
  },
  KEY_WITHOUT_CERTIFICATE: {
    severity: "info",
    title: "A private key without its certificate",
    see: [SOURCES.certificateCredentials],
  },
  KEY_ENCRYPTED: {
    severity: "info",
    title: "The private key is encrypted and no passphrase was given",
    see: [SOURCES.certificateCredentials],
  },
  KEY_PASSPHRASE_WRONG: {
    severity: "fault",
    title: "The passphrase does not open the key",
    see: [SOURCES.certificateCredentials],
  },
  KEY_NOT_RSA: {
    severity: "fault",
    title: "The private key is not RSA; Entra accepts RSA only",
    see: [SOURCES.selfSigned],
  },
  KEY_UNREADABLE: {
    severity: "fault",
    title: "The private key cannot be read",
    see: [SOURCES.certificateCredentials],
  },
  PEM_NEWLINES_ESCAPED: {
    severity: "fault",
    title: "The PEM text holds \\n as two characters instead of line breaks",
    see: [SOURCES.certificateCredentials],
  },
  PEM_NEWLINES_LOST: {
    severity: "fault",
    title: "The PEM text has lost its line breaks",
    see: [SOURCES.certificateCredentials],
  },
  PEM_CUT: {
    severity: "fault",
    title: "The PEM text ends before its END line",
    see: [SOURCES.certificateCredentials],
  },
  PEM_CERTIFICATE_REQUEST: {
    severity: "fault",
    title: "This is a certificate request, not a certificate",
    see: [SOURCES.addCredentials],
  },
  PFX_LEGACY_CIPHER: {
    severity: "fault",
    title: "The PFX uses an old cipher that OpenSSL 3 has switched off",
    see: [SOURCES.opensslProviders],
  },
  PFX_PASSPHRASE: {
    severity: "fault",
    title: "The PFX cannot be opened with this passphrase",
    see: [SOURCES.certificateCredentials],
  },
  PFX_NEEDS_PASSPHRASE: {
    severity: "info",
    title: "A PFX file; give its passphrase to look inside",
    see: [SOURCES.certificateCredentials],
  },
  PFX_UNREADABLE: {
    severity: "fault",
    title: "The PFX cannot be read",
    see: [SOURCES.certificateCredentials],
  },
  THUMBPRINT_READ: {
    severity: "info",
    title: "A certificate thumbprint",
    see: [SOURCES.rfc7515],
  },
  THUMBPRINT_INVISIBLE_MARK: {
    severity: "warning",
    title: "The thumbprint begins with an invisible mark",
    see: [SOURCES.rfc7515],
  },
  THUMBPRINT_HEX_OF_TEXT: {
    severity: "fault",
    title: "These are the hex digits of a text that is itself hex digits",
    see: [SOURCES.rfc7515],
  },
  THUMBPRINT_MATCHES: {
    severity: "ok",
    title: "The thumbprint belongs to the certificate given",
    see: [SOURCES.rfc7515],
  },
  THUMBPRINT_OTHER_CERTIFICATE: {
    severity: "fault",
    title: "The thumbprint does not belong to the certificate given",
    see: [SOURCES.rfc7515],
  },
  MANIFEST_VALID: { severity: "ok", title: "The manifest's credentials are well formed", see: entry },
  MANIFEST_NOT_JSON: { severity: "fault", title: "The manifest is not valid JSON", see: [SOURCES.manifest] },
  MANIFEST_NO_KEYS: {
    severity: "warning",
    title: "The manifest registers no certificate",
    see: [SOURCES.addCredentials],
  },
  MANIFEST_OLD_FORMAT: {
    severity: "info",
    title: "The manifest is in the Azure AD Graph format, which the portal no longer takes",
    see: [SOURCES.manifestFormats],
  },
  MANIFEST_MIXED_FORMATS: {
    severity: "fault",
    title: "The entry mixes the members of both manifest formats",
    see: [SOURCES.manifestFormats],
  },
  MANIFEST_DATES_MISSING: {
    severity: "warning",
    title: "The entry has no start and end date",
    see: entry,
  },
  MANIFEST_DATES_OUTSIDE_CERTIFICATE: {
    severity: "fault",
    title: "The entry's dates lie outside those of the certificate",
    see: entry,
  },
  MANIFEST_DATES_DIFFER: {
    severity: "warning",
    title: "The entry's dates are not those of the certificate",
    see: entry,
  },
  MANIFEST_DATE_MALFORMED: {
    severity: "fault",
    title: "A date of the entry is not an ISO 8601 UTC time",
    see: entry,
  },
  MANIFEST_KEY_EXPIRED: { severity: "fault", title: "The registered key has expired", see: entry },
  MANIFEST_KEY_NOT_YET_VALID: {
    severity: "fault",
    title: "The registered key is not valid yet",
    see: entry,
  },
  MANIFEST_VALUE_PEM: {
    severity: "fault",
    title: "The entry's value holds PEM text; it must be the bare base64 of the DER certificate",
    see: entry,
  },
  MANIFEST_VALUE_BASE64_OF_PEM: {
    severity: "warning",
    title: "The entry's value is the base64 of the PEM text, not of the DER certificate",
    see: entry,
  },
  MANIFEST_VALUE_NOT_CERTIFICATE: {
    severity: "fault",
    title: "The entry's value is not a certificate",
    see: entry,
  },
  MANIFEST_VALUE_PRIVATE_KEY: {
    severity: "fault",
    title: "The entry's value holds a private key",
    see: entry,
  },
  MANIFEST_VALUE_LINE_BREAKS: {
    severity: "warning",
    title: "The entry's value has line breaks inside",
    see: entry,
  },
  MANIFEST_VALUE_MISSING: {
    severity: "warning",
    title: "The entry has no certificate in it",
    see: entry,
  },
  MANIFEST_IDENTIFIER_OTHER_CERTIFICATE: {
    severity: "warning",
    title: "customKeyIdentifier is not the thumbprint of the entry's certificate",
    see: entry,
  },
  MANIFEST_IDENTIFIER_LONG: {
    severity: "fault",
    title: "customKeyIdentifier is longer than 32 bytes",
    see: entry,
  },
  MANIFEST_IDENTIFIER_MALFORMED: {
    severity: "warning",
    title: "customKeyIdentifier is not a thumbprint",
    see: entry,
  },
  MANIFEST_CERTIFICATE_AMONG_PASSWORDS: {
    severity: "fault",
    title: "The certificate stands in passwordCredentials instead of keyCredentials",
    see: entry,
  },
  MANIFEST_TYPE_WRONG: {
    severity: "fault",
    title: "The entry's type must be AsymmetricX509Cert",
    see: entry,
  },
  MANIFEST_USAGE_WRONG: { severity: "fault", title: "The entry's usage must be Verify", see: entry },
  MANIFEST_KEY_ID_MALFORMED: { severity: "fault", title: "keyId is not a GUID", see: entry },
  MANIFEST_KEY_ID_DUPLICATE: { severity: "fault", title: "Two entries share one keyId", see: entry },
  MANIFEST_DISPLAY_NAME_LONG: {
    severity: "fault",
    title: "displayName is longer than 90 characters",
    see: entry,
  },
  MANIFEST_PLACEHOLDER: { severity: "fault", title: "A placeholder was left in the manifest", see: entry },
  MANIFEST_DELEGATED_ONLY: {
    severity: "warning",
    title: "The manifest asks for delegated permissions only",
    see: [SOURCES.adminConsent, SOURCES.graphPermissions],
  },
  MANIFEST_NO_PERMISSIONS: {
    severity: "info",
    title: "The manifest asks for no application permission",
    see: [SOURCES.adminConsent, SOURCES.graphPermissions],
  },
  MANIFEST_PUBLIC_CLIENT: {
    severity: "warning",
    title: "The application is marked as public client",
    see: [SOURCES.manifest],
  },
  MANIFEST_OTHER_APPLICATION: {
    severity: "fault",
    title: "The manifest is of another application than the sign-in",
    see: [SOURCES.manifest],
  },
  MANIFEST_KEYS_WOULD_BE_LOST: {
    severity: "fault",
    title: "The update would delete registered keys",
    see: entry,
  },
  MANIFEST_REFUSED: {
    severity: "fault",
    title: "The directory refused the key credential",
    see: entry,
  },
  REGISTERED_KEY_MATCHES: {
    severity: "ok",
    title: "The certificate is registered in the manifest",
    see: entry,
  },
} as const satisfies FindingTable;
